"""The arrows of the house hold, and each contract is seen to catch what it forbids.

Every case plants one forbidden import in a copy of the code, in folders it makes where they do not exist yet.
"""

import dataclasses
import pathlib
import shutil
import subprocess
import sys
import tomllib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINT_IMPORTS = pathlib.Path(sys.executable).with_name("lint-imports")


@dataclasses.dataclass(frozen=True)
class Plant:
    """One violation: the contract that must catch it, and what is written into which modules."""

    contract: str
    modules: dict[str, str]


PLANTS = {
    "engine imports the portal": Plant(
        "arrows", {"tera/engine/planted.py": "import tera.portal.planted", "tera/portal/planted.py": ""}
    ),
    "intake imports the portal": Plant(
        "arrows", {"tera/intake/planted.py": "import tera.portal.planted", "tera/portal/planted.py": ""}
    ),
    "a package has no place": Plant("arrows", {"tera/planted.py": ""}),
    "verifier imports the engine": Plant("verifier", {"tera/verifier/planted.py": "import tera.engine"}),
    "engine imports Django": Plant("pure", {"tera/engine/planted.py": "import django"}),
    "engine imports a database": Plant("pure", {"tera/engine/planted.py": "import psycopg"}),
    "ledger imports surveys": Plant(
        "apps",
        {"tera/portal/ledger/planted.py": "import tera.portal.surveys.planted",
         "tera/portal/surveys/planted.py": ""},
    ),
    "an app has no place": Plant("apps", {"tera/portal/planted/__init__.py": ""}),
    "models import views": Plant(
        "inside",
        {"tera/portal/units/models/planted.py": "import tera.portal.units.views.planted",
         "tera/portal/units/views/planted.py": ""},
    ),
    "public page writes": Plant(
        "public",
        {"tera/portal/public/planted.py": "import tera.portal.surveys.actions.planted",
         "tera/portal/surveys/actions/planted.py": ""},
    ),
    "modules go in a circle": Plant(
        "circles",
        {"tera/engine/planted.py": "import tera.engine.planted_too",
         "tera/engine/planted_too.py": "import tera.engine.planted"},
    ),
}  # fmt: skip


def contracts() -> dict[str, str]:
    """Return the name of every contract by its id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {each["id"]: each["name"] for each in settings["tool"]["importlinter"]["contracts"]}


def lint(folder: pathlib.Path) -> "subprocess.CompletedProcess[str]":
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    """Copy the code, without what is not Python's."""
    kept = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    shutil.copytree(ROOT / "tera", tmp_path / "tera", ignore=kept)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder: pathlib.Path, name: str, text: str) -> None:
    """Write a module, turning a module of the same name into a package and making packages on the way."""
    path = folder / name
    for parent in reversed([each for each in path.relative_to(folder).parents if each.name]):
        package = folder / parent
        if package.with_suffix(".py").exists():
            package.mkdir()
            package.with_suffix(".py").rename(package / "__init__.py")
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    path.write_text(f"{text}\n", encoding="utf-8")


def test_the_house_as_it_stands_keeps_every_contract() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_violation_here() -> None:
    assert {each.contract for each in PLANTS.values()} == {*contracts()}


@pytest.mark.parametrize("case", PLANTS)
def test_a_planted_violation_is_caught(copy: pathlib.Path, case: str) -> None:
    for name, text in PLANTS[case].modules.items():
        plant(copy, name, text)
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contracts()[PLANTS[case].contract]} BROKEN" in result.stdout
