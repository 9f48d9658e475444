"""Sari answers at /s/{code}: form, review, receipt; programs send JSON."""

import base64
import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.formats import date_format

from tera.intake import inbox
from tera.intake.blocks import count_waiting
from tera.intake.http import JSON
from tera.intake.shelf import Shelf
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for
from tests.portal.respondents import HOST, Respondent


def key() -> str:
    return base64.urlsafe_b64encode(inbox.new_key(datetime.now(UTC))).rstrip(b"=").decode()


def answers(campaign: Campaign, score: int = 4) -> dict[str, int]:
    return dict.fromkeys(campaign.form.codes, score)


def send(sari: Respondent, campaign: Campaign, **body: Any) -> tuple[int, dict[str, Any]]:
    reply = sari.send_json(f"/s/{campaign.code}", **body)
    return reply.status, reply.json()


def waiting(intake: Database, campaign: Campaign) -> int:
    return count_waiting(intake, [campaign.code]).get(campaign.code, 0)


def test_the_page_asks_every_question_with_its_own_options(sari: Respondent, campaign: Campaign) -> None:
    page = sari.get("/s/sambas1").text
    for item in campaign.form.items:
        assert f'name="{item.code}"' in page
        for option in item.options:
            assert option.label["id"] in page
    assert not re.search(r"<input[^>]*type=.radio[^>]*checked", page)


def test_form_then_review_then_receipt(sari: Respondent, campaign: Campaign, intake: Database) -> None:
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "service": "PASPOR", "comment": "Antre lama"}
    review = sari.send_form("/s/sambas1", fields)
    assert review.status == 200
    page = review.text
    assert "Antre lama" in page
    assert waiting(intake, campaign) == 0
    found = re.search(r'name="key" value="([\w-]{22})"', page)
    assert found
    thanks = sari.send_form("/s/sambas1", {**fields, "key": found[1]})
    assert thanks.status == 201
    assert re.search(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){4}-[0-9A-HJKMNP-TV-Z]", thanks.text)
    assert waiting(intake, campaign) == 1
    again = sari.send_form("/s/sambas1", {**fields, "key": found[1]})
    assert again.status == 200
    assert waiting(intake, campaign) == 1


def test_from_the_review_back_to_the_form_with_all_answers_kept(sari: Respondent, campaign: Campaign) -> None:
    fields = dict.fromkeys(campaign.form.codes, "2")
    page = sari.send_form("/s/sambas1", {**fields, "key": key(), "edit": "1"}).text
    assert len(re.findall(r"<input[^>]*type=.radio[^>]*checked", page)) == len(fields)


def test_a_missing_answer_is_named_and_the_others_are_kept(
    sari: Respondent, campaign: Campaign, intake: Database
) -> None:
    fields = {code: "3" for code in campaign.form.codes if code != "WAKTU"}
    reply = sari.send_form("/s/sambas1", fields)
    page = reply.text
    assert reply.status == 422
    assert "Pertanyaan ini belum dijawab" in page
    assert len(re.findall(r"<input[^>]*type=.radio[^>]*checked", page)) == 13
    assert waiting(intake, campaign) == 0


def test_a_program_sends_json_and_a_retry_gets_the_same_bytes(
    sari: Respondent, campaign: Campaign, intake: Database
) -> None:
    body = {"key": key(), "answers": answers(campaign), "service": "PASPOR", "profile": {"sex": "F"}}
    status, first = send(sari, campaign, **body)
    assert status == 201
    assert (first["campaign"], first.keys() >= {"receipt", "day", "signature"}) == ("sambas1", True)
    assert send(sari, campaign, **body) == (200, first)
    assert waiting(intake, campaign) == 1
    status, problem = send(sari, campaign, **{**body, "answers": answers(campaign, 3)})
    assert (status, problem["item"]) == (409, "key")


@pytest.mark.parametrize(
    "body",
    [b'{"\\ud800": 1}', b'{"key": "", "answers": {"\\ud800": 1}}', b'{"x\\udfff": 1, "x\\udfff": 2}'],
)
def test_half_of_a_character_in_a_name_is_refused(sari: Respondent, campaign: Campaign, body: bytes) -> None:
    reply = sari.send("/s/sambas1", body, {"content-type": JSON})
    assert reply.status == 422
    assert "\\ud" in reply.text


def test_what_is_allowed_is_said_in_the_language_of_the_page(sari: Respondent, campaign: Campaign) -> None:
    wrong = {"key": key(), "answers": {**answers(campaign), "WAKTU": 5}}
    allowed = {
        path: sari.send_json(path, **wrong).json()["allowed"] for path in ("/s/sambas1", "/s/sambas1/en")
    }
    item = next(item for item in campaign.form.items if item.code == "WAKTU")
    for path, language in (("/s/sambas1", "id"), ("/s/sambas1/en", "en")):
        assert allowed[path] == [f"{option.score} = {option.label[language]}" for option in item.options]


