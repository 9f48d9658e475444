"""Who may take a survey which step: each row of the workflow's table, done by everybody, in one table.

What is expected is read from permissions.toml by a few lines of its own, not by the program's.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tera.engine.catalogue import get_checklist
from tera.engine.workflow import DEEDS, PROGRAM, TABLE, Condition, Row, Stage
from tera.intake.exporting import list_held
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import FILE
from tera.portal.ledger.actions import place_all
from tera.portal.ledger.models import Event
from tera.portal.results import actions as results
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason
from tera.portal.review.asking.actions import resubmit
from tera.portal.review.checks.actions import Filled, assess
from tera.portal.review.meetings.actions import Attendee, attend, end, open_meeting, put_on_agenda
from tera.portal.review.meetings.item.actions import decide
from tera.portal.review.models import Item, Meeting
from tera.portal.review.models.checks import Layer
from tera.portal.review.models.meeting import Decision, Part
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import NO_WORDS, Words, advance, latest_step, move, stage_of
from tera.portal.units.models import Unit
from tests.matrix.world import HELD_AT, LINES, build
from tests.portal.deciding import OVER, fill_methods
from tests.portal.test_certifying import let_say

NOW = datetime.now(UTC)
BEFORE, YESTERDAY = NOW - timedelta(days=9), NOW.date() - timedelta(days=1)
NOTED = Words("Jelaskan jumlah kuesioner kertas.", NOW.date() + timedelta(days=30))
LAW = {entry["id"]: entry for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["permission"]}
NOBODY, ELSEWHERE = "somebody without a role", "a verifier of another region"
FORMERLY = "a verifier who ran the unit's surveys"
HELD: Mapping[str, tuple[str, str] | None] = {
    **{role: (role, unit) for role, unit in HELD_AT.items()},
    NOBODY: None,
    ELSEWHERE: ("REGIONAL_VERIFIER", "kaltim"),
    FORMERLY: ("REGIONAL_VERIFIER", "kanwil"),
}
FIRST_STEPS = {  # how a survey that is closed got where a deed of people may happen
    Stage.CLOSED: (),
    Stage.SCREENED: ("screen",),
    Stage.IN_VERIFICATION: ("screen", "take-up"),
    Stage.RETURNED: ("screen", "take-up", "return"),
    Stage.RESUBMITTED: ("screen", "take-up", "return", "resubmit"),
    Stage.VERIFIED: ("screen", "take-up", "verify"),
    Stage.CERTIFIED: ("screen", "take-up", "verify"),
    Stage.PUBLISHED: ("screen", "take-up", "verify"),
}


def _take_up(campaign: Campaign, by: User) -> None:
    put_on_agenda(meeting(), [campaign], by=by, at=NOW)


def _decide(decision: Decision, words: Words = NO_WORDS) -> Callable[[Campaign, User], None]:
    def do(campaign: Campaign, by: User) -> None:
        decide(meeting(), campaign.code, decision, words, by=by, at=NOW)
        end(meeting(), by=by, at=NOW)

    return do


def _resubmit(campaign: Campaign, by: User) -> None:
    resubmit(campaign, "Jumlah kuesioner kertas dijelaskan.", by=by, at=NOW)


def _certify(campaign: Campaign, by: User) -> None:
    results.certify(campaign, by=by, at=NOW)


def _correct(campaign: Campaign, by: User) -> None:
    correct(campaign, "Petugas mengisi sendiri.", by=by, at=NOW)


ACTS: dict[str, Callable[[Campaign, User], None]] = {
    "take-up": _take_up,
    "take-up-overdue": _take_up,
    "verify": _decide(Decision.VERIFIED),
    "verify-with-notes": _decide(Decision.VERIFIED_WITH_NOTES, NOTED),
    "return": _decide(Decision.RETURNED, NOTED),
    "reject": _decide(Decision.REJECTED, NOTED),
    "resubmit": _resubmit,
    "certify": _certify,
    "certify-alone": _certify,
    "correct": _correct,
}
CELLS = [(deed, source) for deed in ACTS for source in DEEDS[deed].sources]


def meeting() -> Meeting:
    return Meeting.objects.get(office__slug="kanwil")


def campaign() -> Campaign:
    return Campaign.objects.select_related("unit").get(code="s-sambas")


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Return everybody, beside a survey of Sambas that twelve people answered and that is closed."""
    found = build().people
    for who in (NOBODY, ELSEWHERE, FORMERLY):
        found[who] = User.objects.create_user(who.replace(" ", "-").replace("'", ""))
        if held := HELD[who]:
            Assignment.objects.create(user=found[who], role=held[0], unit=Unit.objects.get(slug=held[1]))
    ran = {"role": "OPERATOR", "unit": campaign().unit, "is_ended": True}
    Assignment.objects.create(user=found[FORMERLY], **ran)
    let_say(campaign(), *[4] * 12)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(campaign())
    answers = {item.code: "YES" for item in get_checklist("verification-1").items_of(Layer.REGION)}
    assess(campaign(), Layer.REGION, Filled(answers), by=found["REGIONAL_VERIFIER"], at=BEFORE)
    return found


