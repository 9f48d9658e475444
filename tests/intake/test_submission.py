"""What arrives is read strictly; a refusal names the item and what is allowed."""

import base64
import json
from typing import Any

import pytest

from tera.intake.form import CampaignForm
from tera.intake.submission import Refused, read_fields, read_json

KEY = base64.urlsafe_b64encode(bytes(range(16))).rstrip(b"=").decode()


def sheet(form: CampaignForm, **changes: Any) -> bytes:
    """Return what a program sends: all fours, with changes."""
    return json.dumps({"key": KEY, "answers": dict.fromkeys(form.codes, 4), **changes}).encode()


def test_a_whole_sheet(form: CampaignForm) -> None:
    profile = {"sex": "F", "age_band": "25-34", "education": "SLTA", "occupation": "SWASTA"}
    body = sheet(form, service="PASPOR", profile=profile, comment=" Cepat. ", not_free=True, channel="QR")
    read = read_json(body, form)
    assert read.key == bytes(range(16))
    assert read.answers == (4,) * 14
    assert (read.service, read.profile, read.comment) == ("PASPOR", (1, 3, 3, 4), "Cepat.")
    assert (read.not_free, read.channel) == (True, 2)


def test_the_page_sends_the_same_as_fields(form: CampaignForm) -> None:
    fields = {**dict.fromkeys(form.codes, "4"), "key": KEY, "service": "PASPOR", "sex": "F", "not_free": "on"}
    same = sheet(form, service="PASPOR", profile={"sex": "F"}, not_free=True)
    assert read_fields(fields, form) == read_json(same, form)


@pytest.mark.parametrize(
    ("changes", "item", "complaint"),
    [
        ({"key": "abc"}, "key", "'key' must be 16 bytes in base64url"),
        ({"key": 7}, "key", "'key' must be 16 bytes in base64url"),
        ({"answers": [4]}, "", "'answers' and 'profile' must be objects"),
        ({"profile": "F"}, "", "'answers' and 'profile' must be objects"),
        ({"profile": {"sex": "X"}}, "sex", 'There is no choice "X"'),
        ({"profile": {"sex": ["F"]}}, "sex", r'There is no choice \["F"\]'),
        ({"profile": {"nik": "61"}}, "nik", 'No profile field "nik"'),
        ({"service": "SIM"}, "service", 'No service "SIM"'),
        ({"comment": "x" * 1001}, "comment", "at most 1000 characters; this one has 1001"),
        ({"comment": 5}, "comment", "must be text"),
        ({"comment": "\ud800"}, "comment", "cannot be stored"),
        ({"profile": []}, "", "'answers' and 'profile' must be objects"),
        ({"language": {}}, "language", "No language {}"),
        ({"key": "AAECAwQFBgcICQoLDA0ODw=="}, "key", "without padding"),
        ({"not_free": "yes"}, "not_free", "must be true or false"),
        ({"channel": "PAPER"}, "channel", 'No channel "PAPER"'),
        ({"ticket": "abc"}, "ticket", "takes no tickets"),
        ({"kiosk": 1}, "kiosk", 'Unknown field "kiosk"'),
    ],
)
def test_what_is_wrong_is_named(form: CampaignForm, changes: Any, item: str, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint) as refused:
        read_json(sheet(form, **changes), form)
    assert (refused.value.status, refused.value.item) == (422, item)


@pytest.mark.parametrize("answer", [0, 5, -1, True, "4", 3.5, [4], {}])
def test_an_answer_is_one_of_the_options(form: CampaignForm, answer: object) -> None:
    answers = {**dict.fromkeys(form.codes, 4), "PUNGLI": answer}
    with pytest.raises(Refused, match="There is no answer .*; the options are 1, 2, 3, 4") as refused:
        read_json(sheet(form, answers=answers), form)
    assert refused.value.item == "PUNGLI"
    assert len(refused.value.allowed) == 4


def test_a_required_item_refuses_a_blank_and_an_unknown_item_is_no_item(form: CampaignForm) -> None:
    answers: dict[str, int | None] = dict.fromkeys(form.codes, 4)
    with pytest.raises(Refused, match="no answer yet") as refused:
        read_json(sheet(form, answers={**answers, "WAKTU": None}), form)
    assert refused.value.item == "WAKTU"
    with pytest.raises(Refused, match='No item "U1"'):
        read_json(sheet(form, answers={**answers, "U1": 4}), form)


def test_a_name_that_stands_twice_is_refused(form: CampaignForm) -> None:
    body = sheet(form).replace(b'"WAKTU": 4', b'"WAKTU": 4, "WAKTU": 1')
    with pytest.raises(Refused, match='"WAKTU" stands there twice'):
        read_json(body, form)


def test_digits_without_end_are_no_answer(form: CampaignForm) -> None:
    fields = {**dict.fromkeys(form.codes, "4"), "WAKTU": "9" * 9000}
    with pytest.raises(Refused, match='There is no answer "9{39}; the options are 1, 2, 3, 4'):
        read_fields(fields, form)


@pytest.mark.parametrize(
    "body", [b"[" * 8000, b'{"a":' * 2500, "{}".encode("utf-16"), b"", b"{", b"[]", b"\xff", b"null", b"12"]
)
def test_a_body_that_is_no_object_is_refused(form: CampaignForm, body: bytes) -> None:
    with pytest.raises(Refused, match="JSON"):
        read_json(body, form)
