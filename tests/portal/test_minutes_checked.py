"""Who holds minutes on paper checks them without logging in, and learns what became of each survey."""

import html
import re

import pytest
from django.test import Client

from tera.engine.response import CROCKFORD
from tera.portal.accounts.models import User
from tera.portal.results.actions import certify
from tera.portal.review.minutes.codes import grouped
from tera.portal.review.models import Minutes
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all, fill_methods
from tests.portal.minuting import ENDED, again, close, end, meet, survey_of

START = "/berita-acara/"


@pytest.fixture
def other(lapas: Unit) -> Campaign:
    """Return the survey of Lapas Pontianak."""
    return survey_of(lapas, "lapas1")


@pytest.fixture
def minutes(campaign: Campaign, other: Campaign, ratna: User, kanwil: Unit) -> Minutes:
    """Return the minutes of a meeting that verified one survey with notes and returned the other."""
    close(campaign, other)
    meeting = meet(kanwil, ratna, [campaign, other], ratna)
    return end(meeting, ratna, "VERIFIED_WITH_NOTES", "RETURNED")


def text_at(path: str, status: int = 200) -> str:
    reply = Client().get(path)
    assert reply.status_code == status
    return re.sub(r"\s+", " ", html.unescape(reply.content.decode()))


def test_the_code_is_typed_as_people_read_it(minutes: Minutes) -> None:
    assert re.fullmatch(f"[{CROCKFORD}]{{16}}", minutes.code)
    Minutes.objects.update(code="0123456789ABCDEF")
    assert grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
    for typed in ("0123-4567-89AB-CDEF", "o123 4567 89ab cdef", "OI23456789abcdef", " 0L23–4567–89AB–CDEF"):
        assert Client().get(START, {"kode": typed})["Location"] == f"{START}0123456789ABCDEF/"
    assert "0123-4567-89AB-CDEF" in text_at(f"{START}o123-4567-89ab-cdef/")


def test_a_wrong_code_is_answered_in_words(minutes: Minutes) -> None:
    assert "Kode berita acara" in text_at(START)
    assert "Ini bukan kode berita acara." in text_at(f"{START}?kode=15CAF", 400)
    assert "Tidak ada berita acara dengan kode ini." in text_at(f"{START}?kode={'Z' * 16}", 404)
    text_at(f"{START}{'Z' * 16}/", 404)


@pytest.mark.parametrize("page", ["/r/", "/hasil/verifikasi/"])
def test_the_pages_of_receipts_lead_there(db: None, page: str) -> None:
    assert f'href="{START}"' in text_at(page)


def test_a_returned_survey_says_what_was_decided_since(
    minutes: Minutes, other: Campaign, ratna: User
) -> None:
    where = f"{START}{minutes.code}/"
    assert "Sesudah itu belum ada keputusan lain di buku besar." in text_at(where)
    second = end(again(other, ratna), ratna, "VERIFIED")
    page = text_at(where)
    assert "Sesudah itu: <strong>Terverifikasi</strong> dalam rapat" in page
    assert "pada 21 Desember 2100" in page
    assert "minutes/kanwil/2" in page
    assert "Sesudah itu" not in text_at(f"{START}{second.code}/")
    fill_methods(other)
    certify(other, by=ratna, at=ENDED)
    for code in (minutes.code, second.code):
        page = text_at(f"{START}{code}/")
        assert "Hasilnya disahkan pada 7 Desember 2100" in page
        assert 'href="/hasil/lapas1/"' in page


def test_a_public_result_says_which_meeting_verified_it(
    minutes: Minutes, campaign: Campaign, ratna: User
) -> None:
    fill_methods(campaign)
    certify(campaign, by=ratna, at=ENDED)
    page = text_at("/hasil/sambas1/")
    assert f"dalam rapat {minutes.meeting.office.name} pada 7 Desember 2100" in page
    assert "<strong>Terverifikasi dengan catatan</strong>" in page
    assert "<code>minutes/kanwil/1</code>" in page
    assert "Pindahkan poster" not in page


def test_a_result_from_before_says_that_nothing_was_recorded(campaign: Campaign, ratna: User) -> None:
    close_all()  # which verifies it without a meeting
    certify(campaign, by=ratna, at=ENDED)
    assert "Disahkan sebelum verifikasi dicatat di buku besar." in text_at("/hasil/sambas1/")
