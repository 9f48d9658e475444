"""What leaves as data is answers only, shuffled anew; who gave them is shown as tables of ten or more."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from django.conf import settings as installed
from django.test import Client
from pytest_django import Settings

from tera.engine.disclosure import K
from tera.engine.response import Response
from tera.intake import erasing, inbox
from tera.intake.exporting import list_answer_bytes
from tera.intake.inbox import new_key
from tera.intake.submission import base64url
from tera.intake.tables import Database
from tera.portal.accounts.models import Assignment, User
from tera.portal.jobs.actions import run_due
from tera.portal.jobs.models import Job, State
from tera.portal.ledger.models import Event
from tera.portal.results import actions as results
from tera.portal.results import leaving
from tera.portal.results.queries import result_with
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all, exclude
from tests.portal.plans import plan_for
from tests.portal.respondents import Respondent

NOW = datetime.now(UTC)
Login = Callable[[User], Client]
WOMAN, MAN, UNSAID = 1, 2, 255


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> None:
    """Let the files of jobs lie in this test's own folder."""
    settings.JOBS_FOLDER = tmp_path / "jobs"


def let_say(campaign: Campaign, *people: int, score: int = 3, service: str = "PASPOR") -> list[bytes]:
    """Let somebody of each sex answer the same throughout; return their commitments."""
    answers = (score,) * len(campaign.form.codes)
    held = [
        actions.held(Response(campaign.code, 20780, 1, service, (sex, 3, 0, 0), False, answers))
        for sex in people
    ]
    inbox.put(installed.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def let_differ(campaign: Campaign, count: int) -> None:
    """Let people answer, each in a way of their own."""
    held = []
    for person in range(count):
        digits = [person // 4**place % 4 + 1 for place in range(len(campaign.form.codes))]
        held.append(
            actions.held(Response(campaign.code, 20780, 1, "", (WOMAN, 0, 0, 0), False, tuple(digits)))
        )
    inbox.put(installed.INTAKE, campaign.code, held)
    actions.seal_due(NOW)


def certified(campaign: Campaign, ratna: User) -> None:
    close_all()
    results.certify(campaign, by=ratna, at=NOW)


def fetched(client: Client, form: str, code: str = "sambas1") -> bytes:
    """Order a file as the page does, let the worker write it, and fetch it."""
    reply = client.post(f"/laporan/{code}/unduh/", {"format": form})
    assert reply.status_code == 302
    assert run_due()
    assert Job.objects.latest("pk").problem == ""
    return b"".join(client.get(f"{reply['Location']}berkas/"))


def table(packed: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return list(csv.DictReader(io.StringIO(opened.read(name).decode())))


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content), data_only=True)[name].values)


def test_one_click_gives_the_processing_table_with_the_index_of_the_page(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[WOMAN] * 20, *[MAN] * 15)
    certified(campaign, ratna)
    client = login(budi)
    page = client.get("/laporan/sambas1/unduh/").content.decode()
    assert 'value="xlsx"' in page
    assert "Excel berbahasa Indonesia menaruhnya dalam satu kolom" in page
    assert 'href="/laporan/sambas1/unduh/"' in client.get("/laporan/sambas1/").content.decode()
    rows = sheet(fetched(client, "xlsx"), "Tabel pengolahan")
    assert rows[1][:3] == ("No.", "PERSYARATAN", "PROSEDUR")
    assert [row[1:] for row in rows[2:37]] == [(3,) * 14] * 35
    below = {row[0]: row[1:] for row in rows[37:]}
    assert (below["Jumlah nilai"][0], below["Nilai konversi"][0]) == (105, 75)
    assert result_with(campaign).indices[0].converted == 75


def test_every_format_holds_the_same_answers(campaign: Campaign, budi: User, login: Login) -> None:
    let_differ(campaign, 60)
    given = Counter(leaving.rows_of(result_with(campaign)))
    assert given.total() == 40
    client = login(budi)
    in_csv = table(fetched(client, "csv"), "jawaban.csv")
    assert Counter(bytes(int(cell or 0) for cell in row.values()) for row in in_csv) == given
    with zipfile.ZipFile(io.BytesIO(fetched(client, "parquet"))) as opened:
        file = opened.extract("jawaban.parquet", installed.JOBS_FOLDER)
    assert (
        Counter(bytes(score or 0 for score in row) for row in duckdb.read_parquet(file).fetchall()) == given
    )
    rows = sheet(fetched(client, "xlsx"), "Tabel pengolahan")[2:-7]
    assert Counter(bytes(score or 0 for score in row[1:]) for row in rows) == given


def test_more_answers_than_are_fetched_at_once_all_leave(campaign: Campaign, intake: Database) -> None:
    let_differ(campaign, 60)
    everything = list_answer_bytes(intake, "sambas1")
    assert len(everything) == len(set(everything)) == 40
    assert list_answer_bytes(intake, "sambas1", at_once=7) == everything


