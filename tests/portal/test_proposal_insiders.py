"""Whoever wants a unit to be put forward that should not be: what they try, and where it ends."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tera.engine.proposal import Condition, Stage
from tera.engine.transition import NotAllowed
from tera.engine.workflow import Condition as Of
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Statement
from tera.portal.people.actions import delegate
from tera.portal.proposals.cases.actions import CannotPropose, act, announce, begin
from tera.portal.proposals.cases.open import CannotScore, OtherLayer
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.cases.why import Why
from tera.portal.proposals.letters.choosing import candidates
from tera.portal.proposals.models import Case, LetterKind
from tera.portal.proposals.queries import is_in_conflict
from tera.portal.proposals.waiting import lines_of_proposals
from tera.portal.public.proposals import published
from tera.portal.results import actions as results
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.periods import of_length
from tera.portal.surveys.stages import move
from tera.portal.units.models import Unit
from tests.portal.deciding import OVER, fill_methods
from tests.portal.minuting import end, meet
from tests.portal.plans import plan_for
from tests.portal.proposing import (
    BEST,
    NOW,
    answer,
    begun,
    certified,
    people,
    prepare,
    score,
    take_off,
    walk,
)

NOTE = "Alasan yang dapat dibaca."


def opened_again(unit: Unit) -> Campaign:
    """Open a further survey of a unit in the same period."""
    campaign = actions.record(unit=unit, plan=plan_for(NOW.date()), by=None, at=NOW, code="sambas-lagi")
    actions.publish(campaign)
    return campaign


def certify_too(again: Campaign, *scores: int) -> None:
    """Let a further survey be answered, verified by a meeting with minutes, and certified."""
    answer(again, *scores)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(again)
    region, chair = Unit.objects.get(children=again.unit), people(again.unit).regional_head
    end(meet(region, chair, [again], chair), chair, "VERIFIED")
    results.certify(Campaign.objects.get(pk=again.pk), by=chair, at=timezone.now())


def missing(case: Case, deed: str, by: User) -> set[Condition]:
    with pytest.raises(NotAllowed) as refused:
        act(case, deed, by=by, at=NOW, note=NOTE)
    return set(refused.value.missing)


def test_opening_a_further_survey_makes_no_conflict_and_opens_no_scores(sambas: Unit) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.GRANTED), people(sambas)
    again = opened_again(sambas)
    assert not is_in_conflict(case)
    with pytest.raises(CannotScore):
        give_score(case, Layer.MINISTRY, Entry("total", "1", NOTE), by=who.ministry, at=NOW)
    assert missing(case, "revoke", who.ministry) == {Condition.IN_CONFLICT}
    assert list(lines_of_proposals(who.ministry)) == []
    certify_too(again, *[3] * 40)
    assert is_in_conflict(case)  # the result of the period is another one now
    assert [line.words for line in lines_of_proposals(who.ministry)] == [
        "Hasil Kanim Sambas, " + case.period + " berubah setelah usulan WBK: putuskan lagi."
    ]


def test_while_a_further_survey_is_open_nobody_recommends_and_a_rejected_one_is_in_nobodys_way(
    sambas: Unit,
) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.SUBMITTED), people(sambas)
    again = opened_again(sambas)
    assert Condition.ALL_CERTIFIED in missing(case, "recommend", who.regional_head)
    for deed in ("close", "screen", "take-up", "reject"):
        move(again, deed, set(Of), at=NOW)
    act(case, "recommend", by=who.regional_head, at=NOW, note=NOTE)


def test_nobody_acts_for_two_layers_whatever_roles_they_hold(sambas: Unit) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.RECOMMENDED), people(sambas)
    top = Unit.objects.get(slug="kementerian")
    Assignment.objects.create(user=who.regional_head, role="MINISTRY", unit=top)
    Assignment.objects.create(user=who.regional_head, role="INSPECTORATE", unit=top)
    for layer in (Layer.INSPECTORATE, Layer.MINISTRY):
        with pytest.raises(OtherLayer):
            score(case, layer, who.regional_head)
    with pytest.raises(OtherLayer):
        give_opinion(case, is_for=True, reason=NOTE, by=who.regional_head, at=NOW)
    prepare(case, "propose")
    assert missing(case, "propose", who.regional_head) == {Condition.ONE_LAYER}
    assert missing(case, "not-propose", who.regional_head) == {Condition.ONE_LAYER}


def test_a_lent_role_makes_nobody_somebody_of_the_ministry_or_the_inspectorate(sambas: Unit) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.RECOMMENDED), people(sambas)
    today = timezone.localdate()
    for lender in (who.ministry, who.inspector):
        until = today.replace(year=today.year + 1)
        delegate(lender.assignments.get(), who.elsewhere, today, until, by=lender)
    prepare(case, "propose")
    for layer in (Layer.INSPECTORATE, Layer.MINISTRY):
        with pytest.raises(PermissionDenied):
            score(case, layer, who.elsewhere)
    with pytest.raises(PermissionDenied):
        act(case, "propose", by=who.elsewhere, at=NOW, note=NOTE)


def test_the_best_of_several_surveys_is_not_picked_by_the_name_of_its_period(sambas: Unit) -> None:
    walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.NOT_RECOMMENDED)
    year = of_length(NOW.date(), 12)
    plan = replace(plan_for(NOW.date()), period=year.name, starts_on=year.first, ends_on=year.last)
    actions.record(unit=sambas, plan=plan, by=None, at=NOW, code="sambas-tahun")
    with pytest.raises(CannotPropose) as refused:
        begin(sambas, year.name, "wbk", by=people(sambas).operator, at=NOW)
    assert refused.value.why == Why.UNDER_WAY


def test_a_published_decision_stays_published_whatever_follows(sambas: Unit) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.NOT_PROPOSED), people(sambas)
    announce(case, by=who.ministry, at=NOW)
    take_off(case.campaign)
    act(case, "begin-again", by=who.regional_head, at=NOW, note=NOTE)
    assert Case.objects.get().is_public


def test_what_is_refused_while_a_further_survey_is_open_rests_upon_what_was_certified_before(
    sambas: Unit,
) -> None:
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.RECOMMENDED), people(sambas)
    again = opened_again(sambas)
    act(case, "not-propose", by=who.ministry, at=NOW, note=NOTE)
    announce(case, by=who.ministry, at=NOW)
    assert who.regional_head.assignments.get().acts_for == sambas.parent
    assert [one.basis.results for one in candidates(sambas.parent, LetterKind.RECOMMENDATION)] == [
        ("certified/sambas-1/1",)
    ]
    certify_too(again, *BEST)
    act(case, "begin-again", by=who.regional_head, at=timezone.now(), note=NOTE)
    told = published(case)
    assert told.rests_upon == ["certified/sambas-1/1"]
    walk(Case.objects.get(), Stage.NOT_PROPOSED)
    told = published(Case.objects.get())
    assert told.rests_upon == ["certified/sambas-1/1", "certified/sambas-lagi/1"]
    assert [former.results for former in told.formers] == [["certified/sambas-1/1"]]


def test_who_corrects_a_result_and_who_proposes_upon_it_wait_for_each_other(sambas: Unit) -> None:
    """So that the ledger never puts a unit forward upon a result that it corrected before."""
    case, who = walk(begun(certified(sambas, "sambas-1", *BEST)), Stage.RECOMMENDED), people(sambas)
    prepare(case, "propose")
    with CaptureQueriesContext(connection) as asked:
        act(case, "propose", by=who.ministry, at=NOW, note=NOTE)
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    held = any('FROM "surveys_campaign"' in sql for sql in locks)
    assert held == (connection.vendor == "postgresql")  # SQLite lets one write at a time
    assert Statement.objects.filter(kind="proposed").count() == 1