def test_a_refusal_names_item_and_options(sari: Respondent, campaign: Campaign) -> None:
    status, problem = send(sari, campaign, key=key(), answers={**answers(campaign), "PUNGLI": 5})
    assert (status, problem["status"], problem["item"]) == (422, 422, "PUNGLI")
    assert "pilihannya 1, 2, 3, 4" in problem["title"]
    assert len(problem["allowed"]) == 4
    status, problem = send(sari, campaign, answers=answers(campaign))
    assert (status, problem["item"]) == (422, "key")


def test_too_much_is_refused_before_it_is_read(sari: Respondent, campaign: Campaign) -> None:
    status, problem = send(sari, campaign, key=key(), answers=answers(campaign), comment="x" * 17_000)
    assert (status, problem["title"]) == (413, "Jawaban terlalu besar.")


def test_a_busy_database_asks_to_try_again(sari: Respondent, campaign: Campaign, intake: Database) -> None:
    with intake.transaction() as cursor:
        cursor.run("ALTER TABLE inbox RENAME TO elsewhere")
    reply = sari.send_json("/s/sambas1", key=key(), answers=answers(campaign))
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "key": key()}
    page = sari.send_form("/s/sambas1", {**fields, "comment": "Antre lama"})
    assert (page.status, page.headers["retry-after"]) == (503, "2")
    assert "Kirim lagi sebentar lagi" in page.text
    # Whoever presses the button again sends the same answers under the same key.
    assert f'name="key" value="{fields["key"]}"' in page.text
    assert page.text.count('value="3"') == len(campaign.form.codes)
    assert "Antre lama" in page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": ""}, 411),
        ({"content-encoding": "gzip"}, 415),
        ({"content-length": "9" * 99}, 413),
        ({"content-length": "000000000000000000017000"}, 413),
        ({"content-length": "00000000000017000"}, 413),
        ({"transfer-encoding": "chunked"}, 400),
    ],
)
def test_a_body_that_is_wrapped_or_of_unknown_length_is_not_read(
    sari: Respondent, campaign: Campaign, headers: dict[str, str], status: int
) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)}).encode()
    reply = sari.send("/s/sambas1", body, {"content-type": JSON, **headers})
    assert reply.status == status


def test_more_fields_than_a_page_has_are_answered_in_plain_words(
    sari: Respondent, campaign: Campaign
) -> None:
    reply = sari.send_form("/s/sambas1", {f"x{number}": "1" for number in range(1500)})
    assert reply.status == 400
    assert "Isian terlalu banyak" in reply.text


def test_another_origin_cannot_answer_either(sari: Respondent, campaign: Campaign, intake: Database) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)}).encode()
    own = sari.send("/s/sambas1", body, {"content-type": JSON, "origin": f"https://{HOST}"})
    other = sari.send("/s/sambas1", body, {"content-type": JSON, "origin": "http://evil"})
    assert (own.status, other.status, waiting(intake, campaign)) == (201, 403, 1)


def test_a_code_may_be_typed_in_capitals_and_a_language_must_be_there(
    sari: Respondent, campaign: Campaign
) -> None:
    assert sari.get("/s/SAMBAS1").status == 200


def test_another_site_cannot_answer_for_a_visitor(
    sari: Respondent, campaign: Campaign, intake: Database
) -> None:
    body = json.dumps({"key": key(), "answers": answers(campaign)}).encode()
    reply = sari.send("/s/sambas1", body, {"content-type": JSON, "sec-fetch-site": "cross-site"})
    assert reply.status == 403
    assert waiting(intake, campaign) == 0


def test_outside_the_window_the_page_says_when(sari: Respondent, campaign: Campaign) -> None:
    today = campaign.form.local_day(datetime.now(UTC))
    campaign.starts_on, campaign.ends_on = today + timedelta(days=3), today + timedelta(days=9)
    campaign.save()
    actions.publish(Campaign.objects.get())
    early = sari.get("/s/sambas1")
    assert early.status == 403
    assert date_format(campaign.starts_on, "j F Y") in early.text
    campaign.starts_on, campaign.ends_on = today - timedelta(days=9), today - timedelta(days=3)
    campaign.save()
    actions.publish(Campaign.objects.get())
    assert sari.get("/s/sambas1").status == 410
    assert sari.send_form("/s/sambas1", {"PUNGLI": "4"}).status == 410  # not first all that is missing
    assert send(sari, campaign, key=key(), answers=answers(campaign))[0] == 410


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_code_is_not_found(sari: Respondent, db: None, method: str) -> None:
    asked = sari.get("/s/tidak-ada") if method == "get" else sari.send_json("/s/tidak-ada")
    assert asked.status == 404


def test_english_is_marked_as_a_translation(sari: Respondent, campaign: Campaign) -> None:
    page = sari.get("/s/sambas1/en").text
    assert "How easy was the procedure at this office?" in page
    assert "not official" in page
    problem = sari.send_json("/s/sambas1/en")
    assert problem.status == 422
    assert problem.json()["title"] == "'answers' and 'profile' must be objects."


