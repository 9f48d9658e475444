"""Sari answers at /s/{code}: form, review, receipt; programs send JSON."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format
from pytest_django import Settings

from tera.intake import inbox, sealing
from tera.intake.tables import Database
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign

SARI = Client()


def key() -> str:
    return base64.urlsafe_b64encode(inbox.new_key(datetime.now(UTC))).rstrip(b"=").decode()


def answers(campaign: Campaign, score: int = 4) -> dict[str, int]:
    return dict.fromkeys(campaign.form.codes, score)


def send(campaign: Campaign, **body: Any) -> tuple[int, dict[str, Any]]:
    reply = SARI.post(f"/s/{campaign.code}", json.dumps(body), content_type="application/json")
    return reply.status_code, json.loads(reply.content)


def waiting(intake: Database, campaign: Campaign) -> int:
    return sealing.count_waiting(intake, [campaign.code]).get(campaign.code, 0)


def test_the_page_asks_every_question_with_its_own_options(campaign: Campaign) -> None:
    page = SARI.get("/s/sambas1").content.decode()
    for item in campaign.form.items:
        assert f'name="{item.code}"' in page
        for option in item.options:
            assert option.label["id"] in page
    assert not re.search(r"<input[^>]*type=.radio[^>]*checked", page)


def test_form_then_review_then_receipt(campaign: Campaign, intake: Database) -> None:
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "service": "PASPOR", "comment": "Antre lama"}
    review = SARI.post("/s/sambas1", fields)
    assert review.status_code == 200
    page = review.content.decode()
    assert "Antre lama" in page
    assert waiting(intake, campaign) == 0
    found = re.search(r'name="key" value="([\w-]{22})"', page)
    assert found
    thanks = SARI.post("/s/sambas1", {**fields, "key": found[1]})
    assert thanks.status_code == 201
    assert re.search(
        r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}-[0-9A-HJKMNP-TV-Z]", thanks.content.decode()
    )
    assert waiting(intake, campaign) == 1
    again = SARI.post("/s/sambas1", {**fields, "key": found[1]})
    assert again.status_code == 200
    assert waiting(intake, campaign) == 1


def test_from_the_review_back_to_the_form_with_all_answers_kept(campaign: Campaign) -> None:
    fields = dict.fromkeys(campaign.form.codes, "2")
    page = SARI.post("/s/sambas1", {**fields, "key": key(), "edit": "1"}).content.decode()
    assert len(re.findall(r"<input[^>]*type=.radio[^>]*checked", page)) == len(fields)


def test_a_missing_answer_is_named_and_the_others_are_kept(campaign: Campaign, intake: Database) -> None:
    fields = {code: "3" for code in campaign.form.codes if code != "WAKTU"}
    reply = SARI.post("/s/sambas1", fields)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Pertanyaan ini belum dijawab" in page
    assert len(re.findall(r"<input[^>]*type=.radio[^>]*checked", page)) == 13
    assert waiting(intake, campaign) == 0


def test_a_program_sends_json_and_a_retry_gets_the_same_bytes(campaign: Campaign, intake: Database) -> None:
    body = {"key": key(), "answers": answers(campaign), "service": "PASPOR", "profile": {"sex": "F"}}
    status, first = send(campaign, **body)
    assert status == 201
    assert (first["campaign"], set(first)) == ("sambas1", {"receipt", "campaign", "day"})
    assert send(campaign, **body) == (200, first)
    assert waiting(intake, campaign) == 1
    status, problem = send(campaign, **{**body, "answers": answers(campaign, 3)})
    assert (status, problem["item"]) == (409, "key")


def test_a_refusal_names_item_and_options(campaign: Campaign) -> None:
    status, problem = send(campaign, key=key(), answers={**answers(campaign), "PUNGLI": 5})
    assert (status, problem["status"], problem["item"]) == (422, 422, "PUNGLI")
    assert "pilihannya 1, 2, 3, 4" in problem["title"]
    assert len(problem["allowed"]) == 4
    status, problem = send(campaign, answers=answers(campaign))
    assert (status, problem["item"]) == (422, "key")


def test_too_much_is_refused_before_it_is_read(campaign: Campaign) -> None:
    status, problem = send(campaign, key=key(), answers=answers(campaign), comment="x" * 17_000)
    assert (status, problem["title"]) == (413, "Jawaban terlalu besar.")


def test_a_busy_database_asks_to_try_again(campaign: Campaign, settings: Settings, tmp_path: Path) -> None:
    settings.INTAKE = Database(path=tmp_path)
    reply = SARI.post(
        "/s/sambas1",
        json.dumps({"key": key(), "answers": answers(campaign)}),
        content_type="application/json",
    )
    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "key": key()}
    page = SARI.post("/s/sambas1", fields)
    assert page.status_code == 503
    assert "Kirim lagi sebentar lagi" in page.content.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Length": ""}, 411), ({"Content-Encoding": "gzip"}, 415), ({"Content-Length": "9" * 99}, 413)],
)
def test_a_body_that_is_wrapped_or_of_unknown_length_is_not_read(
    campaign: Campaign, headers: dict[str, str], status: int
) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)})
    reply = SARI.post("/s/sambas1", body, content_type="application/json", headers=headers)
    assert reply.status_code == status


def test_more_fields_than_a_page_has_are_answered_in_plain_words(campaign: Campaign) -> None:
    fields = "&".join(f"x{number}=1" for number in range(1500))
    reply = SARI.post("/s/sambas1", fields, content_type="application/x-www-form-urlencoded")
    assert reply.status_code == 400
    assert "Kiriman ini tidak dapat dibaca" in reply.content.decode()


def test_another_origin_cannot_answer_either(campaign: Campaign, intake: Database) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)})
    own = SARI.post(
        "/s/sambas1", body, content_type="application/json", headers={"Origin": "http://testserver"}
    )
    other = SARI.post("/s/sambas1", body, content_type="application/json", headers={"Origin": "http://evil"})
    assert (own.status_code, other.status_code, waiting(intake, campaign)) == (201, 403, 1)


def test_a_code_may_be_typed_in_capitals_and_a_language_must_be_there(campaign: Campaign) -> None:
    assert SARI.get("/s/SAMBAS1").status_code == 200
    assert SARI.get("/s/sambas1/xx").status_code == 404


def test_another_site_cannot_answer_for_a_visitor(campaign: Campaign, intake: Database) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)})
    reply = SARI.post(
        "/s/sambas1", body, content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert reply.status_code == 403
    assert waiting(intake, campaign) == 0


def test_outside_the_window_the_page_says_when(campaign: Campaign) -> None:
    today = campaign.form.local_day(datetime.now(UTC))
    campaign.starts_on, campaign.ends_on = today + timedelta(days=3), today + timedelta(days=9)
    campaign.save()
    early = SARI.get("/s/sambas1")
    assert early.status_code == 403
    assert date_format(campaign.starts_on, "j F Y") in early.content.decode()
    campaign.starts_on, campaign.ends_on = today - timedelta(days=9), today - timedelta(days=3)
    campaign.save()
    assert SARI.get("/s/sambas1").status_code == 410
    assert send(campaign, key=key(), answers=answers(campaign))[0] == 410


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_code_is_not_found(db: None, method: str) -> None:
    assert getattr(SARI, method)("/s/tidak-ada").status_code == 404


def test_english_is_marked_as_a_translation(campaign: Campaign) -> None:
    page = SARI.get("/s/sambas1/en").content.decode()
    assert "How easy was the procedure at this office?" in page
    assert "not official" in page
    problem = SARI.post("/s/sambas1/en", "{}", content_type="application/json")
    assert problem.status_code == 422
    assert json.loads(problem.content)["title"] == "'answers' and 'profile' must be objects."


def test_hostile_text_stays_text(campaign: Campaign) -> None:
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "comment": "<script>alert(1)</script>"}
    page = SARI.post("/s/sambas1", fields).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_sealing_is_safe_to_run_again(campaign: Campaign, intake: Database) -> None:
    for _ in range(25):
        send(campaign, key=key(), answers=answers(campaign))
    now = datetime.now(UTC)
    assert [block.responses for block in actions.seal_due(now)] == [15]
    assert actions.seal_due(now) == []
    assert waiting(intake, campaign) == 10