def test_nothing_leaves_but_answers(campaign: Campaign, budi: User, ratna: User, login: Login) -> None:
    named = let_say(campaign, *[WOMAN] * 20, *[MAN] * 15)
    certified(campaign, ratna)
    client = login(budi)
    assert list(table(fetched(client, "csv"), "jawaban.csv")[0]) == list(campaign.form.codes)
    for form in ("csv", "xlsx", "parquet"):
        with zipfile.ZipFile(io.BytesIO(fetched(client, form))) as opened:
            content = b"".join(map(opened.read, opened.namelist()))
        assert not [one for one in named if one in content or one.hex().encode() in content]
        assert b"20780" not in content
        assert b"2026-11-23" not in content  # which is that day


def test_each_export_is_shuffled_anew(campaign: Campaign, budi: User, login: Login) -> None:
    let_differ(campaign, 100)
    found, client = result_with(campaign), login(budi)
    one, other = (table(fetched(client, "csv"), "jawaban.csv") for _ in range(2))
    assert one != other
    assert leaving.rows_of(found) != leaving.rows_of(found)
    assert sorted(map(str, one)) == sorted(map(str, other))


def test_the_codebook_says_where_the_answers_are_from_and_what_is_left_out(
    campaign: Campaign, budi: User, ratna: User, irma: User, login: Login
) -> None:
    victim, *_ = let_say(campaign, *[WOMAN] * 40)
    actions.seal_due(NOW)
    client = login(budi)
    about = told(fetched(client, "csv"))
    assert about["Keadaan"].startswith("sementara")
    assert (about["Jumlah baris"], about["Jumlah jawaban masuk"]) == ("20", "40")
    assert about["Tidak termasuk"].startswith("20 jawaban yang belum tersegel")
    close_all()
    exclude(campaign, [victim], ratna, irma)
    results.certify(campaign, by=ratna, at=NOW)
    packed = fetched(client, "csv")
    about = told(packed)
    assert about["Keadaan"] == "disahkan"
    assert about["Unit"] == "Kanim Sambas (sambas)"
    assert about["Asal jawaban"] == "dijawab di Tera, tersegel"
    assert about["Tidak termasuk"].startswith("blok terakhir")
    assert "permenpanrb-14-2017" in about["Peraturan"]
    assert len(table(packed, "jawaban.csv")) == 20
    assert {line["kolom"] for line in table(packed, "codebook.csv")} == set(campaign.form.codes)


def told(packed: bytes) -> dict[str, str]:
    return {line["keterangan"]: line["isi"] for line in table(packed, "about.csv")}


def test_imported_answers_are_called_imported(sambas: Unit, budi: User, login: Login) -> None:
    plan = plan_for(NOW.date(), "skm-9", source="situs kantor")
    campaign = actions.record(unit=sambas, plan=plan, by=None, at=NOW, code="lama")
    actions.import_answers(campaign, [(3,) * 9] * 12)
    actions.tell_of_blocks()
    results.certify(campaign, by=None, at=NOW)
    about = told(fetched(login(budi), "csv", "lama"))
    assert about["Asal jawaban"] == "diimpor dari situs kantor"
    assert about["Keadaan"].startswith("diimpor")


def test_a_block_of_which_a_response_was_erased_stays_away(
    campaign: Campaign, budi: User, ratna: User, login: Login, sari: Respondent
) -> None:
    key, answers = new_key(NOW), dict.fromkeys(campaign.form.codes, 4)
    receipt = sari.send_json("/s/sambas1", key=base64url(key), answers=answers).json()["receipt"]
    let_say(campaign, *[WOMAN] * 45)
    actions.seal_due(NOW)
    certified(campaign, ratna)
    client = login(budi)
    before = table(fetched(client, "csv"), "jawaban.csv")
    erasing.erase(installed.INTAKE, receipt, key)
    actions.tell_of_blocks()
    packed = fetched(client, "csv")
    assert (len(before), len(table(packed, "jawaban.csv"))) in {(46, 20), (46, 26)}
    lines = [line["isi"] for line in table(packed, "about.csv") if line["keterangan"] == "Tidak termasuk"]
    assert lines[0].startswith("blok yang jawabannya dihapus")


# ---- Tables of who answered


def cells(packed: bytes, title: str, of: str = "sambas1") -> dict[str, str]:
    lines = table(packed, "tables.csv")
    return {line["kode"]: line["jumlah"] for line in lines if (line["tabel"], line["survei"]) == (title, of)}


def test_tables_come_with_the_certified_result_only(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[WOMAN] * 30, *[MAN] * 20)
    actions.seal_due(NOW)
    client = login(budi)
    with zipfile.ZipFile(io.BytesIO(fetched(client, "csv"))) as opened:
        assert "tables.csv" not in opened.namelist()
    certified(campaign, ratna)
    packed = fetched(client, "csv")
    assert cells(packed, "Jenis kelamin") == {"F": "30", "M": "20", "UNSAID": "0", "": "0"}
    assert cells(packed, "Layanan") == {"PASPOR": "50", "": "0"}
    assert cells(packed, "Saluran")["WEB"] == "50"
    assert cells(packed, "Periode", campaign.period) == {"sambas1": "50"}
    assert any(row[3] == "Perempuan" for row in sheet(fetched(client, "xlsx"), "Tabel responden"))


