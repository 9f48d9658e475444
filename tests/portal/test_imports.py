"""Old answers are brought in from a file: named by column, looked at, all of them or none, and marked."""

import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tera.engine.codelist import PROFILE_LISTS
from tera.engine.response import decode
from tera.intake.blocks import IMPORTED, list_blocks
from tera.intake.exporting import list_held
from tera.intake.form import day_number
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.imports import actions, uploads
from tera.portal.imports.days import day_of, orders_of
from tera.portal.jobs.actions import run_due
from tera.portal.ledger.actions import Contradiction
from tera.portal.ledger.models import Event, Statement
from tera.portal.results.queries import result_of
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.conftest import person
from tests.portal.importing import (
    CODES,
    SEKADAU,
    SOURCE,
    START,
    bring_in,
    name_columns,
    proposed,
    table,
    upload,
    workbook,
)
from tests.portal.plans import plan_for

Login = Callable[[User], Client]
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "uploads"


def sums(campaign: Campaign) -> dict[str, int]:
    [found] = result_of([campaign]).indices
    return {element.code: element.sum for element in found.elements}


def test_the_published_answers_give_the_published_index(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    address = upload(client, SEKADAU)
    page = name_columns(client, address, **{"urutan-0": "kuesioner"})
    assert re.search(r"78,63\s*<span", page)
    assert re.search(r"mutu\s+B", page)
    assert client.post(f"{address}periksa/").status_code == 302
    campaign = Campaign.objects.get()
    found = result_of([campaign])
    assert (found.count.sealed, found.indices[0].converted_shown) == (49, "78.63")
    assert (campaign.source, campaign.period, campaign.opened_by) == (SOURCE, "Semester I 2019", budi)
    assert (sums(campaign)["SARANA"], sums(campaign)["PENGADUAN"]) == (143, 159)
    said = Statement.objects.filter(name__contains=campaign.code).order_by("pk")
    assert [entry.kind for entry in said] == ["opened", "imported", "closed", "certified"]
    assert said[1].as_said()["source"] == SOURCE
    assert campaign.certification.certified_by is None
    assert Event.objects.filter(kind="DEED", deed="import-answers", who="budi").count() == 1


def test_the_order_of_u8_and_u9_must_be_answered(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    address = upload(client, SEKADAU)
    fields = proposed(client, address)
    assert [fields[f"kolom-{place}"] for place in (7, 8, 9)] == ["item:PERILAKU", "", ""]
    page = client.get(address).content.decode()
    assert 'name="urutan-0"' in page
    assert not re.search(r'name="urutan-0"[^>]*checked', page)
    said = client.post(address, fields).content.decode()
    assert "apa isi kolom u8 dan u9? Urutannya tidak boleh ditebak" in said
    # Nor does it help to name the columns without answering, or to say that they are something else.
    by_hand = {**fields, "kolom-8": "item:SARANA", "kolom-9": "item:PENGADUAN"}
    assert client.post(address, by_hand).status_code == 400
    assert "pilih urutannya" in client.post(address, {**by_hand, "urutan-0": "bukan"}).content.decode()
    assert client.post(f"{address}periksa/")["Location"] == address
    assert not Campaign.objects.exists()


def test_either_order_gives_its_own_sums(budi: User, sambas: Unit, login: Login) -> None:
    client, found = login(budi), []
    for order in ("kuesioner", "unsur"):
        address = upload(client, SEKADAU, source=f"{SOURCE}, urutan {order}")
        name_columns(client, address, **{"urutan-0": order})
        reply = client.post(f"{address}periksa/")
        campaign = Campaign.objects.get(code=reply["Location"].split("/")[2])
        found.append((sums(campaign)["SARANA"], sums(campaign)["PENGADUAN"]))
    assert found == [(143, 159), (159, 143)]


def test_other_numbers_are_asked_for_too(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    address = upload(client, table([[3] * 9], [f"Q{number}" for number in range(1, 10)]))
    assert set(proposed(client, address).values()) == {""}
    assert "Apa isi kolom Q8 dan Q9?" in client.get(address).content.decode()


def test_a_file_with_faults_lists_them_all_and_changes_nothing(
    budi: User, sambas: Unit, login: Login, intake: Database
) -> None:
    good: list[list[object]] = [[3] * 9] * 10
    rows: list[list[object]] = [
        *good,
        [7, *[3] * 8],
        [3] * 8,
        [""] * 9,
        [3] * 9,
        ["baik sekali", *[3] * 7, 0],
    ]
    client = login(budi)
    address = upload(client, table(rows))
    before = Statement.objects.count()
    page = name_columns(client, address)
    faults = re.findall(r"<li><strong>(Baris \d+[^<]*)</strong>", page.split("Baris pertama, seperti")[0])
    assert faults == [
        "Baris 12, PERSYARATAN",
        "Baris 13",
        "Baris 14",
        "Baris 16, PERSYARATAN",
        "Baris 16, PENGADUAN",
    ]
    assert "5 hal perlu dibetulkan di berkas; dari 15 baris tidak satu pun dimasukkan" in page
    assert "1 sampai 4, atau kosong" in page
    assert "Masukkan 15 jawaban" not in page
    assert client.post(f"{address}periksa/").status_code == 400
    assert not Campaign.objects.exists()
    assert Statement.objects.count() == before
    with intake.transaction(writes=False) as cursor:
        assert cursor.rows("SELECT COUNT(*) FROM blocks") == [(0,)]
        assert cursor.rows("SELECT COUNT(*) FROM sealed") == [(0,)]


def test_stars_are_not_converted_but_their_questionnaire_is_named(
    budi: User, sambas: Unit, login: Login
) -> None:
    client = login(budi)
    codes = ["DISKRIMINASI", "KECURANGAN", "IMBALAN", "PUNGLI", "PERCALOAN"]
    stars = table([[5, 6, 4, 5, 6]] * 10, codes)
    address = upload(client, stars, instruments=["spak-5-4"])
    assert (
        "Kembali dan pilih kuesioner itu; nilai tidak pernah diubah" in client.get(address).content.decode()
    )
    assert "kuesioner dengan skala 1–6 adalah spak-5-6" in name_columns(client, address)
    campaign = bring_in(client, stars, instruments=["spak-5-6"])
    assert result_of([campaign]).count.sealed == 10


def test_a_workbook_with_dates_services_and_profiles(
    budi: User, sambas: Unit, login: Login, intake: Database
) -> None:
    client = login(budi)
    header = [*CODES, "Tanggal", "Jenis layanan", "Jenis kelamin", "Usia", "Catatan"]
    rows: list[list[object]] = [
        [*[4] * 9, date(2019, 3, 5), "paspor", "Perempuan", 30, None],
        [*[3] * 9, datetime(2019, 6, 30, 8, 30), "PASPOR", "L", "65+", "terima kasih"],  # noqa: DTZ001  as Excel
        [*[3] * 8, None, "7 Mei 2019", "Visa", None, None, None],
    ] * 8
    address = upload(client, workbook([header, *rows]), "rekap.xlsx")
    fields = proposed(client, address)
    assert [fields[f"kolom-{place}"] for place in range(9, 14)] == [
        "day",
        "service",
        "profile:sex",
        "profile:age_band",
        "",
    ]
    refused = client.post(address, fields).content.decode()
    assert "Kolom Jenis layanan: pilih arti nilai “Visa”" in refused
    assert "Kolom Jenis kelamin: pilih arti nilai “L”" in refused
    page = name_columns(client, address, **{"nilai-10-1": "-", "nilai-11-0": "M"} | {"nilai-10-0": "PASPOR"})
    for understood in ("5 Maret 2019", "30 Juni 2019", "Laki-laki", "25–34", "Paspor"):
        assert understood in page
    assert client.post(f"{address}periksa/").status_code == 302
    campaign = Campaign.objects.get()
    said = [decode(body) for _, (_, _, body) in list_held(intake, campaign.code)]
    days = {day_number(day) for day in (date(2019, 3, 5), date(2019, 6, 30), date(2019, 5, 7))}
    assert {response.day for response in said} == days
    assert sorted(response.service for response in said) == [""] * 8 + ["PASPOR"] * 16
    assert len(PROFILE_LISTS) == 4
    assert {response.profile for response in said} == {(1, 3, 0, 0), (2, 7, 0, 0), (0, 0, 0, 0)}
    assert sums(campaign)["PENGADUAN"] == 56


def test_days_outside_the_period_are_faults(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    rows = [[*[3] * 9, "31/07/2019"], [*[3] * 9, "30/06/2019"], [*[3] * 9, "kemarin"], [*[3] * 9, ""]]
    page = name_columns(client, upload(client, table(rows, [*CODES, "Tanggal"])))
    assert re.findall(r"<strong>(Baris \d+), Tanggal", page) == ["Baris 2", "Baris 4", "Baris 5"]
    assert "tanggal dalam periode, 01/01/2019 sampai 30/06/2019" in page


def test_a_date_that_can_be_read_in_two_ways_is_asked(
    budi: User, sambas: Unit, login: Login, intake: Database
) -> None:
    client = login(budi)
    address = upload(client, table([[*[3] * 9, "03/04/2019"]] * 10, [*CODES, "Tanggal"]))
    fields = proposed(client, address)
    assert "Pilih bagaimana tanggal di berkas ini ditulis" in client.post(address, fields).content.decode()
    name_columns(client, address, **{"hari-bulan": "bulan"})
    client.post(f"{address}periksa/")
    held = list_held(intake, Campaign.objects.get().code)
    assert {decode(body).day for _, (_, _, body) in held} == {day_number(date(2019, 3, 4))}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-03-05", date(2019, 3, 5)),
        ("2019-03-05 08:30:00", date(2019, 3, 5)),
        ("5/3/2019", date(2019, 3, 5)),
        ("5 Maret 2019", date(2019, 3, 5)),
        ("05-Agt-2019", date(2019, 8, 5)),
        ("31/02/2019", None),
        ("43529", None),
        ("5 Mart 2019", None),
    ],
)
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert day_of(text, day_first=True) == day


def test_one_date_tells_the_order_of_all() -> None:
    assert orders_of(["03/04/2019", "25/03/2019"]) == {True}
    assert orders_of(["03/04/2019", "03/25/2019"]) == {False}
    assert orders_of(["03/04/2019"]) == {True, False}
    assert orders_of(["04/04/2019", "2019-03-05"]) == set()


def test_the_words_of_the_options_are_scores(budi: User, sambas: Unit, login: Login) -> None:
    words = "Sangat sesuai,Mudah,Cepat,Gratis,Sesuai,Kompeten,Sopan dan ramah,Baik,Dikelola dengan baik"
    campaign = bring_in(login(budi), table([words.split(",")] * 10))
    assert list(sums(campaign).values()) == [40, 30, 30, 40, 30, 30, 30, 30, 40]


def test_dewi_of_another_unit_is_refused(
    budi: User, dewi: User, ratna: User, sambas: Unit, lapas: Unit, login: Login
) -> None:
    address = upload(login(budi), table([[3] * 9] * 10))
    name_columns(login(budi), address)
    for other in (dewi, ratna):
        for page in ("/impor/sambas/", address, f"{address}periksa/"):
            assert login(other).get(page).status_code == 403
            assert login(other).post(page).status_code == 403
    mine = address.replace("/sambas/", "/lapas/")
    assert login(dewi).get(mine).status_code == 404
    assert "/masuk/" in Client().get(address)["Location"]
    found = uploads.get(address.split("/")[3].split(":")[0])
    with pytest.raises(PermissionDenied):
        actions.run(found, unit=sambas, by=dewi, at=NOW)
    assert not Campaign.objects.exists()


def test_another_operator_of_the_unit_does_not_find_the_upload(
    budi: User, sambas: Unit, login: Login, home: Path
) -> None:
    address = upload(login(budi), table([[3] * 9] * 10))
    assert login(person("joko", "OPERATOR", sambas)).get(address).status_code == 404
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(place.stat().st_mode) for place in home.iterdir()} == {0o600}


def test_the_file_is_gone_once_it_is_imported(budi: User, sambas: Unit, login: Login, home: Path) -> None:
    client = login(budi)
    address = upload(client, table([[3] * 9] * 10))
    name_columns(client, address)
    first = client.post(f"{address}periksa/")
    assert [place.suffix for place in home.iterdir()] == [".json"]
    again = client.post(f"{address}periksa/")
    assert again["Location"] == first["Location"]
    assert Campaign.objects.count() == 1


def test_the_same_source_is_imported_once(budi: User, sambas: Unit, login: Login) -> None:
    client = login(budi)
    campaign = bring_in(client, table([[3] * 9] * 10))
    fields = {**START, "file": SimpleUploadedFile("lagi.csv", table([[3] * 9] * 10))}
    said = client.post("/impor/sambas/", fields).content.decode()
    assert f"sudah dimasukkan untuk periode itu ({campaign.code})" in said


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"source": ""}, "Bidang ini"),
        ({"year": str(NOW.year), "part": "Tahun"}, "Periode ini belum selesai"),
        ({"part": "Semester III"}, "bukan"),
        ({"instruments": ["spak-5-4", "spak-5-6"]}, "Pilih satu saja dari kuesioner yang sama"),
        ({"file": SimpleUploadedFile("kosong.csv", b"")}, "Berkas ini kosong"),
        ({"file": SimpleUploadedFile("tua.xls", b"\xd0\xcf\x11\xe0" * 9)}, "tidak terbaca sebagai tabel"),
        ({"file": SimpleUploadedFile("satu.csv", b"u1,u2\n")}, "tidak terbaca sebagai tabel"),
    ],
)
def test_what_cannot_be_taken_says_why(
    budi: User, sambas: Unit, login: Login, home: Path, changes: dict[str, object], complaint: str
) -> None:
    fields = {**START, "file": SimpleUploadedFile("rekap.csv", SEKADAU), **changes}
    reply = login(budi).post("/impor/sambas/", fields)
    assert reply.status_code == 400
    assert complaint in reply.content.decode()
    assert not home.exists()


