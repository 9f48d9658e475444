"""Questionnaires are chosen, seen as on a phone, and compared."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tera.engine.catalogue import list_instruments, list_languages
from tera.portal.accounts.models import User

Login = Callable[[User], Client]
BOTH = "pilih=skm-9&pilih=spak-5-4"


@pytest.mark.parametrize("language", [entry.id for entry in list_languages()])
def test_the_preview_asks_what_respondents_are_asked(budi: User, login: Login, language: str) -> None:
    response = login(budi).get(f"/kuesioner/pratinjau/?{BOTH}&bahasa={language}")
    page = response.content.decode()
    assert re.search(rf'<html lang="{language}"', page)
    assert len(re.findall(r"<legend><b>\d+\.</b>", page)) == 14
    assert "\ue000" not in page  # no slot is left
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "form-action 'none'" in response["Content-Security-Policy"]


def test_a_language_in_which_nothing_is_asked_is_not_found(budi: User, login: Login) -> None:
    assert login(budi).get(f"/kuesioner/pratinjau/?{BOTH}&bahasa=xx").status_code == 404


def test_every_questionnaire_is_listed_and_can_be_seen(budi: User, login: Login) -> None:
    page = login(budi).get("/kuesioner/").content.decode()
    for entry in list_instruments():
        assert f'value="{entry.id}"' in page
        assert login(budi).get(f"/kuesioner/pratinjau/?pilih={entry.id}&bahasa=id").status_code == 200


def test_two_variants_of_the_same_questions_are_not_combined(budi: User, login: Login) -> None:
    page = login(budi).get("/kuesioner/?pilih=spak-5-4&pilih=spak-5-4-plain").content.decode()
    assert "menanyakan hal yang sama, jadi tidak dapat digabung" in page
    assert "pilih=spak-5-4&amp;bahasa=id" in page


def test_what_nobody_knows_is_passed_over(budi: User, login: Login) -> None:
    assert "pilih=skm-9&amp;" in login(budi).get("/kuesioner/?pilih=tidak-ada").content.decode()


def test_differences_are_shown_word_by_word(budi: User, login: Login) -> None:
    page = login(budi).get("/kuesioner/banding/?dari=spak-5-4&ke=spak-5-4-plain").content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    same = login(budi).get("/kuesioner/banding/?dari=skm-9&ke=skm-9").content.decode()
    assert "Tidak ada perbedaan." in same


def test_strangers_are_led_to_the_login() -> None:
    for address in ("/kuesioner/", "/kuesioner/pratinjau/", "/kuesioner/banding/"):
        assert Client().get(address)["Location"].startswith("/masuk/")
