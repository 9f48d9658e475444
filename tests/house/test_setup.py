"""The set-up where Python has no venv: it installs Debian's package if it may, else names it and stops.

The machine is played by programs of the same names, first on PATH; the script is the real one.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON_WITHOUT_VENV = """
case "$1" in
    -c) exit 0 ;;
    -m) [ -e "$MACHINE/installed" ] || { echo "ensurepip is not available"; exit 1; }
        mkdir -p .venv/bin; touch "$MACHINE/made"; exit 0 ;;
esac
"""
APT = 'echo "$@" >> "$MACHINE/apt"; case "$*" in *python3-venv*) touch "$MACHINE/installed" ;; esac'


@pytest.fixture
def machine(tmp_path: pathlib.Path) -> pathlib.Path:
    """Make a checkout with nothing but the script, and a machine of stand-ins around it."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    for name in ("python3.11", "python3", "python3.12", "python3.13", "python3.14"):
        install(tmp_path, name, PYTHON_WITHOUT_VENV)
    install(tmp_path, "apt-get", APT)
    install(tmp_path, "sudo", "echo 'sudo: a password is required' >&2; exit 1")
    install(tmp_path, "id", "echo 1000")
    return tmp_path


def install(machine: pathlib.Path, name: str, script: str) -> None:
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


def set_up(machine: pathlib.Path) -> "subprocess.CompletedProcess[str]":
    path = f"{machine / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "MACHINE": str(machine), "HOME": str(machine)}
    command = [str(machine / "tools" / "setup.sh"), "runtime"]
    return subprocess.run(command, cwd=machine, env=environment, check=False, capture_output=True, text=True)


def test_without_root_it_stops_and_names_the_package(machine: pathlib.Path) -> None:
    result = set_up(machine)
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
    assert not (machine / "apt").exists()
    assert not (machine / ".venv").exists()


def test_root_installs_the_package_and_goes_on(machine: pathlib.Path) -> None:
    install(machine, "id", "echo 0")
    set_up(machine)
    assert "install -y -qq --no-install-recommends python3-venv" in (machine / "apt").read_text(
        encoding="utf-8"
    )
    assert (machine / "made").exists()


def test_sudo_without_a_password_serves_as_well(machine: pathlib.Path) -> None:
    install(machine, "sudo", 'shift; [ "$1" = true ] || "$@"')
    set_up(machine)
    assert "python3-venv" in (machine / "apt").read_text(encoding="utf-8")
    assert (machine / "made").exists()


def test_without_a_python_new_enough_it_says_which(machine: pathlib.Path) -> None:
    for program in (machine / "bin").glob("python3*"):
        install(machine, program.name, "exit 1")
    result = set_up(machine)
    assert result.returncode == 1
    assert "no Python 3.11 or newer found" in result.stderr