def test_an_import_that_is_interrupted_is_finished_by_doing_it_again(
    budi: User, sambas: Unit, login: Login, intake: Database, home: Path
) -> None:
    client = login(budi)
    address = upload(client, SEKADAU)
    name_columns(client, address, **{"urutan-0": "kuesioner"})
    found = uploads.get(address.split("/")[3].split(":")[0])
    # The block is written, then the ledger refuses: something else is said under the same name.
    stone = Statement.objects.create(kind="closed", name=f"closed/{found.code}", content=b"{}")
    with pytest.raises(Contradiction):
        client.post(f"{address}periksa/")
    [left] = list_blocks(intake, [found.code])
    assert (left.kind, left.responses) == (IMPORTED, 49)
    assert not Campaign.objects.exists()
    assert Statement.objects.count() == 1
    assert "Belum ada hasil" in Client().get("/hasil/").content.decode()
    stone.delete()
    assert client.post(f"{address}periksa/").status_code == 302
    campaign = Campaign.objects.get()
    assert list_blocks(intake, [campaign.code]) == [left]
    assert result_of([campaign]).indices[0].converted_shown == "78.63"
    assert not list(home.glob("*.table"))


def test_other_answers_under_the_code_are_not_taken_over(sambas: Unit) -> None:
    plan = plan_for(date(2019, 1, 1), "skm-9", source=SOURCE)
    campaign = surveys.record(unit=sambas, plan=plan, by=None, at=NOW, code="lama")
    surveys.import_answers(campaign, [(3,) * 9] * 10)
    with pytest.raises(surveys.LeftOver):
        surveys.import_answers(campaign, [(4,) * 9] * 10)


def test_a_large_file_is_imported_by_the_worker(
    budi: User, sambas: Unit, login: Login, settings: Settings, tmp_path: Path
) -> None:
    settings.JOBS_FOLDER = tmp_path / "jobs"
    client = login(budi)
    address = upload(client, table([[3] * 9] * 5001))
    name_columns(client, address)
    reply = client.post(f"{address}periksa/")
    assert not Campaign.objects.exists()
    assert run_due()
    [campaign] = Campaign.objects.all()
    assert (result_of([campaign]).count.sealed, campaign.opened_by) == (5001, budi)
    assert "selesai" in client.get(reply["Location"]).content.decode()
    assert client.get(f"{address}periksa/")["Location"] == f"/laporan/{campaign.code}/"


def test_what_is_not_imported_is_removed_after_a_day(
    budi: User, sambas: Unit, login: Login, home: Path
) -> None:
    client = login(budi)
    address = upload(client, table([[3] * 9] * 10))
    for place in home.iterdir():
        os.utime(place, (0, 0))
    other = upload(client, table([[4] * 9] * 10))
    assert client.get(address).status_code == 404
    assert client.get(other).status_code == 200
    assert len(list(home.iterdir())) == 2
