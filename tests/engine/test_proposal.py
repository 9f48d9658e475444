"""The way from a unit's results to a title is one table, and a correction can always be answered."""

import tomllib
from pathlib import Path

import pytest

from tera.engine.proposal import (
    CORRECTING,
    DEEDS,
    ENDED,
    FIXING,
    PROPOSING,
    PUBLIC,
    TABLE,
    Condition,
    Stage,
    decide,
    deeds_at,
    diagram,
)
from tera.engine.transition import NotAllowed

PERMISSIONS = Path(__file__).parents[2] / "tera/portal/accounts/permissions.toml"
EVERYTHING = frozenset(Condition)
RESTING = set(Stage) - {Stage.DRAFT, Stage.INVITED, *ENDED}


def sources(deed: str) -> tuple[Stage | None, ...]:
    return DEEDS[deed].sources or (None,)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_leads_where_the_table_says_and_from_nowhere_else(deed: str) -> None:
    row = DEEDS[deed]
    for source in (None, *Stage):
        if source in sources(deed):
            assert decide(deed, source, row.conditions) == row
        else:
            with pytest.raises(NotAllowed, match=f"{deed} may happen at"):
                decide(deed, source, EVERYTHING)


@pytest.mark.parametrize("deed", DEEDS)
def test_each_condition_alone_stops_it_and_is_named(deed: str) -> None:
    for condition in DEEDS[deed].conditions:
        with pytest.raises(NotAllowed, match=f"needs {condition}") as refused:
            decide(deed, sources(deed)[0], EVERYTHING - {condition})
        assert refused.value.missing == (condition,)


def test_every_stage_is_reached_from_the_beginning() -> None:
    found = {row.target for row in TABLE if not row.sources}
    while more := {row.target for row in TABLE if found & set(row.sources)} - found:
        found |= more
    assert found == set(Stage)
    assert {stage for stage in Stage if not deeds_at(stage)} == set(ENDED)


def test_a_corrected_result_can_be_answered_wherever_a_proposal_rests_upon_one() -> None:
    answers = [row for row in TABLE if Condition.IN_CONFLICT in row.conditions]
    assert {source for row in answers for source in row.sources} == RESTING
    assert all(row.deed in FIXING for row in answers)
    assert all(Condition.NOTE_GIVEN in row.conditions for row in answers)


def test_nobody_goes_on_with_a_proposal_whose_results_were_corrected() -> None:
    onward = {"recommend", "propose", "send", "grant"}
    assert {row.deed for row in TABLE if Condition.IN_AGREEMENT in row.conditions} == onward


def test_whoever_is_put_forward_meets_every_criterion_by_two_layers() -> None:
    both = {Condition.INSPECTORATE_MET, Condition.MINISTRY_MET, Condition.INSPECTORATE_FOR}
    assert {row.deed for row in TABLE if both <= set(row.conditions)} == set(PROPOSING)


def test_what_was_proposed_is_corrected_by_name() -> None:
    after = {Stage.PROPOSED, Stage.SENT, Stage.GRANTED}
    assert {row.deed for row in TABLE if row.sources and set(row.sources) <= after} >= set(CORRECTING)
    assert all(set(DEEDS[deed].sources) <= after for deed in CORRECTING)


def test_only_decisions_are_published() -> None:
    assert {Stage.DRAFT, Stage.INVITED, Stage.SUBMITTED, Stage.RECOMMENDED, Stage.WITHDRAWN}.isdisjoint(
        PUBLIC
    )


def test_permissions_of_the_table_exist_and_every_condition_is_asked_for() -> None:
    law = tomllib.loads(PERMISSIONS.read_text(encoding="utf-8"))
    assert {row.permission for row in TABLE} <= {entry["id"] for entry in law["permission"]}
    assert {one for row in TABLE for one in row.conditions} == EVERYTHING


def test_the_diagram_shows_every_row() -> None:
    lines = [line.strip() for line in diagram()]
    arrows = {f"{source} --> {row.target}: {row.deed}" for row in TABLE for source in row.sources}
    assert arrows <= set(lines)
    assert {"[*] --> DRAFT: begin", "[*] --> INVITED: invite", "REVOKED --> [*]"} <= set(lines)
