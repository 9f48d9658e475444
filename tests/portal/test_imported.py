"""Imported answers are marked wherever they show, and never counted with those that were given here."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tera.engine.response import receipt_code
from tera.intake.blocks import IMPORTED, list_blocks
from tera.intake.exporting import list_held
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Statement
from tera.portal.results.queries import alike, list_periods, result_of, result_with, results_below
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.periods import named
from tera.portal.units.models import Unit
from tests.portal.importing import SOURCE, bring_in, name_columns, table, upload
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def test_fewer_than_ten_are_counted_and_nothing_more(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    address = upload(client, table([[4] * 9] * 9))
    page = name_columns(client, address)
    assert "Kurang dari 10 jawaban: hanya jumlahnya yang akan ditampilkan" in page
    assert "dari 20" not in page
    client.post(f"{address}periksa/")
    found = result_of([Campaign.objects.get()])
    assert (found.count.sealed, found.has_index) == (9, False)
    assert "jawaban diimpor" in Client().get(f"/hasil/{found.campaign.code}/").content.decode()


def test_imported_results_are_marked_on_every_page(
    budi: User, ratna: User, sambas: Unit, kanwil: Unit, login: Login
) -> None:
    client = login(budi)
    code = bring_in(client, table([[3] * 9] * 12)).code
    mark = "jawaban diimpor"
    assert mark in client.get("/survei/").content.decode()
    for page in (f"/survei/{code}/", f"/laporan/{code}/", f"/hasil/{code}/"):
        shown = (client if "hasil" not in page else Client()).get(page).content.decode()
        assert mark in shown
        assert SOURCE in shown
        assert "menunggu pengesahan" not in shown
    for page in ("/", "/hasil/"):
        assert mark in Client().get(page).content.decode()


def test_imported_answers_are_never_counted_with_collected_ones(
    budi: User, sambas: Unit, login: Login, intake: Database
) -> None:
    period = named("Semester I 2019")
    assert period is not None
    plan = plan_for(period.first, "skm-9")
    own = surveys.record(unit=sambas, plan=plan, by=None, at=NOW, code="sendiri")
    imported = bring_in(login(budi), table([[3] * 9] * 12))
    assert (own.period, own.unit) == (imported.period, imported.unit)
    assert list(alike(own)) == [own]
    assert result_with(imported).campaigns == (imported,)
    surveys.seal_due(datetime(2100, 1, 1, tzinfo=UTC))
    assert [block.kind for block in list_blocks(intake, [imported.code])] == [IMPORTED]


def test_receipts_and_exports_say_that_answers_were_imported(
    budi: User, sambas: Unit, login: Login, intake: Database
) -> None:
    client = login(budi)
    campaign = bring_in(client, table([[3] * 9] * 12))
    [(_, (commitment, _, _)), *_others] = list_held(intake, campaign.code)
    receipt = Client().get(f"/r/{receipt_code(commitment)}").content.decode()
    assert "Jawaban ini dikumpulkan di tempat lain" in receipt
    assert SOURCE in receipt
    export = client.get(f"/laporan/{campaign.code}/jawaban.csv")
    assert f"{campaign.code}-diimpor.csv" in export["Content-Disposition"]
    opened = Statement.objects.get(name=f"opened/{campaign.code}").as_said()
    assert "notice" not in opened


def test_a_region_compares_no_imported_results(
    budi: User, ratna: User, sambas: Unit, kanwil: Unit, login: Login
) -> None:
    bring_in(login(budi), table([[3] * 9] * 12))
    assert list_periods(kanwil) == []
    assert results_below(kanwil, "Semester I 2019", date(2019, 6, 30)) == [(sambas, None)]


def test_two_files_of_one_source_are_shown_together_and_marked(
    budi: User, sambas: Unit, login: Login
) -> None:
    client = login(budi)
    first = bring_in(client, table([[3] * 9] * 12))
    codes = ["DISKRIMINASI", "KECURANGAN", "IMBALAN", "PUNGLI", "PERCALOAN"]
    second = bring_in(client, table([[4] * 5] * 12, codes), instruments=["spak-5-4"])
    page = client.get(f"/laporan/{second.code}/").content.decode()
    assert first.code in page
    assert "tidak disahkan oleh kantor mana pun" in page
    assert "✓ disahkan" not in page
