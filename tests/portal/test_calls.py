"""Ratna calls people back: drawn at random so that anybody can draw again, and forgotten when it is done."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from scipy.stats import beta

from tera.engine.sampling import draw as drawn
from tera.intake.tables import Database
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event
from tera.portal.review.calls.actions import CannotCall, Pool, draw, finish, forget_due, note
from tera.portal.review.calls.bound import BAD, REACHED, bound_of
from tera.portal.review.calls.contacts import LIST_MOST, BadLines, Contact, read_contacts
from tera.portal.review.calls.naming import OUTCOMES
from tera.portal.review.calls.queries import finished_rounds, script
from tera.portal.review.models import Call, CallRound
from tera.portal.review.models.calls import Outcome
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.respondents import let_answer

NOW = datetime.now(UTC)
Login = Callable[[User], Client]
PAGE = "/tinjauan/sambas1/panggilan/"
NUMBERS = [f"0812 3456 {number:04}" for number in range(200)]
LIST = "".join(f"{number},TRX-{place}\n" for place, number in enumerate(NUMBERS, 1))
DRAW = {"deed": "draw", "source": "CONTACTS", "contacts": LIST, "sample": 59}


def text_of(client: Client) -> str:
    reply = client.get(PAGE)
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


def everything_kept() -> str:
    """Return every row of every table of the portal as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            rows += cursor.fetchall()
    return repr(rows)


def call_all(found: CallRound, by: User, *outcomes: Outcome) -> None:
    """Call everybody: these outcomes first, and then all were genuine."""
    for place, call in enumerate(found.calls.order_by("pk")):
        note(found, call.place, outcomes[place] if place < len(outcomes) else Outcome.GENUINE, by=by)


