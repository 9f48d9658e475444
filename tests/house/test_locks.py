"""A lock file holds names, versions and hashes, never an address: each machine knows where it fetches."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PINNED = sorted(ROOT.glob("requirements*.lock"))
PACKAGE_LOCKS = [
    path for path in ROOT.rglob("package-lock.json") if not {"node_modules", ".tools"} & {*path.parts}
]
HOST = re.compile(r"\b[a-z0-9-]+\.(com|org|net|io|dev|id|cloud)\b|\blocalhost\b|\b\d+\.\d+\.\d+\.\d+:\d+\b")
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
DEPENDENCY = re.compile(r'^  "(?P<name>[A-Za-z0-9-]+)(\[[a-z,]+\])?[<>=~!].*"')


def test_there_are_locks_for_running_for_testing_and_for_the_installer() -> None:
    names = {path.name for path in PINNED}
    assert {"requirements.lock", "requirements-dev.lock", "requirements-uv.lock"} <= names


@pytest.mark.parametrize("path", [*PINNED, *PACKAGE_LOCKS], ids=lambda path: path.name)
def test_lock_names_no_address(path: pathlib.Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "://" in line or HOST.search(line)] == []


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path: pathlib.Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not REQUIREMENT.match(line) and not HASH.match(line)] == []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if REQUIREMENT.match(line):
            assert HASH.match(following), f"{line} has no hash"


def test_locks_agree_on_versions() -> None:
    versions: dict[str, set[str]] = {}
    for path in PINNED:
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := REQUIREMENT.match(line):
                versions.setdefault(found["name"], set()).add(found["version"])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    dependencies = [line for line in lines if DEPENDENCY.match(line)]
    assert len(dependencies) > 10
    assert [line for line in dependencies if not re.search(r'",\s+# \w+', line)] == []
