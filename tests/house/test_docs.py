"""What the documents tell people to type exists, and what they link to is there."""

import pathlib
import re
import subprocess
import sys
from types import ModuleType

import pytest

from tools import proposals, workflow

ROOT = pathlib.Path(__file__).resolve().parents[2]
HIDDEN = {".venv", ".tools", ".git", "node_modules"}
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not HIDDEN & {*path.relative_to(ROOT).parts})
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:^|[\s;&(])make ([a-z][a-z-]*)")
TERA = re.compile(r"(?:^|[\s/;&(])tera ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def code(document: pathlib.Path) -> str:
    """Return what a document shows as something to type: fenced blocks and code in a line."""
    text = document.read_text(encoding="utf-8")
    return "\n".join([*FENCED.findall(text), *INLINE.findall(FENCED.sub("", text))])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_make_targets_in_documents_exist(path: pathlib.Path) -> None:
    targets = {*TARGET.findall(makefile())}
    assert {"demo", "test", "check"} <= targets
    assert {*MAKE.findall(code(path))} - targets == set()


def test_every_target_says_what_it_does() -> None:
    targets = {
        name for line in re.findall(r"^\.PHONY: (.+)$", makefile(), re.MULTILINE) for name in line.split()
    }
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert targets == {*MAKE.findall(listed)}


def test_verbs_in_readme_exist() -> None:
    command = [sys.executable, "-m", "tera", "--help"]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    verbs = {*TERA.findall(code(ROOT / "README.md"))} | {"demo", "index"}
    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", shown)} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_resolve(path: pathlib.Path) -> None:
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    targets = [link.partition("#")[0] for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = {path.name for path in folder.glob("*.md")} - {"README.md"}
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8")) if decisions else []
    assert decisions - {*listed} == set()


@pytest.mark.parametrize("made", [workflow, proposals], ids=["workflow", "proposals"])
def test_the_way_of_a_case_is_shown_as_its_table_says(made: ModuleType) -> None:
    """`make workflow` writes the files; whoever changes a table shows what it means."""
    shown = (ROOT / "docs" / f"{made.__name__.rpartition('.')[2]}.md").read_text(encoding="utf-8")
    assert shown.splitlines() == [*made.document()]
