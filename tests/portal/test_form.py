"""What the form tells and takes beside answers: notice, language, ticket, what does not apply, a report."""

import json
import logging
import random
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tera.engine.catalogue import get_notice
from tera.engine.response import receipt_code
from tera.engine.ticket import CODE_BYTES, OPEN_LINK, TICKET, ticket_hash
from tera.instruments import list_languages
from tera.intake import inbox, tickets
from tera.intake.blocks import count_waiting
from tera.intake.http import JSON
from tera.intake.submission import base64url
from tera.intake.tables import Database
from tera.intake.wallet import Ticket
from tera.portal.accounts.models import User
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.house.test_roles import RESPONSES
from tests.portal.plans import plan_for
from tests.portal.respondents import Answered, Respondent

OpenFor = Callable[..., Campaign]


@pytest.fixture
def open_for(sambas: Unit, budi: User) -> OpenFor:
    """Return what opens a campaign of Kanim Sambas with other questionnaires or levels."""

    def open_it(*instruments: str, levels: tuple[int, ...] = (OPEN_LINK, TICKET)) -> Campaign:
        now = datetime.now(UTC)
        plan = replace(plan_for(now.date(), *instruments), levels=levels)
        opened = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=now, code="tiket1")
        actions.publish(opened)
        return opened

    return open_it


@pytest.fixture
def issue(intake: Database) -> Callable[..., str]:
    """Return what issues a ticket of Kanim Sambas for passports and returns its code."""

    def issue_one(**changes: object) -> str:
        code = secrets.token_bytes(CODE_BYTES)
        about = Ticket("tickets/1", "sambas", "PASPOR", datetime.now(UTC).date() + timedelta(days=14))
        tickets.issue(intake, replace(about, **changes), [ticket_hash(code)])  # type: ignore[arg-type]
        return receipt_code(code)

    return issue_one


PHONE_OF_SARI = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/119.0 Mobile Safari/537.36"
)


def filled(campaign: Campaign, **fields: str) -> dict[str, str]:
    return {**dict.fromkeys(campaign.form.codes, "4"), **fields}


def key_in(page: Answered) -> str:
    found = re.search(r'name="key" value="([\w-]{22})"', page.text)
    assert found, page.text
    return found[1]


def answer(sari: Respondent, campaign: Campaign, **fields: str) -> Answered:
    """Fill in the form, look at the review and send it."""
    path, given = f"/s/{campaign.code}", filled(campaign, **fields)
    review = sari.send_form(path, given)
    return sari.send_form(path, {**given, "key": key_in(review)}) if review.status == 200 else review


def test_before_the_first_question_it_says_who_asks_and_why(sari: Respondent, campaign: Campaign) -> None:
    page = sari.get("/s/sambas1").text
    notice = get_notice(campaign.notice)
    told = page.index(notice.lead.format(unit="Kanim Sambas"))
    assert told < page.index("<fieldset")
    assert all(line in page for line in notice.more)
    assert f"Pemberitahuan {campaign.notice}" in page
    in_english = sari.get("/s/sambas1/en").text
    assert notice.more[1] not in in_english
    assert f"Notice {campaign.notice}" in in_english


def test_choosing_a_language_is_kept(sari: Respondent, campaign: Campaign) -> None:
    chosen = sari.get("/s/sambas1/en")
    cookie = chosen.headers["set-cookie"].partition(";")[0]
    assert cookie == "bahasa=en"
    assert '<html lang="en"' in sari.get("/s/sambas1", cookie=f"a=b; {cookie}").text
    assert '<html lang="id"' in sari.get("/s/sambas1/id", cookie=cookie).text
    assert '<html lang="id"' in sari.get("/s/sambas1", cookie="bahasa=xx").text
    assert "set-cookie" not in sari.get("/s/sambas1").headers
    refused = sari.send_form("/s/sambas1", {}, cookie=cookie)
    assert "This question has no answer yet." in refused.text


def test_in_a_language_that_is_not_there_nothing_is_lost(sari: Respondent, campaign: Campaign) -> None:
    page = sari.get("/s/sambas1/xx")
    assert (page.status, '<html lang="id"' in page.text) == (404, True)
    assert "Bahasa itu belum ada." in page.text
    assert "set-cookie" not in page.headers
    assert sari.send_form("/s/sambas1/xx", filled(campaign)).status == 200
    assert '<html lang="jv"' in sari.get("/s/sambas1/JV/").text
    body = {
        "key": base64url(inbox.new_key(datetime.now(UTC))),
        "answers": dict.fromkeys(campaign.form.codes, 4),
    }
    refused = sari.send_json("/s/sambas1", language="xx", **body)
    assert (refused.status, refused.json()["item"]) == (422, "language")
    assert refused.json()["allowed"] == list(list_languages())
    assert sari.send_json("/s/sambas1/xx", language="jv", **body).status == 201


