"""Results come from sealed blocks, equal what `tera index` gives, and are seen by those who may."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tera.cli import main
from tera.engine.response import Response
from tera.intake import inbox, sealing
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.demo.actions import invent
from tera.portal.results import actions as results
from tera.portal.results.queries import result_of, results_below
from tera.portal.surveys import actions
from tera.portal.surveys.actions import held
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import fill_methods, verify
from tests.portal.plans import plan_for

LAW = "permenpanrb-14-2017"
Login = Callable[[User], Client]


def answered(campaign: Campaign, count: int, *, satisfaction: float = 3.6, honesty: float = 4.0) -> None:
    """Let invented people answer, and seal."""
    model = {"satisfaction": satisfaction, "honesty": honesty, "responses": count, "lows": []}
    today = campaign.form.local_day(datetime.now(UTC))
    said = invent(campaign.form, model, (today, today), random.Random(count))
    inbox.put(settings.INTAKE, campaign.code, [actions.held(response) for response in said])
    actions.seal_due(datetime.now(UTC))


def test_the_page_shows_what_tera_index_gives_on_the_export(
    campaign: Campaign, budi: User, login: Login, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(campaign, 70)
    export = tmp_path / "answers.csv"
    export.write_bytes(login(budi).get("/laporan/sambas1/jawaban.csv").content)
    assert main(["index", str(export), "--instrument", "skm-9", "--json"]) == 0
    index = json.loads(capsys.readouterr().out)
    assert index["n"] == 50
    page = login(budi).get("/laporan/sambas1/").content.decode()
    assert index["converted"].replace(".", ",") in page
    found = result_of([campaign])
    assert found.indices[0].converted_shown == index["converted"]
    assert (found.count.total, found.count.sealed, found.count.waiting) == (70, 50, 20)


@pytest.mark.parametrize(
    ("language", "reason", "of_a_verdict"),
    [
        ("id", "Jawaban kosong tidak pernah dihitung sebagai nol.", "Untuk tiap unit."),
        ("en", "A blank is never a zero.", "Per unit."),
    ],
)
def test_the_page_gives_the_reason_of_a_reading_in_its_language(
    campaign: Campaign, budi: User, login: Login, language: str, reason: str, of_a_verdict: str
) -> None:
    answered(campaign, 70)
    client = login(budi)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/laporan/sambas1/").content.decode()
    assert f". {reason}</span>" in page
    assert f". {of_a_verdict}</span>" in page
    assert "reading.md" not in page


def test_below_k_there_is_a_count_and_no_number(campaign: Campaign, budi: User, login: Login) -> None:
    answered(campaign, 29)
    found = result_of([campaign])
    assert not found.has_index
    assert (found.count.total, found.verdicts) == (29, {})
    page = login(budi).get("/laporan/sambas1/").content.decode()
    assert "Indeks pertama tampil setelah 30 jawaban menunggu" in page
    assert "Bagikan tautan survei" in page
    assert login(budi).get("/laporan/sambas1/jawaban.csv").status_code == 404


def test_the_export_holds_answers_and_nothing_else(campaign: Campaign, budi: User, login: Login) -> None:
    answered(campaign, 50)
    lines = login(budi).get("/laporan/sambas1/jawaban.csv").content.decode().splitlines()
    assert lines[0] == ",".join(campaign.form.codes)
    assert len(lines) == 31
    assert all(len(line) == 2 * 14 - 1 for line in lines[1:])


def test_a_verdict_follows_the_sealed_answers(campaign: Campaign) -> None:
    answered(campaign, 70, satisfaction=4.6, honesty=4.9)
    good = result_of([campaign])
    assert {target: verdict.eligible for target, verdict in good.verdicts.items()} == {
        "wbk": True,
        "wbbm": True,
    }
    assert good.n == 50


def test_what_is_not_certified_is_called_interim(campaign: Campaign, ratna: User, login: Login) -> None:
    answered(campaign, 70, satisfaction=4.6, honesty=4.9)
    page = login(ratna).get("/laporan/sambas1/").content.decode()
    assert page.count("sementara: ✓ memenuhi") == 2
    assert "Angka sementara: masih dapat berubah sampai hasil disahkan." in page
    assert "Dihitung dari <strong>50 dari 70 jawaban</strong>." in page
    assert f"jawaban masuk: 70 dari sasaran {campaign.target_sample}" in page
    region = login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    assert region.count("sementara: ✓ ya") == 2
    assert "1 dari 1 unit memenuhi syarat survei untuk WBK atau WBBM (0 sudah disahkan)." in region
    actions.seal_due(datetime(2100, 1, 1, tzinfo=UTC))
    actions.tell_of_blocks()
    assert ">Ditutup</span>" in login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    fill_methods(campaign)
    verify(campaign)
    assert ">Terverifikasi</span>" in login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    results.certify(campaign, by=ratna, at=datetime.now(UTC))
    region = login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    assert "(1 sudah disahkan)" in region
    assert "sementara" not in region
    page = login(ratna).get("/laporan/sambas1/").content.decode()
    assert "sementara" not in page
    assert page.count("✓ memenuhi") == 2


def test_fewer_than_thirty_sealed_is_a_no_and_says_how_many_are_missing(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    answered(campaign, 45, satisfaction=4.6, honesty=4.9)
    verdict = result_of([campaign]).verdicts["wbk"]
    assert not verdict.eligible
    assert verdict.first_unmet is not None
    assert verdict.first_unmet.criterion.id == "respondents"
    assert verdict.first_unmet.short_by == 5
    page = login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    assert "kurang 5" in page


def test_the_region_lists_every_unit_also_those_without_a_survey(
    campaign: Campaign, lapas: Unit, kanwil: Unit, ratna: User, login: Login
) -> None:
    answered(campaign, 70)
    rows = results_below(kanwil, campaign.period, campaign.ends_on)
    assert [(unit.slug, found is not None) for unit, found in rows] == [("sambas", True), ("lapas", False)]
    page = login(ratna).get("/laporan/wilayah/kanwil/").content.decode()
    assert "Kanim Sambas" in page
    assert "Lapas" in page


def test_campaigns_of_one_unit_and_period_are_pooled(
    campaign: Campaign, kanwil: Unit, sambas: Unit, budi: User
) -> None:
    now = datetime.now(UTC)
    second = actions.open_campaign(unit=sambas, plan=plan_for(now.date()), by=budi, at=now, code="sambas2")
    answered(campaign, 50)
    answered(second, 40)
    [(_, found)] = results_below(kanwil, campaign.period, campaign.ends_on)
    assert found is not None
    assert found.n == 30 + 20
    one, other = result_of([campaign]).indices[0].points, result_of([second]).indices[0].points
    assert min(one, other) <= found.indices[0].points <= max(one, other)


def test_an_item_that_few_answered_is_shown_nowhere(
    sambas: Unit, budi: User, ratna: User, login: Login, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    plan = plan_for(now.date(), "ikm-21", "spak-5-4", source="situs kantor")
    campaign = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=now, code="keluhan")
    optional = {item.code for item in campaign.form.items if not item.required}
    most = tuple(None if code in optional else 3 for code in campaign.form.codes)
    said = Response("keluhan", 20000, 1, "", (0, 0, 0, 0), False, most)
    one = replace(said, answers=(3,) * len(most))
    rows = [*(held(said) for _ in range(60)), held(one)]
    sealing.import_block(settings.INTAKE, campaign.form, rows)
    actions.tell_of_blocks()
    results.certify(campaign, by=None, at=now)
    found = result_of([campaign])
    assert set(found.codes) - found.shown_items == optional
    assert found.indices[0].elements[-1].n == 0
    export = tmp_path / "answers.csv"
    export.write_bytes(login(budi).get("/laporan/keluhan/jawaban.csv").content)
    assert main(["index", str(export), "--instrument", "ikm-21", "--rulebook", LAW, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["converted"] == found.indices[0].converted_shown


def test_the_page_of_any_campaign_of_a_period_shows_them_all(
    campaign: Campaign, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    now = datetime.now(UTC)
    second = actions.open_campaign(unit=sambas, plan=plan_for(now.date()), by=budi, at=now, code="sambas2")
    answered(campaign, 50)
    together = result_of([campaign, second]).indices[0].converted_shown.replace(".", ",")
    for code in ("sambas1", "sambas2"):
        page = login(ratna).get(f"/laporan/{code}/").content.decode()
        assert together in page
        assert "Gabungan 2 survei pada periode ini" in page
    lines = login(budi).get("/laporan/sambas2/jawaban.csv").content.decode().splitlines()
    assert len(lines) == 1 + 30


def test_answers_collected_elsewhere_are_marked_and_public(sambas: Unit, intake: Database) -> None:
    now = datetime.now(UTC)
    plan = plan_for(now.date(), "skm-9", source="situs kantor")
    campaign = actions.record(unit=sambas, plan=plan, by=None, at=now, code="lama")
    actions.import_answers(campaign, [(3,) * 9] * 12)
    assert Client().get("/hasil/lama/").status_code == 404
    actions.tell_of_blocks()
    results.certify(campaign, by=None, at=now)
    found = result_of([campaign])
    assert [block.kind for block in found.blocks] == ["IMPORTED"]
    page = Client().get("/hasil/lama/").content.decode()
    assert "75,00" in page
    assert "situs kantor" in page
    assert not found.verdicts["wbk"].eligible
    assert Client().get("/s/lama").status_code == 404


PLACES = ["/survei/sambas1/", "/laporan/sambas1/", "/laporan/sambas1/jawaban.csv", "/laporan/wilayah/kanwil/"]


@pytest.mark.parametrize("place", PLACES)
def test_dewi_of_another_unit_sees_nothing_of_sambas(
    campaign: Campaign, dewi: User, login: Login, place: str
) -> None:
    answered(campaign, 50)
    assert login(dewi).get(place).status_code == 403


@pytest.mark.parametrize("place", [*PLACES, "/survei/", "/survei/buka/sambas/"])
def test_nobody_sees_it_without_logging_in(campaign: Campaign, place: str) -> None:
    reply = Client().get(place)
    assert reply.status_code == 302
    assert reply["Location"].startswith("/masuk/")


def test_a_result_that_is_not_published_is_not_public(campaign: Campaign) -> None:
    answered(campaign, 50)
    assert Client().get("/hasil/sambas1/").status_code == 404
