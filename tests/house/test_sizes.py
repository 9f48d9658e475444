"""Files and functions stay small enough to read in one sitting, and say in their name what they hold."""

import ast
import pathlib
import statistics

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("tera", "tools", "tests", "benchmarks", "demo")
FILES = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
)
FILE_LINES = 400
LONGER = {"tests": 500, "tera/verifier": 560}  # one file, which an outsider reads
MEDIAN_LINES = 80
FUNCTION_LINES = 50
DRAWERS = {
    *("base", "common", "core", "data", "handler", "handlers", "helper", "helpers", "info", "manager"),
    *("managers", "misc", "processor", "service", "services", "shared", "signals", "temp", "tools"),
    *("util", "utils"),
}


def line_count(path: pathlib.Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def limit(path: pathlib.Path) -> int:
    name = path.relative_to(ROOT).as_posix()
    return next((lines for folder, lines in LONGER.items() if name.startswith(folder)), FILE_LINES)


def test_no_file_is_too_long() -> None:
    too_long = {str(path): line_count(path) for path in FILES if line_count(path) > limit(path)}
    assert too_long == {}


def test_most_files_are_short() -> None:
    lengths = [line_count(path) for path in FILES if path.is_relative_to(ROOT / "tera")]
    assert statistics.median(length for length in lengths if length) <= MEDIAN_LINES


def test_no_file_is_a_drawer() -> None:
    named = [path for path in FILES if path.stem in DRAWERS or path.stem.startswith("new_")]
    folders = [path for path in FILES if DRAWERS & {*path.relative_to(ROOT).parts[1:-1]}]
    assert named + folders == []


def test_no_function_is_too_long() -> None:
    too_long = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines")
    assert too_long == []