def test_a_poster_says_for_which_service_somebody_comes(sari: Respondent, campaign: Campaign) -> None:
    page = sari.get("/s/sambas1", query="service=PASPOR&channel=QR")
    assert 'value="PASPOR" checked' in page.text
    assert '<input type="hidden" name="channel" value="QR">' in page.text
    again = sari.get("/s/sambas1", query="service=PASPOR&channel=QR", if_none_match=page.headers["etag"])
    assert again.status == 304
    plain = sari.get("/s/sambas1")
    for query in ("service=SIM&channel=PAPER", "service=%FF", "x=<script>", "&" * 200, "=", "channel=PAPER"):
        assert sari.get("/s/sambas1", query=query) == plain
    packed = sari.get("/s/sambas1", query="service=PASPOR", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"


def test_what_may_not_apply_says_so_and_counts_as_a_blank(sari: Respondent, open_for: OpenFor) -> None:
    campaign = open_for("ipk-10", levels=(OPEN_LINK,))
    optional = [item.code for item in campaign.form.items if not item.required]
    page = sari.get("/s/tiket1").text
    assert page.count("Tidak berlaku bagi saya") == len(optional) == 1
    review = sari.send_form("/s/tiket1", filled(campaign, **{optional[0]: ""}))
    assert review.status == 200
    assert "Tidak berlaku bagi saya" in review.text
    back = sari.send_form("/s/tiket1", filled(campaign, **{optional[0]: "", "edit": "1"}))
    assert f'name="{optional[0]}" value="" checked' in back.text
    passed_over = filled(campaign)
    del passed_over[optional[0]]
    assert "tidak dijawab" in sari.send_form("/s/tiket1", passed_over).text


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ({}, False),
        ({"PUNGLI": "3"}, True),
        ({"PERSYARATAN": "1"}, False),
        ({"comment": "Saya diminta uang rokok, itu pungli!"}, True),
        ({"comment": "Pungutan sesuai tarif, terima kasih."}, False),
    ],
)
def test_who_tells_of_corruption_learns_where_to_report(
    sari: Respondent, campaign: Campaign, said: dict[str, str], is_shown: bool
) -> None:
    thanks = answer(sari, campaign, **said)
    assert thanks.status == 201
    assert ("https://www.lapor.go.id/" in thanks.text) is is_shown


def test_a_ticket_is_typed_and_lets_one_response_in(
    sari: Respondent, open_for: OpenFor, issue: Callable[..., str], intake: Database
) -> None:
    campaign, code = open_for(), issue()
    assert 'name="ticket"' in sari.get("/s/tiket1").text
    typed = code.lower().replace("-", " ")
    assert answer(sari, campaign, ticket=typed).status == 201
    again = answer(sari, campaign, ticket=code)
    assert again.status == 409
    assert "Tiket ini sudah dipakai." in again.text
    assert f'name="ticket" value="{code}"' in again.text  # the form is kept, to send without it
    assert again.text.count(" checked>") == len(campaign.form.codes)
    assert answer(sari, campaign, ticket="").status == 201
    assert count_waiting(intake, ["tiket1"]) == {"tiket1": 2}


def test_what_is_no_good_ticket_is_told_plainly_and_the_form_kept(
    sari: Respondent, open_for: OpenFor, issue: Callable[..., str]
) -> None:
    campaign = open_for()
    for typed, complaint in (
        ("abc", "26 huruf dan angka"),
        (receipt_code(bytes(CODE_BYTES)), "Kode tiket ini tidak ada."),
        (issue(unit="pontianak"), "Tiket ini dari kantor lain."),
        (issue(expires_on=date(2026, 1, 1)), "Masa berlaku tiket ini sudah habis."),
    ):
        refused = answer(sari, campaign, ticket=typed, comment="Antre lama")
        assert refused.status == 422
        assert complaint in refused.text
        assert refused.text.count(" checked>") == len(campaign.form.codes)
        assert "Antre lama</textarea>" in refused.text
    wrong_service = answer(sari, campaign, ticket=issue(service="KUNJUNGAN"), service="PASPOR")
    assert "Tiket ini untuk layanan lain." in wrong_service.text


def test_a_survey_for_holders_of_tickets_asks_for_one(
    sari: Respondent, open_for: OpenFor, issue: Callable[..., str]
) -> None:
    campaign = open_for(levels=(TICKET,))
    without = answer(sari, campaign)
    assert without.status == 422
    assert "hanya untuk pemegang tiket" in without.text
    assert answer(sari, campaign, ticket=issue()).status == 201


