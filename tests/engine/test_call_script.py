"""What is said to those who are called back is data, and read strictly."""

import pytest

from tera import checklists
from tera.engine.call_script import parse
from tera.engine.schema import SchemaError

SCRIPT = checklists.read("call-back-1", "script.toml")


def test_the_script_says_who_calls_why_and_that_nobody_must() -> None:
    script = parse(SCRIPT)
    assert script.id == "call-back-1"
    assert [line.code for line in script.lines][:3] == ["WHO", "WHY", "VOLUNTARY"]
    for line in script.lines:
        assert {*line.says} == {"id", "en"}
        assert not line.then or {*line.then} == {"id", "en"}
        said = {
            language: text.format(office="A", unit="B", period="C") for language, text in line.says.items()
        }
        assert "{" not in "".join(said.values())


def test_a_script_is_pinned_by_its_text() -> None:
    assert parse(SCRIPT).sha256 != parse(SCRIPT + "\n# lain\n").sha256


@pytest.mark.parametrize(
    ("old", "new"), [('code = "WHY"', 'code = "WHO"'), ("then =", "than ="), ("title =", "judul =")]
)
def test_a_key_that_nobody_knows_is_refused(old: str, new: str) -> None:
    with pytest.raises(SchemaError):
        parse(SCRIPT.replace(old, new, 1))
