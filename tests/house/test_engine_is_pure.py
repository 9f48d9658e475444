"""The engine has no clock, chance, file or float; the verifier imports Python's own library only.

import-linter sees imports of packages. These tests see what it cannot: built-in functions, literals, names.
"""

import ast
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINE = sorted((ROOT / "tera" / "engine").rglob("*.py"))
VERIFIER = sorted((ROOT / "tera" / "verifier").rglob("*.py"))
OWN = {"tera.engine", "tera.law", "tera.instruments", "tera.checklists"}
FORBIDDEN_MODULES = {"io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "uuid"}
FORBIDDEN_CALLS = {"open", "float", "round", "print", "input", "eval", "exec", "__import__"}
FORBIDDEN_METHODS = {"now", "today", "utcnow", "read_text", "read_bytes", "write_text", "write_bytes"}


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "tera":
        return [f"tera.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []


def import_fault(name: str, own: set[str]) -> str | None:
    if any(name == package or name.startswith(f"{package}.") for package in own):
        return None
    top = name.partition(".")[0]
    if top not in sys.stdlib_module_names:
        return f"imports {name}, which is not Python's library"
    return f"imports {name}" if own and top in FORBIDDEN_MODULES else None


def call_fault(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=float() | complex() as value):
            return f"float {value}"
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
            return f"calls {name}()"
        case ast.Call(func=ast.Attribute(attr=name)) if name in FORBIDDEN_METHODS:
            return f"calls .{name}()"
    return None


def faults(source: str) -> list[str]:
    """Return every impurity of an engine module as `line: what`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        reasons = [import_fault(name, OWN) for name in imported(node)] + [call_fault(node)]
        found += [f"{getattr(node, 'lineno', 0)}: {reason}" for reason in reasons if reason]
    return found


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.stem)
def test_engine_module_is_pure(path: pathlib.Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from os import path",
        "import numpy",
        "import tera.portal",
        "from tera import portal",
        "open('x')",
        "x = 0.5",
        "float('1')",
        "round(x, 2)",
        "datetime.now()",
    ],
)
def test_impurity_is_seen(source: str) -> None:
    assert len(faults(source)) == 1


@pytest.mark.parametrize(
    "source", ["from fractions import Fraction", "import tera.law", "from tera.engine import number"]
)
def test_purity_is_left_alone(source: str) -> None:
    assert faults(source) == []


def test_verifier_imports_only_the_standard_library() -> None:
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in VERIFIER}
    names = [
        (file, name) for file, tree in trees.items() for node in ast.walk(tree) for name in imported(node)
    ]
    assert [found for found in names if import_fault(found[1], set())] == []