@pytest.mark.parametrize("rivals", [0, 50])
def test_a_ticket_sent_a_hundred_times_at_once(
    sari: Respondent, open_for: OpenFor, issue: Callable[..., str], intake: Database, rivals: int
) -> None:
    """Whoever is first has it: the same key gets one receipt as often as it asks, every other key 409."""
    campaign, code, mine = open_for(), issue(), base64url(inbox.new_key(datetime.now(UTC)))
    keys = [base64url(inbox.new_key(datetime.now(UTC))) if place < rivals else mine for place in range(100)]
    random.Random(rivals).shuffle(keys)
    body = {"answers": dict.fromkeys(campaign.form.codes, 4), "ticket": code}
    replies = sari.send_json_at_once("/s/tiket1", [{"key": key, **body} for key in keys])
    assert count_waiting(intake, ["tiket1"]) == {"tiket1": 1}
    winner = next(key for key, reply in zip(keys, replies, strict=True) if reply.status == 201)
    served = [reply for key, reply in zip(keys, replies, strict=True) if key == winner]
    refused = [reply for key, reply in zip(keys, replies, strict=True) if key != winner]
    assert sorted(reply.status for reply in served) == [200] * (len(served) - 1) + [201]
    assert len({reply.text for reply in served}) == 1
    assert {(reply.status, reply.json()["item"]) for reply in refused} <= {(409, "ticket")}
    assert len(served) == 100 or rivals


def test_programs_bring_tickets_too(sari: Respondent, open_for: OpenFor, issue: Callable[..., str]) -> None:
    campaign, code = open_for(), issue()
    body = {"answers": dict.fromkeys(campaign.form.codes, 4), "ticket": code}
    keys = [base64url(inbox.new_key(datetime.now(UTC))) for _ in range(2)]
    first = sari.send_json("/s/tiket1", key=keys[0], **body)
    again = sari.send_json("/s/tiket1", key=keys[0], **body)
    other = sari.send_json("/s/tiket1/en", key=keys[1], **body)
    assert (first.status, again.status, again.text) == (201, 200, first.text)
    assert (other.status, other.json()["item"]) == (409, "ticket")
    assert other.json()["title"] == "This ticket was used. One ticket is for one response."


def test_who_sends_too_often_keeps_what_was_filled_in(sari: Respondent, campaign: Campaign) -> None:
    given = filled(campaign, comment="Antre lama")
    key = key_in(sari.send_form("/s/sambas1", given))
    sari.wait = 7
    reply = sari.send_form("/s/sambas1", given)
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")
    assert "Kirim lagi 7 detik lagi." in reply.text
    assert reply.text.count(" checked>") == len(campaign.form.codes)
    again = sari.send_form("/s/sambas1", {**given, "key": key})
    assert key_in(again) == key
    assert 'name="edit"' not in again.text  # it may be stored already: changed, it would count twice
    assert sari.send_json("/s/sambas1").json()["status"] == 429


@pytest.mark.parametrize(
    "comment", ["🙂🙏" * 250, "שלום عليكم \u202eabc", "<b>&amp;</b>\r\n\r\nbaris", "a" * 1000]
)
def test_a_comment_may_hold_any_letters(sari: Respondent, campaign: Campaign, comment: str) -> None:
    assert answer(sari, campaign, comment=comment).status == 201


@pytest.mark.parametrize(
    ("comment", "complaint"),
    [("a" * 1001, "paling panjang 1000 huruf; ini 1001"), ("a\x00b", "tidak dapat disimpan")],
)
def test_a_comment_that_cannot_be_kept_is_given_back(
    sari: Respondent, campaign: Campaign, comment: str, complaint: str
) -> None:
    refused = answer(sari, campaign, comment=comment)
    assert refused.status == 422
    assert complaint in refused.text
    assert comment in refused.text
    assert refused.text.count(" checked>") == len(campaign.form.codes)


def test_of_a_browser_the_kind_of_device_is_counted_and_nothing_kept(
    sari: Respondent, campaign: Campaign, intake: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers, browser = dict.fromkeys(campaign.form.codes, 4), {"user-agent": PHONE_OF_SARI}
    body = {"key": base64url(inbox.new_key(datetime.now(UTC))), "answers": answers, "duration": "30-59"}
    for _ in range(2):  # a retry counts nothing
        told = sari.send("/s/sambas1", json.dumps(body).encode(), {"content-type": JSON, **browser})
        assert told.status in {200, 201}
    key = base64url(inbox.new_key(datetime.now(UTC)))
    assert sari.send_form("/s/sambas1", filled(campaign, key=key), **browser).status == 201
    with intake.transaction(writes=False) as cursor:
        counted = {code: n for kind, code, n in cursor.rows("SELECT kind, code, n FROM counters")}
        rows = [row for table in RESPONSES for row in cursor.rows(f"SELECT * FROM {table}")]  # noqa: S608
    assert counted == {"PHONE": 2, "30-59": 1, "": 1}
    assert len(rows) == 2 * 2 + 3  # keys and responses, and what is counted of both
    assert "A135F" not in repr(rows) + caplog.text
