"""The way from answers to a published result is one table, and nothing else leads anywhere."""

import tomllib
from pathlib import Path

import pytest

from tera.engine.transition import NotAllowed
from tera.engine.workflow import (
    DEEDS,
    ENDS,
    PROGRAM,
    TABLE,
    Condition,
    Stage,
    decide,
    deeds_at,
    diagram,
)

PERMISSIONS = Path(__file__).parents[2] / "tera/portal/accounts/permissions.toml"
EVERYTHING = frozenset(Condition)
EDGES = [(row.deed, source, row.target) for row in TABLE for source in row.sources]
ELSEWHERE = [(row.deed, stage) for row in TABLE for stage in Stage if stage not in row.sources]
NEEDED = [(row.deed, source, one) for row in TABLE for source in row.sources for one in row.conditions]


def reached_from(stage: Stage) -> set[Stage]:
    """Return every stage to which deeds lead from one, that one included."""
    found, todo = {stage}, [stage]
    while todo:
        here = todo.pop()
        further = {target for _, source, target in EDGES if source == here} - found
        found |= further
        todo += further
    return found


def test_every_stage_is_reached_from_the_first_answers() -> None:
    assert reached_from(Stage.COLLECTED) == set(Stage)


def test_only_a_rejected_and_a_published_survey_have_no_way_on() -> None:
    assert {*ENDS} == {Stage.REJECTED, Stage.PUBLISHED}
    assert deeds_at(Stage.REJECTED) == ()
    assert [row.deed for row in deeds_at(Stage.PUBLISHED)] == ["correct"]


def test_every_other_survey_can_still_be_published() -> None:
    assert {stage for stage in Stage if Stage.PUBLISHED not in reached_from(stage)} == {Stage.REJECTED}


def test_nothing_is_certified_without_verification_but_alone_or_imported() -> None:
    past = [row for row in TABLE if row.target == Stage.CERTIFIED and row.sources != (Stage.VERIFIED,)]
    special = {Condition.NO_OFFICE_ABOVE, Condition.IMPORTED, Condition.LATE_EXCLUSION}
    assert {row.deed for row in past} == {"certify-alone", "certify-imported", "correct"}
    assert all(special & set(row.conditions) for row in past)


def test_no_two_rows_have_a_name_in_common() -> None:
    assert len(DEEDS) == len(TABLE)


@pytest.mark.parametrize(("deed", "source", "target"), EDGES)
def test_a_deed_leads_where_the_table_says(deed: str, source: Stage, target: Stage) -> None:
    row = decide(deed, source, EVERYTHING)
    assert (row.deed, row.target) == (deed, target)
    assert decide(deed, source, DEEDS[deed].conditions) == row


@pytest.mark.parametrize(("deed", "stage"), ELSEWHERE)
def test_at_every_other_stage_it_is_refused_whatever_holds(deed: str, stage: Stage) -> None:
    with pytest.raises(NotAllowed, match=f"it is at {stage}") as refused:
        decide(deed, stage, EVERYTHING)
    assert (refused.value.deed, refused.value.stage, refused.value.missing) == (deed, stage, ())


@pytest.mark.parametrize(("deed", "source", "condition"), NEEDED)
def test_each_condition_alone_stops_it_and_is_named(deed: str, source: Stage, condition: Condition) -> None:
    with pytest.raises(NotAllowed, match=f"needs {condition}") as refused:
        decide(deed, source, EVERYTHING - {condition})
    assert refused.value.missing == (condition,)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(NotAllowed) as refused:
        decide("verify", Stage.IN_VERIFICATION, ())
    assert refused.value.missing == DEEDS["verify"].conditions


def test_there_is_no_deed_beside_the_table() -> None:
    with pytest.raises(KeyError):
        decide("un-publish", Stage.PUBLISHED, EVERYTHING)


def test_permissions_of_the_table_exist() -> None:
    law = tomllib.loads(PERMISSIONS.read_text(encoding="utf-8"))
    known = {entry["id"] for entry in law["permission"]}
    assert {row.permission for row in TABLE if row.permission != PROGRAM} <= known


def test_every_condition_is_asked_for_somewhere() -> None:
    assert {one for row in TABLE for one in row.conditions} == EVERYTHING


def test_the_diagram_shows_every_row_and_both_ends() -> None:
    lines = [line.strip() for line in diagram()]
    arrows = {f"{source} --> {target}: {deed}" for deed, source, target in EDGES}
    ends = {"[*] --> COLLECTED", "REJECTED --> [*]", "PUBLISHED --> [*]"}
    assert lines[0] == "stateDiagram-v2"
    assert set(lines[1:]) == arrows | ends
    assert len(lines) == 1 + len(arrows) + len(ends)
