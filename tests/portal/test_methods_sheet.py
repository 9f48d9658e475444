"""A methods sheet is made by the program, finished by the unit, and whole before a result is certified."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from django.conf import settings as installed
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import Settings

from tera.engine.response import Response
from tera.engine.schema import SchemaError
from tera.intake import inbox
from tera.portal.accounts.models import User
from tera.portal.demo import actions as demo
from tera.portal.ledger.models import Event
from tera.portal.results import actions as results
from tera.portal.results.methods.actions import CannotFill, fill
from tera.portal.results.methods.fields import FILE, fields, parse
from tera.portal.results.methods.makers import MAKERS
from tera.portal.results.methods.sheet import empty_fields, sheet_of
from tera.portal.results.models import Certification, Written
from tera.portal.results.queries import result_of
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all, exclude, verify
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
Login = Callable[[User], Client]
SHEET, FORM = "/laporan/sambas1/metode/", "/laporan/sambas1/metode/isi/"
PUBLIC, DATA = "/hasil/sambas1/metode/", "/hasil/sambas1/metode.json"
TEXTS = {
    "invited": "Poster di loket 1–3.\r\nPetugas menyebut survei.",
    "incentives": "Tidak ada.",
    "field": "Listrik padam satu hari.",
    "contact": "Bagian pengaduan, (0562) 000000.",
}


def let_say(campaign: Campaign, *scores: int, channel: int = 1) -> list[bytes]:
    """Let people answer, each with one score throughout; return their commitments."""
    codes = campaign.form.codes
    said = [
        Response(campaign.code, 20780, channel, "", (0, 0, 0, 0), False, (one,) * len(codes))
        for one in scores
    ]
    held = [actions.held(response) for response in said]
    inbox.put(installed.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def end(campaign: Campaign) -> None:
    """Let the campaign end, before anybody wrote in its sheet."""
    actions.seal_due(datetime(2100, 1, 1, tzinfo=UTC))
    actions.tell_of_blocks()
    verify(campaign)


def data_of(campaign: Campaign, field: str) -> dict[str, Any]:
    """Return what a program reads in one field."""
    found = sheet_of(campaign).as_data()["fields"]
    assert isinstance(found, list)
    [entry] = [entry for entry in found if entry["id"] == field]
    return dict(entry["data"])


def text_of(page: bytes) -> str:
    """Return what a reader sees, with single spaces."""
    main = page.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", main)).split())


# ---- Whole before it is certified


def test_an_empty_field_refuses_the_certification_and_is_named(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 31)
    end(campaign)
    with pytest.raises(results.SheetIncomplete, match="invited, incentives, field, contact") as refused:
        results.certify(campaign, by=ratna, at=NOW)
    assert [field.id for field in refused.value.fields] == list(TEXTS)
    fill(campaign, {**TEXTS, "field": ""}, by=budi, at=NOW)
    with pytest.raises(results.SheetIncomplete, match=r"are empty: field$"):
        results.certify(campaign, by=ratna, at=NOW)
    assert not Certification.objects.exists()
    reply = login(ratna).post("/laporan/sambas1/sahkan/", follow=True)
    assert reply.redirect_chain == [("/laporan/sambas1/?ditolak=metode", 302)]
    page = text_of(reply.content)
    assert "Belum dapat disahkan: lembar metode belum lengkap. Masih kosong: Kejadian di lapangan." in page
    assert "Sahkan hasil ini…" not in page
    assert "Diisi oleh operator atau kepala unit." in page


def test_whoever_runs_the_unit_fills_it_and_the_region_certifies(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 31)
    end(campaign)
    office = login(budi)
    assert f'href="{FORM}"' in office.get("/laporan/sambas1/").content.decode()
    assert "Masih kosong: Cara mengundang dalam praktik" in text_of(office.get(SHEET).content)
    reply = office.post(FORM, TEXTS, follow=True)
    assert "Tersimpan." in text_of(reply.content)
    assert "Poster di loket 1–3.\nPetugas menyebut survei." in unescape(reply.content.decode())
    assert empty_fields(campaign) == []
    assert f'href="{FORM}"' not in office.get("/laporan/sambas1/").content.decode()
    results.certify(campaign, by=ratna, at=NOW)
    assert text_of(Client().get(PUBLIC).content).count("Listrik padam satu hari.") == 1


def test_a_field_of_the_program_may_be_no_emptier(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 31)
    close_all()
    Campaign.objects.update(instrument_ids=[])
    with pytest.raises(results.SheetIncomplete, match=r"are empty: questionnaires$"):
        results.certify(Campaign.objects.get(code="sambas1"), by=ratna, at=NOW)


def test_nothing_changes_after_the_certification(
    campaign: Campaign, budi: User, ratna: User, login: Login
) -> None:
    let_say(campaign, *[4] * 31)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    before, events = sheet_of(campaign).as_data(), Event.objects.filter(kind="DEED").count()
    with pytest.raises(CannotFill, match="sambas1 is certified; its methods sheet does not change any more"):
        fill(campaign, TEXTS, by=budi, at=NOW)
    office = login(budi)
    for reply in (office.get(FORM), office.post(FORM, TEXTS)):
        assert (reply.status_code, reply.headers["Location"]) == (302, SHEET)
    assert f'href="{FORM}"' not in office.get(SHEET).content.decode()
    assert sheet_of(campaign).as_data() == before
    assert Event.objects.filter(kind="DEED").count() == events


def test_every_change_is_kept_and_leaves_a_line_in_the_trail(campaign: Campaign, budi: User) -> None:
    assert fill(campaign, {"field": "Tidak ada."}, by=budi, at=NOW) == ["field"]
    assert fill(campaign, {"field": " Tidak ada.  \r\n"}, by=budi, at=NOW) == []  # the same
    assert fill(campaign, {"field": "Listrik padam.", "contact": "Loket 2"}, by=budi, at=NOW) == [
        "field",
        "contact",
    ]
    kept = Written.objects.filter(field="field").order_by("number").values_list("number", "text")
    assert list(kept) == [(1, "Tidak ada."), (2, "Listrik padam.")]
    trail = Event.objects.filter(deed="fill-methods").order_by("pk").values_list("who", "unit", "about")
    assert list(trail) == [
        ("budi", "sambas", "sambas1: field"),
        ("budi", "sambas", "sambas1: field, contact"),
    ]
    [stands] = [entry for entry in sheet_of(campaign).entries if entry.field.id == "field"]
    assert stands.value.rows[0].text == "Listrik padam."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-", "Tulis dengan kata. Bila tidak ada yang perlu disebut, tulis: Tidak ada."),
        ("aaa", "Tulis dengan kata. Bila tidak ada yang perlu disebut, tulis: Tidak ada."),
        ("\u3164" * 12, "Ada tanda yang tidak dapat dicetak; ketik ulang teksnya."),
        ("nomor \u202e1234 loket", "Ada tanda yang tidak dapat dicetak; ketik ulang teksnya."),
        ("x" * 601, "Paling banyak 600 huruf; ini 601."),
        ("Tidak\x07 ada", "Ada tanda yang tidak dapat dicetak; ketik ulang teksnya."),
    ],
)
def test_what_cannot_stand_there_is_refused_with_the_reason(
    campaign: Campaign, budi: User, login: Login, text: str, problem: str
) -> None:
    reply = login(budi).post(FORM, {**TEXTS, "incentives": text})
    assert reply.status_code == 400
    assert problem in text_of(reply.content)
    with pytest.raises(CannotFill, match=f"incentives: {re.escape(problem)}"):
        fill(campaign, {"incentives": text}, by=budi, at=NOW)
    assert not Written.objects.exists()


def test_a_field_of_the_program_is_written_by_nobody(campaign: Campaign, budi: User) -> None:
    with pytest.raises(CannotFill, match="sizes is not written by people; these are: invited, incentives"):
        fill(campaign, {"sizes": "Seribu."}, by=budi, at=NOW)


# ---- Who reads and writes it


def test_the_people_of_a_unit_write_only_their_own(
    campaign: Campaign, budi: User, dewi: User, ratna: User, login: Login
) -> None:
    for somebody in (dewi, ratna):
        with pytest.raises(PermissionDenied):
            fill(campaign, TEXTS, by=somebody, at=NOW)
        assert login(somebody).post(FORM, TEXTS).status_code == 403
    assert [login(one).get(SHEET).status_code for one in (budi, dewi, ratna)] == [200, 403, 200]
    assert not Written.objects.exists()


def test_the_public_sees_it_only_once_the_result_is_certified(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 31)
    close_all()
    assert [Client().get(page).status_code for page in (PUBLIC, DATA)] == [404, 404]
    results.certify(campaign, by=ratna, at=NOW)
    assert f'href="{PUBLIC}"' in Client().get("/hasil/sambas1/").content.decode()
    assert f'href="{DATA}"' in Client().get(PUBLIC).content.decode()
    told = json.loads(Client().get(DATA).content)
    assert (told["format"], told["campaign"]) == ("tera/methods/v1", "sambas1")
    assert [entry["id"] for entry in told["fields"]] == [field.id for field in fields().fields]


# ---- What stands in it


def test_every_field_has_a_value_on_each_certified_result_of_the_demo(db: None, settings: Settings) -> None:
    settings.IS_DEMO = True
    demo.grow(NOW)
    certified = Campaign.objects.filter(certification__isnull=False)
    assert certified.count() > 5
    for campaign in certified:
        found = sheet_of(campaign)
        assert [entry.field.id for entry in found.entries] == [field.id for field in fields().fields]
        assert found.empty == ()
        page = text_of(Client().get(f"/hasil/{campaign.code}/metode/").content)
        assert "masih kosong" not in page
        assert all(field.title["id"] in page for field in fields().fields)
    waiting = Campaign.objects.get(code__startswith="kanim-sambas-", certification=None)
    assert empty_fields(waiting) == []  # so that ratna can certify it with one button
    assert [field.id for field in empty_fields(Campaign.objects.get(code="demo"))] == list(TEXTS)


def test_its_numbers_are_those_of_the_result(campaign: Campaign, ratna: User, irma: User) -> None:
    angry = let_say(campaign, *[1] * 3)
    let_say(campaign, *[4] * 20, *[3] * 12)
    let_say(campaign, *[4] * 15, channel=2)
    close_all()
    exclude(campaign, angry, ratna, irma)
    results.certify(campaign, by=ratna, at=NOW)
    found, sizes = result_of([campaign]), data_of(campaign, "sizes")
    assert (sizes["received"], sizes["sealed"], sizes["excluded"]) == (50, 50, 3)
    assert sizes["counted"] == found.indices[0].n == 47
    assert sizes["target"] == campaign.target_sample == found.count.target
    assert Fraction(data_of(campaign, "response-rate")["rate"]) == Fraction(50, 1050)
    measures = {entry["measure"]: entry for entry in data_of(campaign, "precision")["measures"]}
    for index in (*found.indices, *found.zone.values()):
        told = measures[f"{index.measure.id}/{index.rulebook.id}"]
        assert (told["n"], Fraction(told["converted"])) == (index.n, index.converted)
        assert Fraction(told["lower_bound_95"]) < index.converted
    assert data_of(campaign, "mode")["channels"]["QR"] == 15
    assert data_of(campaign, "checks")["exclusions"] == {"STAFF": 3}
    page = text_of(Client().get(PUBLIC).content)
    assert "4,8 %: 50 jawaban dari 1.050 orang yang dilayani" in page
    assert "Pegawai unit sendiri: 3." in page


def test_bounds_for_those_who_did_not_answer_are_what_manski_says(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[3] * 30)
    close_all()
    Campaign.objects.update(population=120)
    campaign = Campaign.objects.get(code="sambas1")
    results.certify(campaign, by=ratna, at=NOW)
    [skm, *_] = data_of(campaign, "nonresponse")["measures"]
    assert skm["measure"] == "skm/permenpanrb-14-2017"
    # 30 said 3; the other 90 say 1, or 4: (90 + 90) / 120 and (90 + 360) / 120, times 25
    assert (Fraction(skm["lowest"]), Fraction(skm["highest"])) == (Fraction("37.5"), Fraction("93.75"))
    Campaign.objects.update(population=20)
    few = Campaign.objects.get(code="sambas1")
    assert data_of(few, "nonresponse")["measures"] == []
    assert "Lebih dari 100 %" in text_of(Client().get(PUBLIC).content)


def test_before_the_certification_no_channel_is_broken_down(
    campaign: Campaign, budi: User, login: Login
) -> None:
    let_say(campaign, *[4] * 40)
    actions.seal_due(NOW)
    assert data_of(campaign, "mode")["channels"] is None
    page = text_of(login(budi).get(SHEET).content)
    assert "Menurut saluran Tampil setelah hasil disahkan." in page
    assert "Masuk 40 Disegel 20; yang sudah disegel" in page
    assert "Menunggu disegel 20" in page


def test_fewer_than_ten_give_no_index_and_no_channel(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 9)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    assert data_of(campaign, "precision")["measures"] == []
    assert data_of(campaign, "mode")["channels"] is None
    assert "Tidak ada indeks: kurang dari 10 jawaban dihitung." in text_of(Client().get(PUBLIC).content)


def test_the_questionnaires_stand_there_word_by_word(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 12)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    told = {entry["id"]: entry for entry in data_of(campaign, "questionnaires")["questionnaires"]}
    assert list(told) == ["skm-9", "spak-5-4"]
    assert told["skm-9"]["sha256"] == campaign.rules["skm-9"]
    page = text_of(Client().get(PUBLIC).content)
    for instrument in campaign.instruments:
        for item, kept in zip(instrument.items, told[instrument.id]["items"], strict=True):
            assert kept["stem"] == dict(item.stem)
            assert all(item.stem[code] in page for code in ("id", "en"))
            assert all(option.label["id"] in page for option in item.options)
    Campaign.objects.update(rules={**campaign.rules, "skm-9": "0" * 64})
    changed = data_of(Campaign.objects.get(code="sambas1"), "questionnaires")["questionnaires"][0]
    assert changed["is_unchanged"] is False


def test_it_says_how_a_survey_was_extended_and_who_could_answer(
    sambas: Unit, campaign: Campaign, budi: User, ratna: User
) -> None:
    assert data_of(campaign, "selection")["is_random"] is False
    until = campaign.ends_on + timedelta(days=31)
    actions.extend(campaign, until, reason="banjir di Sambas", by=ratna, at=NOW)
    longer = Campaign.objects.get(code="sambas1")
    assert data_of(longer, "dates")["extensions"] == [
        {"until": until.isoformat(), "by": "kanwil", "reason": "banjir di Sambas"}
    ]
    plan = replace(plan_for(NOW.date()), levels=(1,))
    strict = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=NOW, code="tiket")
    assert data_of(strict, "frame")["levels"] == [1]
    said = [row.text for entry in sheet_of(strict).entries for row in entry.value.rows]
    assert "Hanya pemegang tiket; satu tiket untuk satu jawaban." in said


def test_a_sheet_of_imported_answers_says_what_is_not_known(sambas: Unit, budi: User, login: Login) -> None:
    plan = replace(plan_for(NOW.date(), "skm-9", source="situs kantor"), population=0)
    campaign = actions.record(unit=sambas, plan=plan, by=None, at=NOW, code="lama")
    actions.import_answers(campaign, [(3,) * 9] * 12)
    actions.tell_of_blocks()
    results.certify(campaign, by=None, at=NOW)
    assert sheet_of(campaign).empty == ()
    told = {entry.field.id: entry.value.rows[0].text for entry in sheet_of(campaign).entries}
    assert {name for name, text in told.items() if text.startswith("Tidak diketahui")} >= {
        *("strategy", "notice", "frame", "selection", "mode"),
        *TEXTS,
    }
    assert data_of(campaign, "sizes")["received"] == 12
    assert data_of(campaign, "response-rate")["rate"] is None
    with pytest.raises(CannotFill, match="collected elsewhere"):
        fill(campaign, TEXTS, by=budi, at=NOW)
    assert login(budi).get("/laporan/lama/metode/isi/").status_code == 302
    assert "situs kantor" in text_of(Client().get("/hasil/lama/metode/").content)


def test_a_result_that_was_certified_before_there_were_sheets_keeps_its_page(
    campaign: Campaign, ratna: User
) -> None:
    let_say(campaign, *[4] * 12)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    Written.objects.all().delete()
    assert "Tidak ditanyakan ketika hasil ini disahkan." in text_of(Client().get(PUBLIC).content)


def test_the_sheet_is_told_in_english_too(campaign: Campaign, ratna: User) -> None:
    let_say(campaign, *[4] * 12)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    reader = Client()
    reader.cookies[installed.LANGUAGE_COOKIE_NAME] = "en"
    page = text_of(reader.get(PUBLIC).content)
    assert "Not a random sample. Everybody decided for themselves whether to answer." in page
    assert "Bukan sampel acak" not in page
    assert reader.get(DATA).json()["language"] == "en"


# ---- The list of fields


def test_each_field_is_made_or_written_and_names_its_source() -> None:
    listed = fields()
    assert {field.id for field in listed.fields if not field.is_written} == set(MAKERS)
    assert [field.id for field in listed.written] == list(TEXTS)
    assert all(field.sources and field.title["en"] and field.answers["en"] for field in listed.fields)
    assert {field.part for field in listed.fields} == set(listed.parts)
    asked = {source for field in listed.fields for source in field.sources}
    assert {f"AAPOR A.{number}" for number in range(1, 12)} <= asked  # all that is disclosed at once


@pytest.mark.parametrize(
    ("line", "wrong", "problem"),
    [
        ('by = "program"', 'by = "nobody"', "'nobody' is not allowed; use one of program, people"),
        ('"AAPOR A.1"', '"ABC 1"', "'ABC 1' is in none of AAPOR, OMB, ISO"),
        ('id = "strategy"', 'id = "sponsor"', "'sponsor' stands there twice"),
        ("longest = 400", "longest = 0", "0 is not 1 to 5000"),
        ('part = "quality"', 'part = "rest"', "'rest' is not allowed"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(line: str, wrong: str, problem: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert line in text
    with pytest.raises(SchemaError, match=re.escape(problem)):
        parse(text.replace(line, wrong, 1))
