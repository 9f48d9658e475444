"""The demo grows from its spec: invented figures that say so, and published ones with their source."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.demo import actions
from tera.portal.results.queries import list_periods, result_of, results_below
from tera.portal.surveys.actions import held, seal_due
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

NOW = datetime.now(UTC)


@pytest.fixture
def demo(db: None, settings: Settings) -> None:
    settings.IS_DEMO = True
    actions.grow(NOW)


def test_everything_but_the_published_answers_is_marked_as_invented(demo: None) -> None:
    invented = dict(Campaign.objects.values_list("code", "is_invented"))
    assert [code for code, is_invented in invented.items() if not is_invented] == ["sekadau-2019-s1"]


def test_the_published_answers_give_the_published_index(demo: None) -> None:
    campaign = Campaign.objects.get(code="sekadau-2019-s1")
    found = result_of([campaign])
    assert (found.count.sealed, found.indices[0].converted_shown) == (49, "78.63")
    assert "sekadaukab.go.id" in campaign.source


def test_the_region_shows_every_kind_of_verdict(demo: None) -> None:
    region = Unit.objects.get(slug="kanwil-kalbar")
    rows = results_below(region, list_periods(region)[0])
    verdicts = {
        unit.slug: [verdict.eligible for verdict in found.verdicts.values()] if found else None
        for unit, found in rows
    }
    assert verdicts["kanim-pontianak"] == [True, True]
    assert verdicts["kanim-entikong"] == [True, False]
    assert verdicts["kanim-sanggau"] == [False, False]
    assert verdicts["bapas-pontianak"] == []
    assert verdicts["rutan-sambas"] is None


def test_one_answer_more_moves_the_index_of_the_demo(demo: None) -> None:
    campaign = Campaign.objects.get(code="demo")
    before = result_of([campaign])
    assert before.count.waiting == 19
    assert seal_due(NOW) == []
    today = campaign.form.local_day(NOW)
    model = {"satisfaction": 3.6, "honesty": 4.0, "responses": 1, "lows": []}
    [said] = actions.invent(campaign.form, model, (today, today), random.Random(1))
    inbox.put(settings.INTAKE, "demo", [held(said)])
    assert [block.campaign for block in seal_due(NOW)] == ["demo"]
    assert result_of([campaign]).indices[0].n == before.indices[0].n + 10


def test_growing_twice_changes_nothing(demo: None) -> None:
    before = set(Campaign.objects.values_list("code", flat=True))
    actions.grow(NOW)
    assert set(Campaign.objects.values_list("code", flat=True)) == before


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