def test_a_draft_says_so_and_asks_in_indonesian_what_it_lacks(
    sari: Respondent, sambas: Unit, budi: User
) -> None:
    now = datetime.now(UTC)
    plan = plan_for(now.date(), "ikm-21", "spak-5-4")
    campaign = actions.open_campaign(unit=sambas, plan=plan, by=budi, at=now, code="sambas2")
    actions.publish(campaign)
    page = sari.get("/s/sambas2/jv").text
    assert '<html lang="jv">' in page
    assert "Rancangan terjemahan: dereng resmi lan dereng dipuntliti dening panutur asli." in page
    assert "Punapa wonten pungutan liar (pungli) ing kantor punika?" in page
    # Every question of ikm-21 is asked in Indonesian, says so in Javanese, and is read aloud as Indonesian.
    lacking = campaign.instruments[0].items
    assert all(item.stem["id"] in page for item in lacking)
    note = '<p class="help" lang="jv">Pitakenan punika dereng dipunterjemahaken;'
    assert page.count(note) == page.count('" lang="id"') - 1 == len(lacking)  # and one link to Indonesian


def test_a_refusal_is_said_in_the_language_of_the_page(sari: Respondent, campaign: Campaign) -> None:
    answered = answers(campaign)
    del answered["WAKTU"]
    problem = sari.send_json("/s/sambas1/jv", key=key(), answers=answered).json()
    assert problem["title"] == "Pitakenan punika dereng dipunwangsuli."
    assert problem["allowed"][0] == "1 = Mboten rikat"
    page = sari.send_form("/s/sambas1/jv", dict.fromkeys(answered, "3")).text
    assert "Pitakenan punika dereng dipunwangsuli." in page


def test_a_review_keeps_the_channel_and_what_was_ticked(sari: Respondent, campaign: Campaign) -> None:
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "channel": "QR", "not_free": "on"}
    page = sari.send_form("/s/sambas1", fields).text
    assert 'name="channel" value="QR"' in page
    assert 'name="not_free" value="1"' in page
    assert 'name="channel"' not in sari.send_form("/s/sambas1", dict.fromkeys(campaign.form.codes, "3")).text


def test_hostile_text_stays_text(sari: Respondent, campaign: Campaign) -> None:
    fields = {**dict.fromkeys(campaign.form.codes, "3"), "comment": "<script>alert(1)</script>"}
    page = sari.send_form("/s/sambas1", fields).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_sealing_is_safe_to_run_again(sari: Respondent, campaign: Campaign, intake: Database) -> None:
    for _ in range(35):
        send(sari, campaign, key=key(), answers=answers(campaign))
    now = datetime.now(UTC)
    assert [block.responses for block in actions.seal_due(now)] == [15]
    assert actions.seal_due(now) == []
    assert waiting(intake, campaign) == 20


def test_the_form_is_one_small_page_that_browsers_keep(sari: Respondent, campaign: Campaign) -> None:
    first = sari.get("/s/sambas1")
    fetched = re.sub(r"<a [^>]*>", "", first.text)  # but by a tap
    assert not re.findall(r'(?:src|href)="(?!data:|/s/|/r/)', fetched)
    again = sari.get("/s/sambas1", if_none_match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    kept = ("etag", "cache-control", "vary", "content-security-policy")
    assert {name: again.headers[name] for name in kept} == {name: first.headers[name] for name in kept}
    assert sari.get("/s/sambas1", if_none_match='"other"').status == 200


def test_a_form_at_hand_asks_no_database(sari: Respondent, campaign: Campaign, intake: Database) -> None:
    with closing(Shelf(intake)) as shelf:
        first = sari.get("/s/sambas1", shelf=shelf)
        shelf.close()
        assert sari.get("/s/sambas1", shelf=shelf) == first
        assert first.status == 200
        assert shelf._connection is None  # it was not opened again


def test_before_the_forms_could_be_read_nobody_is_told_that_there_is_none(
    sari: Respondent, campaign: Campaign, intake: Database
) -> None:
    gone = replace(intake, path=intake.path and intake.path.parent, url=f"{intake.url}?port=1")
    with closing(Shelf(gone)) as shelf:
        reply = sari.get("/s/sambas1", shelf=shelf)
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")


def test_publishing_the_same_again_changes_nothing(campaign: Campaign, intake: Database) -> None:
    actions.publish_all(datetime.now(UTC))
    with intake.transaction(writes=False) as cursor:
        assert cursor.rows("SELECT campaign, number FROM forms") == [("sambas1", 1)]
    campaign.services = {"VISA": "Visa"}
    actions.publish(campaign)
    with intake.transaction(writes=False) as cursor:
        assert cursor.rows("SELECT campaign, number FROM forms") == [("sambas1", 2)]
