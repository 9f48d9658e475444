"""How each unit stands follows from certified results, and from nothing else."""

from fractions import Fraction

import pytest

from tera.engine.workflow import Condition
from tera.portal.accounts.models import User
from tera.portal.proposals.models import Judged, Standing
from tera.portal.proposals.standings import checking
from tera.portal.proposals.standings.actions import refresh_due, rejudge_all, rejudge_outdated
from tera.portal.proposals.standings.queries import is_due, is_outdated
from tera.portal.results import actions as results
from tera.portal.results.correcting.actions import correct
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import move
from tera.portal.units.models import Unit
from tests.portal.deciding import OVER, exclude, fill_methods, verify
from tests.portal.plans import plan_for
from tests.portal.proposing import (
    BEST,
    JUST_BELOW,
    NEW_RULES,
    NOW,
    OLD_RULES,
    answer,
    certified,
    closed,
    people,
)


def standing(unit: Unit) -> Standing:
    return Standing.objects.get(unit=unit)


def test_what_is_certified_stands_in_the_list_with_exact_points(sambas: Unit, lapas: Unit) -> None:
    certified(sambas, "sambas1", *BEST)
    certified(lapas, "lapas1", *JUST_BELOW, zone=NEW_RULES)
    assert is_due()
    assert refresh_due(most=1) == 1
    assert refresh_due() == 1
    assert (refresh_due(), is_due()) == (0, False)
    best, near = standing(sambas), standing(lapas)
    assert (best.wbk, best.wbbm, best.missing) == ("ELIGIBLE", "ELIGIBLE", {"wbk": [], "wbbm": []})
    assert (best.n, best.measures, best.results) == (40, {"ikm": "20", "ipk": "15"}, ["certified/sambas1/1"])
    assert (best.office_id, best.rulebook_id) == (sambas.parent_id, OLD_RULES)
    (criterion, short_by), *more = near.missing["wbk"]
    assert (near.wbk, criterion, more) == ("NEARLY", "ipak", [])
    assert 0 < Fraction(short_by) < Fraction("0.02")
    assert Fraction(near.measures["ipak"]) + Fraction(short_by) == Fraction("15.75")
    assert list(checking.faults()) == []


def test_a_unit_with_an_open_survey_of_the_same_period_has_no_standing(sambas: Unit) -> None:
    certified(sambas, "sambas1", *BEST)
    refresh_due()
    again = actions.record(unit=sambas, plan=plan_for(NOW.date()), by=None, at=NOW, code="sambas2")
    assert is_due()
    refresh_due()
    assert (Standing.objects.count(), is_due()) == (0, False)
    assert list(checking.faults()) == []
    actions.publish(again)
    answer(again, *[3] * 40)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(again)
    verify(again)
    results.certify(Campaign.objects.get(code="sambas2"), by=people(sambas).regional_head, at=NOW)
    assert refresh_due() == 1
    both = standing(sambas)
    assert (both.results, both.n) == (["certified/sambas1/1", "certified/sambas2/1"], 80)
    assert both.measures == {"ikm": "35/2", "ipk": "105/8"}


def test_a_rejected_survey_of_the_same_period_stands_in_nobodys_way(sambas: Unit) -> None:
    certified(sambas, "sambas1", *BEST)
    other = closed(sambas, "sambas2", *[3] * 40)
    for deed in ("screen", "take-up", "reject"):
        move(other, deed, set(Condition), at=NOW)
    refresh_due()
    assert (standing(sambas).n, is_due()) == (40, False)
    assert list(checking.faults()) == []


def test_a_correction_changes_the_standing(sambas: Unit, irma: User) -> None:
    who = people(sambas)
    campaign = actions.record(unit=sambas, plan=plan_for(NOW.date()), by=None, at=NOW, code="sambas1")
    actions.publish(campaign)
    kind = answer(campaign, *[4] * 60)
    answer(campaign, *[(4, 3)] * 20)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(campaign)
    verify(campaign)
    results.certify(campaign, by=who.regional_head, at=NOW)
    refresh_due()
    assert (standing(sambas).wbk, standing(sambas).n) == ("ELIGIBLE", 80)
    exclude(campaign, kind[:40], who.verifier, irma)
    assert not is_due()  # until somebody corrects what was certified
    correct(campaign, "Jawaban pegawai sendiri.", by=who.regional_head, at=NOW)
    assert standing(sambas).results == ["certified/sambas1/1"]
    assert refresh_due() == 1
    after = standing(sambas)
    assert (after.wbk, after.n, after.results) == ("NEARLY", 40, ["certified/sambas1/2"])
    assert after.missing["wbk"] == [["ipk", "3/8"]]
    assert Judged.objects.get().number == 2


def test_standings_are_judged_again_where_the_rulebook_is_another(sambas: Unit, lapas: Unit) -> None:
    certified(sambas, "sambas1", *BEST)
    certified(lapas, "lapas1", *JUST_BELOW)
    refresh_due()
    before = list(Standing.objects.order_by("pk").values())
    assert (rejudge_all(), is_outdated()) == (0, False)
    Standing.objects.filter(unit=sambas).update(rules="0" * 64, wbk="NOT", missing={"wbk": [], "wbbm": []})
    assert is_outdated()
    assert rejudge_outdated() == 1
    assert list(Standing.objects.order_by("pk").values()) == before
    assert rejudge_outdated() == 0


@pytest.mark.parametrize(
    ("field", "value"), [("wbk", "NOT"), ("n", 900), ("results", []), ("measures", {"ikm": "20"})]
)
def test_fsck_finds_a_standing_that_does_not_follow_from_its_results(
    sambas: Unit, field: str, value: object
) -> None:
    certified(sambas, "sambas1", *BEST)
    refresh_due()
    kept = standing(sambas)
    Standing.objects.update(**{field: value})
    assert list(checking.faults()) == [
        f"the standing of sambas in {kept.period} does not follow from its results: {field}"
    ]
    Standing.objects.all().delete()
    assert list(checking.faults()) == [
        f"the standing of sambas in {kept.period} is gone, and its results are certified"
    ]
