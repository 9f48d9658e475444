"""The demo grows from its spec: invented figures that say so, and published ones with their source."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from statistics import mean

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from tera.engine.catalogue import list_instruments
from tera.engine.instrument import Instrument
from tera.intake import inbox
from tera.intake.blocks import list_blocks
from tera.intake.exporting import list_answers
from tera.portal.accounts.models import Assignment, User
from tera.portal.demo import actions
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import basis_now, scores_of, verdict_of
from tera.portal.results.queries import list_periods, result_of, results_below
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.actions import held, seal_due
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import office
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)


def grow(settings: Settings, at: datetime = NOW) -> None:
    settings.IS_DEMO = True
    actions.grow(at)


def nothing_of_a_finished_campaign_waits(at: datetime) -> None:
    plan = actions.spec()
    answered = {
        entry["slug"]: [entry["previous"]["responses"], *(each["responses"] for each in plan["past"])]
        for entry in plan["unit"]
        if "previous" in entry
    }
    finished = [each for each in Campaign.objects.filter(source="") if each.form.is_over(at)]
    assert {each.unit.slug for each in finished} == set(answered)
    for campaign in finished:
        count = result_of([campaign]).count
        assert count.sealed in answered[campaign.unit.slug]
        assert count.waiting == 0
        assert len(list_blocks(django_settings.INTAKE, [campaign.code])) > 1


def the_region_shows_every_kind_of_verdict() -> None:
    region = Unit.objects.get(slug="kanwil-kalbar")
    rows = results_below(region, list_periods(region)[0], NOW.date())
    verdicts = {
        unit.slug: [verdict.eligible for verdict in found.verdicts.values()] if found else None
        for unit, found in rows
    }
    assert verdicts["kanim-pontianak"] == [True, True]
    assert verdicts["kanim-entikong"] == [True, False]
    assert verdicts["kanim-sanggau"] == [False, False]
    assert verdicts["bapas-pontianak"] == []
    assert verdicts["rutan-sambas"] is None


def units_are_put_forward_on_what_was_certified_last() -> None:
    cases = {case.unit.slug: case for case in Case.objects.select_related("unit")}
    assert {slug: case.stage for slug, case in cases.items()} == {
        "kanim-pontianak": "PROPOSED",
        "kanim-ketapang": "RECOMMENDED",
        "kanim-entikong": "RECOMMENDED",
        "bapas-pontianak": "SUBMITTED",
    }
    assert cases["kanim-pontianak"].is_public
    high = cases["kanim-entikong"]
    found = verdict_of(high, basis_now(high), Layer.MINISTRY, scores_of(high)).findings
    total = next(one.value for one in found if one.criterion.id == "total")
    assert isinstance(total, Fraction)
    assert total >= 98
    assert [one.criterion.id for one in found if one.met is not True] == ["performance"]


def one_answer_more_moves_the_index() -> None:
    campaign = Campaign.objects.get(code="demo")
    before = result_of([campaign])
    assert before.count.waiting == 29
    assert seal_due(NOW) == []
    today = campaign.form.local_day(NOW)
    model = {"satisfaction": 3.6, "honesty": 4.0, "responses": 1, "lows": []}
    [said] = actions.invent(campaign.form, model, (today, today), random.Random(1))
    inbox.put(django_settings.INTAKE, "demo", [held(said)])
    assert [block.campaign for block in seal_due(NOW)] == ["demo"]
    assert result_of([campaign]).indices[0].n == before.indices[0].n + 10


def test_the_demo_grows_from_its_spec(db: None, settings: Settings) -> None:
    """It takes long to grow, so that everything that looks at one demo looks at the same."""
    grow(settings)
    invented = dict(Campaign.objects.values_list("code", "is_invented"))
    assert [code for code, is_invented in invented.items() if not is_invented] == ["sekadau-2019-s1"]
    campaign = Campaign.objects.get(code="sekadau-2019-s1")
    found = result_of([campaign])
    # The published answers give the published index.
    assert (found.count.sealed, found.indices[0].converted_shown) == (49, "78.63")
    assert "sekadaukab.go.id" in campaign.source
    assert not User.objects.exclude(first_name__endswith=" (rekaan)").exists()
    nothing_of_a_finished_campaign_waits(NOW)
    the_region_shows_every_kind_of_verdict()
    units_are_put_forward_on_what_was_certified_last()
    actions.grow(NOW)  # growing twice changes nothing
    assert dict(Campaign.objects.values_list("code", "is_invented")) == invented
    one_answer_more_moves_the_index()
    office("kanim-bogor", "Kanim Bogor", "KANIM")  # a unit beside the demo is real data
    with pytest.raises(actions.NotADemo):
        actions.grow(NOW)


def test_nothing_of_a_finished_campaign_waits_on_the_second_day_of_the_year(
    db: None, settings: Settings
) -> None:
    at = datetime(2027, 1, 2, 1, tzinfo=UTC)
    grow(settings, at)
    nothing_of_a_finished_campaign_waits(at)


def test_an_interrupted_growth_is_done_again_and_a_half_year_begins_in_the_zone_of_the_unit(
    db: None, settings: Settings
) -> None:
    at = datetime(2026, 6, 30, 18, tzinfo=UTC)  # one o'clock on 1 July in Pontianak
    with transaction.atomic():
        grow(settings, at)
        transaction.set_rollback(True)  # as when the program is killed before it commits
    assert not Unit.objects.exists()
    assert list_blocks(django_settings.INTAKE, ["demo"])
    actions.grow(at)
    campaign = Campaign.objects.get(code="demo")
    assert campaign.period == "Semester II 2026"
    count = result_of([campaign]).count
    assert count.sealed + count.waiting == 139


def test_real_data_is_left_alone(campaign: Campaign, settings: Settings) -> None:
    settings.IS_DEMO = True
    units = Unit.objects.count()
    with pytest.raises(actions.NotADemo, match="holds real data"):
        actions.grow(NOW)
    assert Unit.objects.count() == units


def test_an_account_alone_is_real_data(db: None) -> None:
    User.objects.create_user("admin")
    with pytest.raises(actions.NotADemo):
        actions.grow(NOW)


@pytest.mark.parametrize("instrument", list_instruments(), ids=lambda instrument: instrument.id)
def test_invented_respondents_answer_every_questionnaire(instrument: Instrument, lapas: Unit) -> None:
    person = User.objects.create_user("sinta")
    Assignment.objects.create(user=person, role="OPERATOR", unit=lapas)
    plan = replace(plan_for(NOW.date()), instrument_ids=[instrument.id])
    campaign = surveys.open_campaign(unit=lapas, plan=plan, by=person, at=NOW, code="isi")
    actions.fill(campaign, NOW, random.Random(1))
    assert seal_due(NOW) != []
    answers = list_answers(django_settings.INTAKE, "isi", random.Random(1))
    means = [mean(score for score in row if score is not None) for row in answers]
    # Invented people are content: on any scale their answers centre in its upper third.
    assert mean(means) > 1 + (instrument.highest - 1) * 2 / 3


def test_invented_respondents_exist_in_a_demo_only(
    campaign: Campaign, budi: User, login: Callable[[User], Client], settings: Settings
) -> None:
    assert login(budi).post("/demo/isi/sambas1/").status_code == 404
    settings.IS_DEMO = True
    assert login(budi).post("/demo/isi/sambas1/").status_code == 302
    assert result_of([campaign]).count.waiting == actions.FILL


def test_dewi_cannot_fill_the_survey_of_another_unit(
    campaign: Campaign, dewi: User, login: Callable[[User], Client], settings: Settings
) -> None:
    settings.IS_DEMO = True
    assert login(dewi).post("/demo/isi/sambas1/").status_code == 403