def test_a_round_is_drawn_so_that_anybody_can_draw_it_again(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    assert login(ratna).post(PAGE, DRAW).status_code == 302
    found = CallRound.objects.get()
    [event] = Event.objects.filter(deed="draw-calls")
    said = re.search(r"population=(\d+) sample=(\d+) seed=([0-9a-f]{64}) (\S+):", event.about)
    assert said
    assert said.groups() == ("200", "59", found.seed, script().id)
    places = drawn(bytes.fromhex(said[3]), 200, 59)
    assert list(found.calls.order_by("pk").values_list("place", "contact")) == [
        (place, NUMBERS[place - 1]) for place in places
    ]
    assert found.delete_on - found.at.date() >= timedelta(days=29)


def test_nobody_else_is_kept_and_nobody_is_in_the_trail(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    login(ratna).post(PAGE, DRAW)
    called = set(CallRound.objects.get().calls.values_list("contact", flat=True))
    kept = everything_kept()
    assert {number for number in NUMBERS if number in kept} == called
    trail = repr(list(Event.objects.values_list()))
    assert not any(number in trail for number in NUMBERS)
    assert "TRX-" not in trail


def test_a_round_is_drawn_once(campaign: Campaign, ratna: User, login: Login) -> None:
    browser = login(ratna)
    browser.post(PAGE, DRAW)
    seed = CallRound.objects.get().seed
    assert browser.post(PAGE, DRAW)["Location"] == PAGE
    assert CallRound.objects.get().seed == seed
    with pytest.raises(CannotCall, match="under way"):
        draw(campaign, Pool.of_register(10), 5, by=ratna, at=NOW)


def test_one_is_called_after_the_other(campaign: Campaign, ratna: User, login: Login) -> None:
    browser = login(ratna)
    browser.post(PAGE, {**DRAW, "sample": 3})
    first, second, _third = CallRound.objects.get().calls.order_by("pk")
    page = text_of(browser)
    assert f"{first.contact} Nomor transaksi: {first.reference}" in page
    assert second.contact not in page
    assert "Saya menelepon dari Kanwil Kalbar" in page
    assert "Apakah Anda dilayani di Kanim Sambas pada" in page
    assert "0 / 3" in page
    browser.post(PAGE, {"deed": "note", "place": first.place, "outcome": "NOT_REACHED"})
    page = text_of(browser)
    assert "1 / 3" in page
    assert f"{second.contact} Nomor transaksi" in page
    browser.post(PAGE, {"deed": "note", "place": first.place, "outcome": "GENUINE"})  # tried once more
    assert Call.objects.get(place=first.place).outcome == "GENUINE"
    for wrong in ({"place": first.place, "outcome": "MAYBE"}, {"place": "", "outcome": "GENUINE"}):
        assert browser.post(PAGE, {"deed": "note", **wrong}).status_code == 400


def test_contacts_are_gone_when_the_round_is_finished(campaign: Campaign, ratna: User, login: Login) -> None:
    browser = login(ratna)
    browser.post(PAGE, DRAW)
    found = CallRound.objects.get()
    call_all(found, ratna, Outcome.STEERED, Outcome.NOT_REACHED, Outcome.REFUSED)
    assert browser.post(PAGE, {"deed": "finish"}).status_code == 302
    assert not Call.objects.exists()
    kept = everything_kept()
    assert not any(number in kept for number in NUMBERS)
    assert "TRX-" not in kept
    found.refresh_from_db()
    assert found.outcomes == {"GENUINE": 56, "STEERED": 1, "NOT_REACHED": 1, "REFUSED": 1}
    [event] = Event.objects.filter(deed="finish-calls")
    assert event.about == "sambas1/1: GENUINE=56 STEERED=1 NOT_REACHED=1 REFUSED=1"
    page = text_of(browser)
    assert "Dari 57 orang yang dapat bercerita tentang formulirnya, 1 bermasalah" in page
    assert "Tidak terhubung 1" in page
    with pytest.raises(CannotCall):
        finish(found, by=ratna, at=NOW)
    with pytest.raises(CannotCall):
        note(found, 1, Outcome.GENUINE, by=ratna)


def test_the_worker_forgets_contacts_after_thirty_days(campaign: Campaign, ratna: User) -> None:
    found = draw(campaign, Pool.of_contacts(read_contacts(LIST)), 29, by=ratna, at=NOW)
    note(found, found.calls.order_by("pk")[0].place, Outcome.GENUINE, by=ratna)
    forget_due(NOW + timedelta(days=29))
    assert found.calls.count() == 29
    forget_due(NOW + timedelta(days=30))
    assert not Call.objects.exists()
    found.refresh_from_db()
    assert found.outcomes == {"GENUINE": 1}
    [event] = Event.objects.filter(deed="forget-calls")
    assert (event.who, event.about) == ("tera worker", "sambas1/1: GENUINE=1")
    [over] = finished_rounds(campaign)
    assert over.not_called == 28
    forget_due(NOW + timedelta(days=31))
    assert Event.objects.filter(deed="forget-calls").count() == 1
    assert draw(campaign, Pool.of_register(5), 9, by=ratna, at=NOW).number == 2


def test_a_register_keeps_its_contacts(campaign: Campaign, ratna: User, login: Login) -> None:
    browser = login(ratna)
    asked = {"deed": "draw", "source": "REGISTER", "population": 1050, "sample": 29}
    assert browser.post(PAGE, asked).status_code == 302
    found = CallRound.objects.get()
    assert {call.contact for call in found.calls.all()} == {""}
    first = found.calls.order_by("pk")[0]
    assert f"{first.place:,}".replace(",", ".") + " dalam register" in text_of(browser)


def test_fewer_than_five_say_nothing_of_the_others(campaign: Campaign, ratna: User, login: Login) -> None:
    found = draw(campaign, Pool.of_register(50), 9, by=ratna, at=NOW)
    call_all(found, ratna, *[Outcome.NOT_REACHED] * 5)
    finish(found, by=ratna, at=NOW)
    page = text_of(login(ratna))
    assert "Dari 4 orang yang dapat bercerita tentang formulirnya, 0 bermasalah. Terlalu sedikit" in page
    assert "keyakinan 95 % paling banyak" not in page


def test_fifty_nine_sound_calls_say_less_than_five_percent(
    campaign: Campaign, ratna: User, login: Login
) -> None:
    share = bound_of({"GENUINE": 59}).share
    assert share is not None
    assert share < 0.05
    assert (bound_of({"GENUINE": 58}).share or 0) > 0.05
    found = draw(campaign, Pool.of_register(1050), 59, by=ratna, at=NOW)
    call_all(found, ratna)
    finish(found, by=ratna, at=NOW)
    assert "dengan keyakinan 95 % paling banyak 4,96 % dari yang seperti mereka" in text_of(login(ratna))


@pytest.mark.parametrize("reached", [5, 29, 59, 149, 400])
def test_the_bound_is_that_of_clopper_and_pearson(reached: int) -> None:
    for bad in {0, 1, 3, reached // 2, reached - 1}:
        found = bound_of({"GENUINE": reached - bad, "NOT_SELF": bad, "NOT_REACHED": 7, "REFUSED": 2})
        assert (found.reached, found.bad) == (reached, bad)
        assert found.share == pytest.approx(beta.ppf(0.95, bad + 1, reached - bad), abs=1e-9)
        assert found.share is not None
        assert float(found.percent) >= found.share * 100
    assert bound_of({"STEERED": reached}).share == pytest.approx(1)


def test_more_forms_than_the_people_who_were_served_can_have_sent(
    campaign: Campaign, ratna: User, intake: Database, login: Login
) -> None:
    assert bound_of({"DID_NOT_ANSWER": 40}).bad == 0  # most who are served never answer, and that is no fault
    found = bound_of({"GENUINE": 3, "DID_NOT_ANSWER": 37})
    assert found.most_forms(300) == math.ceil(300 * beta.ppf(0.95, 4, 37))
    let_answer(campaign, intake, 70)
    round_ = draw(campaign, Pool.of_register(300), 40, by=ratna, at=NOW)
    call_all(round_, ratna, *[Outcome.DID_NOT_ANSWER] * 37)
    finish(round_, by=ratna, at=NOW)
    page = text_of(login(ratna))
    assert "3 dari 40 orang yang dilayani dan terhubung mengisi survei" in page
    assert "paling banyak 55 dari 300 orang dalam daftar. Survei ini menerima 70 jawaban." in page
    assert "lebih banyak daripada yang dapat berasal dari daftar ini" in page


def test_every_outcome_has_a_name_and_a_meaning() -> None:
    assert {*OUTCOMES} == {*Outcome}
    silent = {Outcome.NOT_REACHED, Outcome.REFUSED, Outcome.DID_NOT_ANSWER}
    assert {*Outcome} - REACHED == silent  # they tell nothing of a form
    assert {Outcome.GENUINE} == REACHED - BAD
    offered = re.findall(r"“([^”]+)”", " ".join(line.then["id"] for line in script().lines if line.then))
    assert {*offered} <= {outcome.label for outcome in Outcome}


def test_another_office_does_not_see_who_was_drawn(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    found = draw(campaign, Pool.of_contacts(read_contacts(LIST)), 5, by=ratna, at=NOW)
    page = text_of(login(irma))
    assert "sedang dijalankan oleh Kanwil Kalbar" in page
    assert not any(number in page for number in NUMBERS)
    with pytest.raises(PermissionDenied):
        finish(found, by=irma, at=NOW)
    place = found.calls.order_by("pk")[0].place
    assert login(irma).post(PAGE, {"deed": "note", "place": place, "outcome": "GENUINE"}).status_code == 403


def test_who_runs_the_survey_calls_nobody(
    campaign: Campaign, sambas: Unit, budi: User, dewi: User, ratna: User, login: Login
) -> None:
    assert login(budi).get(PAGE).status_code == login(dewi).get(PAGE).status_code == 403
    Assignment.objects.create(user=ratna, role="OPERATOR", unit=sambas)
    assert login(ratna).get(PAGE).status_code == 403
    with pytest.raises(PermissionDenied):
        draw(campaign, Pool.of_register(9), 5, by=ratna, at=NOW)


def test_lists_are_read_as_offices_have_them() -> None:
    assert read_contacts("Nomor HP;Nomor transaksi\r\n0812-1;T1\r\n\r\n0812-2\r\n0812-1;T9\r\n") == (
        Contact("0812-1", "T1"),
        Contact("0812-2", ""),
    )
    assert read_contacts('\ufeffsari@contoh.id\t"T,1"') == (Contact("sari@contoh.id", "T,1"),)
    assert read_contacts(" \n") == ()
    with pytest.raises(BadLines) as wrong:
        read_contacts("0812-1,T1\nSari,0812-2\n" + "9" * 121)
    assert wrong.value.numbers == (2, 3)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"contacts": ""}, "salah satu saja"),
        ({"file": SimpleUploadedFile("a.csv", b"0812-1")}, "salah satu saja"),
        ({"contacts": "", "file": SimpleUploadedFile("a.csv", b"\xff\xfe0")}, "CSV UTF-8"),
        ({"contacts": "0812-1\nBudi\n"}, "Tidak ada nomor atau alamat pada baris 2."),
        ({"contacts": "Nomor"}, "Daftar ini kosong."),
        ({"contacts": "0812-1\n" + "0" * LIST_MOST}, "terlalu panjang"),
        ({"sample": 0}, "1"),
    ],
)
def test_a_list_that_cannot_be_read_says_which_lines(
    campaign: Campaign, ratna: User, login: Login, change: dict[str, object], told: str
) -> None:
    if isinstance(offered := change.get("file"), SimpleUploadedFile):
        offered.seek(0)
    reply = login(ratna).post(PAGE, {**DRAW, **change})
    assert reply.status_code == 400
    problems = re.findall(r'<div class="problem"[^>]*>([^<]+)', reply.content.decode())
    assert told in unescape(" ".join(problems))
    assert not CallRound.objects.exists()