def bring_to(source: Stage, deed: str, verifier: User) -> None:
    """Bring the survey to a stage, with everything true of it that the deed asks for."""
    overdue = Words("Perbaiki.", YESTERDAY)
    for step in FIRST_STEPS[source]:
        move(campaign(), step, set(Condition), at=BEFORE, words=overdue if step == "return" else NO_WORDS)
    if deed == "certify-alone":
        campaign().unit.versions.update(parent=None)
    if deed == "correct":
        results.certify(campaign(), by=verifier, at=BEFORE)
        reasons = {name: Reason.STAFF for _, (name, _, _) in list_held(settings.INTAKE, "s-sambas")[:10]}
        kanwil, second = Unit.objects.get(slug="kanwil"), Assignment.objects.get(role="INSPECTORATE")
        proposed = results.propose_exclusion(campaign(), reasons, by=verifier, office=kanwil)
        results.confirm_exclusion(proposed, by=second.user, office=second.unit)
        if source == Stage.PUBLISHED:
            place_all()
            results.tell_published(BEFORE)
    elif ACTS[deed] == _take_up:
        Item.objects.filter(meeting=meeting()).delete()
    elif source == Stage.IN_VERIFICATION:
        attend(meeting(), Attendee(Part.CHAIR, verifier), by=verifier, at=NOW)
        open_meeting(meeting(), by=verifier, at=NOW)


def is_allowed(row: Row, who: str) -> bool:
    """Say what the list of permissions says of somebody who holds what `HELD` says."""
    permission, held = LAW[row.permission], HELD[who]
    if held is None:
        return False
    role, unit = held
    line = LINES["sambas"]
    if Condition.NO_OFFICE_ABOVE in row.conditions:
        return role in permission["alone"] and unit == line[0]
    if permission.get("reach") == "above":
        return who != FORMERLY and role in permission["roles"] and unit in line[1:]
    return role in permission["roles"] and unit in line


@pytest.mark.parametrize(("deed", "source"), CELLS)
def test_who_may_do_it_is_as_the_permissions_say(deed: str, source: Stage, people: dict[str, User]) -> None:
    bring_to(source, deed, people["REGIONAL_VERIFIER"])
    did: dict[str, bool] = {}
    for who, somebody in people.items():
        with transaction.atomic():
            try:
                with transaction.atomic():
                    ACTS[deed](campaign(), somebody)
            except PermissionDenied:
                did[who] = False
                assert stage_of(campaign()) == source
            else:
                did[who] = True
                last = latest_step(campaign())
                assert last is not None
                assert (last.deed, last.stage, last.by) == (deed, DEEDS[deed].target, somebody)
                assert Event.objects.filter(who=somebody.username, kind="DEED").exists()
            transaction.set_rollback(True)
    assert did == {who: is_allowed(DEEDS[deed], who) for who in people}


def test_people_do_everything_that_has_a_permission_and_somebody_may_do_each() -> None:
    assert ACTS.keys() == {row.deed for row in TABLE if row.permission != PROGRAM}
    assert [deed for deed in ACTS if not any(is_allowed(DEEDS[deed], who) for who in HELD)] == []


def test_the_program_does_the_rest_and_signs_nothing(people: dict[str, User]) -> None:
    advance(campaign(), "screen", (), at=NOW)
    for step in ("take-up", "verify"):
        move(campaign(), step, set(Condition), at=NOW)
    results.certify(campaign(), by=people["REGIONAL_HEAD"], at=NOW)
    results.tell_published(NOW)
    assert stage_of(campaign()) == Stage.CERTIFIED  # it is not in the ledger yet
    place_all()
    results.tell_published(NOW)
    assert stage_of(campaign()) == Stage.PUBLISHED
    steps = campaign().steps.filter(deed__in=("close", "screen", "publish"))
    assert [(step.by, step.office) for step in steps] == [(None, None)] * 3


def test_nobody_certifies_imported_answers_by_hand(people: dict[str, User]) -> None:
    Campaign.objects.filter(code="s-sambas").update(source="Rekap kertas")
    for somebody in people.values():
        with pytest.raises((PermissionDenied, results.NotVerified)), transaction.atomic():
            results.certify(campaign(), by=somebody, at=NOW)
    results.certify(campaign(), by=None, at=NOW)
    last = latest_step(campaign())
    assert last is not None
    assert (last.deed, last.stage, last.by) == ("certify-imported", Stage.CERTIFIED, None)
