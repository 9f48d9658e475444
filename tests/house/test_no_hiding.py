"""No test is skipped, excused or fed a stand-in for our own code: what it says it saw, it saw."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Built from parts, so that this file does not find itself.
NEEDLES = [
    "pytest." + "skip",
    "mark." + "skip",
    "unittest." + "skip",
    "Skip" + "Test",
    "x" + "fail(",
    "mark.x" + "fail",
    "import" + "orskip",
    "collect_" + "ignore",
    "unittest." + "mock",
    "import " + "mock",
    "mocker" + ".",
    "monkeypatch." + "setattr",
    "monkeypatch." + "delattr",
    "monkeypatch." + "setitem",
]


def hiding(text: str) -> list[str]:
    return [needle for needle in NEEDLES if needle in text]


def test_no_test_hides_anything() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert len(files) > 5
    found = {path.name: hiding(path.read_text(encoding="utf-8")) for path in files}
    assert {name: needles for name, needles in found.items() if needles} == {}


def test_hiding_is_seen() -> None:
    for needle in NEEDLES:
        assert needle in hiding(f"    @{needle}\n")
