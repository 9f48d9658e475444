"""Comments are shown after the last block, in no order of arrival, with what tells of a person covered."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.intake.comments import ID_BYTES, draw_comments, list_comments
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event
from tera.portal.review.dossier.actions import NoSuchWord, mask_word
from tera.portal.review.models import Masked
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tests.portal.deciding import OVER
from tests.portal.respondents import Respondent, let_answer

NOW = datetime.now(UTC)
PAGE = "/tinjauan/sambas1/komentar/"
DOSSIER = "/tinjauan/sambas1/"
Login = Callable[[User], Client]
TELLING = "Pak Budi Santoso minta uang di loket 3, NIK 6171012304850001."


def write(code: str, *texts: str) -> list[str]:
    """Put comments where the intake keeps them; return their ids."""
    rows = [(secrets.token_bytes(ID_BYTES), code, text) for text in texts]
    with settings.INTAKE.transaction() as cursor:
        cursor.insert("comments", rows)
    return [name.hex() for name, *_ in rows]


def close() -> None:
    actions.seal_due(OVER)
    actions.tell_of_blocks()


def text(client: Client, path: str = PAGE) -> str:
    reply = client.get(path)
    assert reply.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


@pytest.fixture
def told(campaign: Campaign, intake: Database) -> str:
    """Return the id of a comment that tells of a person, of a survey that is closed."""
    let_answer(campaign, intake, 30)
    close()
    return write("sambas1", TELLING)[0]


def test_a_comment_never_shows_before_the_last_block(
    campaign: Campaign, intake: Database, ratna: User, login: Login
) -> None:
    let_answer(campaign, intake, 40)
    write("sambas1", "Antre lama.")
    actions.seal_due(NOW)
    for path in (PAGE, DOSSIER):
        said = text(login(ratna), path)
        assert "Antre lama." not in said
        assert "Ditampilkan setelah blok terakhir disegel" in said
    close()
    for path in (PAGE, DOSSIER):
        assert "Antre lama." in text(login(ratna), path)


def test_what_sari_writes_leads_to_no_response_of_hers(
    campaign: Campaign, intake: Database, sari: Respondent
) -> None:
    key = "A" * 22
    sent = sari.send_json(
        "/s/sambas1", key=key, answers=dict.fromkeys(campaign.form.codes, 4), comment="Antre lama."
    )
    assert sent.status in {200, 201}
    [comment] = list_comments(intake, "sambas1", skip=0, most=10)
    with intake.transaction() as cursor:
        rows = [row for table in ("keys", "inbox") for row in cursor.rows(f"SELECT * FROM {table}")]  # noqa: S608
    assert rows
    assert not any(comment.id in bytes(part) for row in rows for part in row if isinstance(part, bytes))


def test_of_fewer_than_ten_people_no_comment_is_shown(
    campaign: Campaign, intake: Database, ratna: User, login: Login
) -> None:
    let_answer(campaign, intake, 9)
    write("sambas1", "Antre lama.")
    close()
    for path in (PAGE, DOSSIER):
        said = text(login(ratna), path)
        assert "Antre lama." not in said
        assert "kurang dari 10 jawaban" in said


def test_a_name_and_a_number_are_covered(told: str, ratna: User, budi: User, login: Login) -> None:
    for who in (ratna, budi):
        for path in (PAGE, DOSSIER):
            page = login(who).get(path).content.decode()
            assert "Santoso" not in page
            assert "6171012304850001" not in page
            assert "minta uang di loket 3" in unescape(page)


def test_who_checks_covers_a_word_for_everybody_with_one_click(
    told: str, ratna: User, budi: User, irma: User, login: Login
) -> None:
    browser = login(ratna)
    page = browser.get(f"{PAGE}?tutup={told}").content.decode()
    numbers = {word: number for number, word in re.findall(r'name="word" value="(\d+)">([^<]+)<', page)}
    assert "Santoso" not in numbers
    reply = browser.post(f"{PAGE}?halaman=1", {"comment": told, "word": numbers["3,"]})
    assert (reply.status_code, told in reply["Location"]) == (302, True)
    for who in (ratna, budi, irma):
        assert "loket 3" not in text(login(who))
    assert "minta uang di loket [kata ditutup]" in text(login(budi))
    browser.post(PAGE, {"comment": told, "word": numbers["3,"]})  # a second click adds nothing
    kept = Masked.objects.get()
    assert (kept.by, kept.office.slug, kept.word) == (ratna, "kanwil", int(numbers["3,"]))
    [deed] = Event.objects.filter(deed="mask-comments")
    assert (deed.kind, deed.who, deed.about) == ("DEED", "ratna", "sambas1")


def test_the_unit_covers_nothing_of_what_is_said_about_it(
    told: str, campaign: Campaign, budi: User, dewi: User, login: Login
) -> None:
    for stranger in (budi, dewi):
        assert login(stranger).post(PAGE, {"comment": told, "word": 1}).status_code == 403
        with pytest.raises(PermissionDenied):
            mask_word(campaign, told, 1, by=stranger, at=NOW)
    page = login(budi).get(f"{PAGE}?tutup={told}").content.decode()
    assert 'name="word"' not in page
    assert "Tutup kata" not in page
    assert not Masked.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"comment": "x", "word": "0"}, 400),
        ({"word": "-1"}, 400),
        ({"word": "99"}, 404),
        ({"comment": "0" * 32, "word": "0"}, 404),
    ],
)
def test_a_word_that_is_not_there_cannot_be_covered(
    told: str, ratna: User, login: Login, fields: dict[str, str], status: int
) -> None:
    sent = {"comment": told, **fields} if fields else {}
    assert login(ratna).post(PAGE, sent).status_code == status
    assert not Masked.objects.exists()


def test_a_comment_of_another_survey_is_not_covered_from_here(
    told: str, campaign: Campaign, ratna: User
) -> None:
    other = write("sambas2", "Baik sekali.")[0]
    with pytest.raises(NoSuchWord):
        mask_word(campaign, other, 0, by=ratna, at=NOW)


def test_all_comments_come_in_one_order_that_is_not_that_of_arrival(
    told: str, ratna: User, login: Login
) -> None:
    write("sambas1", *(f"Komentar ke-{number}." for number in range(249)))
    browser, seen = login(ratna), []
    for number in (1, 2, 3):
        shown = [entry.id for entry in browser.get(f"{PAGE}?halaman={number}").context["comments"]]
        assert shown == [entry.id for entry in browser.get(f"{PAGE}?halaman={number}").context["comments"]]
        seen += shown
    assert (len(seen), len(set(seen))) == (250, 250)
    assert seen == sorted(seen)  # ids are drawn at random, so their order is that of no arrival
    said = [comment.text for comment in list_comments(settings.INTAKE, "sambas1", skip=0, most=250)]
    numbers = [int(found[1]) for one in said if (found := re.match(r"Komentar ke-(\d+)", one))]
    assert numbers != sorted(numbers)


def test_the_dossier_draws_ten_others_each_time(told: str, ratna: User, login: Login) -> None:
    write("sambas1", *(f"Komentar ke-{number}." for number in range(60)))
    drawn = [frozenset(one.text for one in draw_comments(settings.INTAKE, "sambas1", 10)) for _ in range(12)]
    assert {len(texts) for texts in drawn} == {10}
    assert len(set(drawn)) > 1
    page = login(ratna).get(DOSSIER).content.decode()
    assert page.count('<li class="card">') == 10
    assert "Semua 61 komentar" in page