def test_a_cell_below_ten_is_shown_nowhere_and_cannot_be_computed(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[WOMAN] * 60, *[MAN] * 30, *[UNSAID] * 3)
    certified(campaign, ratna)
    packed = fetched(login(budi), "csv")
    hidden = "tidak ditampilkan"
    assert cells(packed, "Jenis kelamin") == {"F": "60", "M": hidden, "UNSAID": hidden, "": hidden}
    for numbers in numbers_of(packed):
        assert all(number == 0 or number >= K for number in numbers)
        assert sum(numbers) in {93, *range(93 - K + 1)}


def numbers_of(packed: bytes) -> Iterator[list[int]]:
    """Yield the numbers that each table shows."""
    lines = table(packed, "tables.csv")
    for title in {line["tabel"] for line in lines}:
        shown = [line["jumlah"] for line in lines if line["tabel"] == title]
        yield [int(number) for number in shown if number.isdigit()]


def test_a_table_never_changes_once_it_is_shown(
    campaign: Campaign, sambas: Unit, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[WOMAN] * 30, *[MAN] * 20)
    certified(campaign, ratna)
    before = cells(fetched(login(budi), "csv"), "Jenis kelamin")
    second = actions.open_campaign(unit=sambas, plan=plan_for(NOW.date()), by=budi, at=NOW, code="sambas2")
    let_say(second, *[WOMAN] * 29, MAN)
    certified(second, ratna)
    packed = fetched(login(budi), "csv")
    assert len(table(packed, "jawaban.csv")) == 80
    assert cells(packed, "Jenis kelamin") == before
    assert set(cells(packed, "Jenis kelamin", "sambas2").values()) == {"tidak ditampilkan"}


# ---- Who may


def test_dewi_of_another_unit_gets_nothing(campaign: Campaign, dewi: User, login: Login) -> None:
    let_say(campaign, *[WOMAN] * 50)
    actions.seal_due(NOW)
    client = login(dewi)
    assert client.get("/laporan/sambas1/unduh/").status_code == 403
    assert client.post("/laporan/sambas1/unduh/", {"format": "csv"}).status_code == 403
    assert client.post("/laporan/sambas1/unduh/audit/").status_code == 403
    assert not Job.objects.exists()


def test_whose_role_ends_before_the_worker_comes_gets_nothing(
    campaign: Campaign, budi: User, login: Login
) -> None:
    let_say(campaign, *[WOMAN] * 50)
    actions.seal_due(NOW)
    client = login(budi)
    address = client.post("/laporan/sambas1/unduh/", {"format": "csv"})["Location"]
    Assignment.objects.filter(user=budi).delete()
    assert run_due()
    assert "Peran Anda tidak lagi mengizinkan unduhan ini." in client.get(address).content.decode()
    assert Job.objects.get().state == State.FAILED


def test_with_too_few_answers_it_says_so(campaign: Campaign, budi: User, login: Login) -> None:
    let_say(campaign, *[WOMAN] * 29)
    actions.seal_due(NOW)
    client = login(budi)
    page = client.get("/laporan/sambas1/unduh/").content.decode()
    assert "Belum ada jawaban yang boleh diunduh." in page
    assert 'value="csv"' not in page
    address = client.post("/laporan/sambas1/unduh/", {"format": "csv"})["Location"]  # an old page still asks
    assert run_due()
    assert "Belum ada jawaban yang boleh diunduh." in client.get(address).content.decode()
    assert client.post("/laporan/sambas1/unduh/", {"format": "pdf"}).status_code == 400


def test_the_trail_says_who_took_what(campaign: Campaign, budi: User, login: Login) -> None:
    let_say(campaign, *[WOMAN] * 50)
    actions.seal_due(NOW)
    fetched(login(budi), "csv")
    deed = Event.objects.get(kind="DEED", deed="export-answers")
    assert (deed.who, deed.about) == ("budi", "sambas1: csv")


def test_rows_with_commitments_are_the_auditors_alone(
    campaign: Campaign, kanwil: Unit, budi: User, ratna: User, login: Login, folder: Path
) -> None:
    named = let_say(campaign, *[WOMAN] * 50)
    certified(campaign, ratna)
    auditor = User.objects.create_user("agus")
    Assignment.objects.create(user=auditor, role="AUDITOR", unit=kanwil)
    for person in (budi, ratna):
        assert login(person).post("/laporan/sambas1/unduh/audit/").status_code == 403
        assert "Buat berkas audit" not in login(person).get("/laporan/sambas1/unduh/").content.decode()
    client = login(auditor)
    assert "Buat berkas audit" in client.get("/laporan/sambas1/unduh/").content.decode()
    address = client.post("/laporan/sambas1/unduh/audit/")["Location"]
    assert run_due()
    packed = b"".join(client.get(f"{address}berkas/"))
    assert {line["commitment"] for line in table(packed, "responses.csv")} == {one.hex() for one in named}
    assert login(budi).get(f"{address}berkas/").status_code == 404
