"""Responses that should not count: one office proposes them by their codes, another says yes or no."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.engine.disclosure import K
from tera.engine.response import receipt_code
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.models import Event, Statement
from tera.portal.results import actions as results
from tera.portal.results.actions import CannotExclude
from tera.portal.results.models import Exclusion, Reason, Removed
from tera.portal.results.queries import is_to_be_taken_off
from tera.portal.review.conditions import holds_of
from tera.portal.review.exclusions.queries import Fault, read_lines
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.deciding import close_all
from tests.portal.test_certifying import let_say, text_of

NOW = datetime.now(UTC)
PAGE = "/tinjauan/sambas1/pengecualian/"
Login = Callable[[User], Client]


def propose(client: Client, *lines: str, **changes: str) -> tuple[int, str]:
    """Send the form and return the status and the page that follows."""
    fields = {"deed": "propose", "lines": "\n".join(lines), "reason": "STAFF", "note": "", **changes}
    reply = client.post(PAGE, fields, follow=True)
    return reply.status_code, text_of(reply.content)


def answer(client: Client, deed: str, office: str = "itjen", number: int = 1, text: str = "") -> str:
    reply = client.post(PAGE, {"deed": deed, "number": number, "office": office, "answer": text}, follow=True)
    assert reply.status_code == 200
    return text_of(reply.content)


@pytest.fixture
def closed(campaign: Campaign) -> list[bytes]:
    """Let 42 people answer, twelve of them in anger, close the survey, and return the twelve."""
    let_say(campaign, *[4] * 30)
    angry = let_say(campaign, *[1] * 12)
    close_all()
    return angry


def test_ratna_proposes_by_receipt_code_and_irma_confirms(
    campaign: Campaign, closed: list[bytes], ratna: User, irma: User, login: Login
) -> None:
    codes = [receipt_code(one) for one in closed[:2]]
    status, page = propose(login(ratna), codes[0].lower().replace("-", ""), "", f" {closed[1].hex()} ")
    assert status == 200
    assert "2 jawaban ditemukan dan diusulkan. Menunggu kantor kedua." in page
    assert "Pegawai unit sendiri: 2" in page
    assert "NO_EXCLUSION_WAITS" not in holds_of(campaign, NOW.date())
    assert "Usul disetujui." in answer(login(irma), "confirm")
    page = text_of(login(ratna).get(PAGE).content)
    assert "Disetujui Inspektorat Jenderal" in page
    assert "NO_EXCLUSION_WAITS" in holds_of(campaign, NOW.date())
    told = Statement.objects.get(name="excluded/sambas1/1").as_said()
    assert (told["proposed_by"], told["confirmed_by"], told["count"]) == ("kanwil", "itjen", 2)


def test_the_page_never_shows_which_responses(closed: list[bytes], ratna: User, login: Login) -> None:
    code, commitment = receipt_code(closed[0]), closed[1].hex()
    propose(login(ratna), code, commitment)
    page = login(ratna).get(PAGE).content.decode()
    assert code not in page
    assert commitment not in page
    assert not Event.objects.filter(about__contains=commitment[:16]).exists()


def test_nothing_is_proposed_while_a_line_names_no_response(
    campaign: Campaign, closed: list[bytes], ratna: User, kanwil: Unit, login: Login
) -> None:
    results.propose_exclusion(campaign, {closed[9]: Reason.TEST}, by=ratna, office=kanwil)
    lines = [
        closed[0].hex(),
        "bukan kode",
        bytes(32).hex(),
        receipt_code(bytes(32)),
        closed[9].hex(),
        "z" * 64,
    ]
    status, page = propose(login(ratna), *lines)
    assert status == 400
    assert "1 jawaban ditemukan, tetapi ada baris yang tidak dapat dipakai." in page
    assert "Baris 2, 6: bukan kode bukti dan bukan komitmen" in page
    assert "Baris 3, 4: tidak ada di antara jawaban tersegel survei ini" in page
    assert "Baris 5: sudah diusulkan atau tidak dihitung" in page
    assert all(line in page for line in lines)  # what was typed is there still
    assert Exclusion.objects.count() == 1


def test_a_response_that_is_named_twice_is_one(campaign: Campaign, closed: list[bytes]) -> None:
    found = read_lines(campaign, f"{closed[0].hex()}\n{receipt_code(closed[0])}")
    assert (found.found, found.faults) == ((closed[0],), ())


def test_responses_of_other_surveys_and_unsealed_ones_are_not_found(campaign: Campaign) -> None:
    [waiting] = let_say(campaign, 4)
    found = read_lines(campaign, f"{waiting.hex()}\n{receipt_code(waiting)}")
    assert found.faults == ((1, Fault.NOT_FOUND), (2, Fault.NOT_FOUND))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "OTHER"}, "Tulis apa alasannya."),
        ({"reason": ""}, "Pilih satu alasan."),
        ({"lines": " \n "}, "Tulis paling sedikit satu kode."),
        ({"lines": "x\n" * 1001}, "Paling banyak 1000 baris sekali usul."),
    ],
)
def test_the_form_says_what_it_lacks(
    changes: dict[str, str], words: str, closed: list[bytes], ratna: User, login: Login
) -> None:
    status, page = propose(login(ratna), closed[0].hex(), **changes)
    assert (status, words in page) == (400, True)
    assert not Exclusion.objects.exists()


def test_budi_sees_how_many_and_why_but_never_decides(
    campaign: Campaign, closed: list[bytes], budi: User, ratna: User, kanwil: Unit, login: Login
) -> None:
    wish = {closed[0]: Reason.NOT_A_USER}
    results.propose_exclusion(campaign, wish, by=ratna, office=kanwil, note="kata petugas loket 3")
    page = login(budi).get(PAGE).content.decode()
    assert "Bukan pengguna layanan: 1" in page
    assert "loket 3" not in page
    assert "<textarea" not in page
    for deed in ("propose", "confirm", "decline"):
        assert login(budi).post(PAGE, {"deed": deed, "number": 1, "office": "sambas"}).status_code == 403
    for decide in (results.confirm_exclusion, results.decline_exclusion):
        with pytest.raises(PermissionDenied):
            decide(Exclusion.objects.get(), by=budi, office=campaign.unit, answer="Tidak.")
    assert "loket 3" in login(ratna).get(PAGE).content.decode()


def test_the_same_office_and_the_same_person_cannot_answer(
    campaign: Campaign,
    closed: list[bytes],
    ratna: User,
    irma: User,
    kanwil: Unit,
    login: Login,
) -> None:
    inspectorate = Unit.objects.get(slug="itjen")
    proposed = results.propose_exclusion(campaign, {closed[0]: Reason.TEST}, by=ratna, office=kanwil)
    Assignment.objects.create(user=irma, role="REGIONAL_VERIFIER", unit=kanwil)
    Assignment.objects.create(user=ratna, role="INSPECTORATE", unit=kanwil, office=inspectorate)
    assert 'value="decline"' not in login(ratna).get(PAGE).content.decode()
    assert 'value="decline"' not in login(irma).get(PAGE).content.decode()  # who works for both
    for somebody, office in ((ratna, inspectorate), (irma, kanwil), (irma, inspectorate)):
        with pytest.raises(PermissionDenied):
            results.decline_exclusion(proposed, by=somebody, office=office, answer="Tidak.")
    fields = {"deed": "confirm", "number": 1, "office": "kanwil"}
    assert login(irma).post(PAGE, fields).status_code == 403
    assert login(ratna).post(PAGE, {**fields, "office": "itjen"}).status_code == 403
    Assignment.objects.filter(role="INSPECTORATE", user=ratna).delete()
    Assignment.objects.filter(role="REGIONAL_VERIFIER", user=irma).delete()
    offices = re.findall(r'name="office" value="(\w+)"', login(irma).get(PAGE).content.decode())
    assert offices == ["itjen"]


def test_who_works_for_two_offices_says_for_which(
    closed: list[bytes], irma: User, kanwil: Unit, login: Login
) -> None:
    Assignment.objects.create(user=irma, role="REGIONAL_VERIFIER", unit=kanwil)
    assert "Atas nama kantor" in text_of(login(irma).get(PAGE).content)
    propose(login(irma), closed[0].hex(), office="kanwil")
    assert Exclusion.objects.get().proposed_for == kanwil
    status, _ = propose(login(irma), closed[1].hex(), office="sambas")
    assert (status, Exclusion.objects.count()) == (400, 1)


def test_what_irma_declines_counts_again_and_can_be_proposed_anew(
    campaign: Campaign, closed: list[bytes], ratna: User, irma: User, inspectorate: Unit, login: Login
) -> None:
    propose(login(ratna), closed[0].hex(), note="kata loket 3")
    assert "Tulis mengapa usul itu tidak disetujui." in answer(login(irma), "decline")
    assert is_to_be_taken_off("sambas1", closed[0])
    page = answer(login(irma), "decline", text="Tidak ada bukti.")
    assert "Usul tidak disetujui. Jawabannya tetap dihitung." in page
    assert "Tidak ada bukti." in page
    assert "Usul 1 1 jawaban tidak disetujui" in page
    assert not is_to_be_taken_off("sambas1", closed[0])
    assert not Removed.objects.exists()
    assert "NO_EXCLUSION_WAITS" in holds_of(campaign, NOW.date())
    assert Event.objects.filter(deed="decline-exclusion", about="sambas1/1", who="irma").exists()
    assert not Statement.objects.filter(kind="excluded").exists()
    assert "sudah dijawab" in answer(login(irma), "confirm")
    with pytest.raises(CannotExclude, match="declined already"):
        results.decline_exclusion(Exclusion.objects.get(), by=irma, office=inspectorate, answer="Lagi.")
    _, page = propose(login(ratna), closed[0].hex())
    assert "1 jawaban ditemukan dan diusulkan." in page
    assert "Usul disetujui." in answer(login(irma), "confirm", number=2)
    assert results.certify(campaign, by=ratna, at=NOW).excluded == 1


def test_a_confirmed_one_is_not_declined_afterwards(
    campaign: Campaign, closed: list[bytes], ratna: User, irma: User, login: Login
) -> None:
    propose(login(ratna), closed[0].hex())
    answer(login(irma), "confirm")
    assert "sudah dijawab" in answer(login(irma), "decline", text="Berubah pikiran.")
    assert Exclusion.objects.get().declined_by is None
    assert results.certify(campaign, by=ratna, at=NOW).excluded == 1


@pytest.mark.parametrize("excluded", [9, 10])
def test_both_verdicts_are_kept_and_shown_from_ten_on(
    excluded: int,
    campaign: Campaign,
    closed: list[bytes],
    ratna: User,
    irma: User,
    login: Login,
) -> None:
    propose(login(ratna), *(one.hex() for one in closed[:excluded]))
    answer(login(irma), "confirm")
    kept = results.certify(campaign, by=ratna, at=NOW)
    sizes = [
        {tally["respondents"] for tally in found.values()} for found in (kept.tallies, kept.tallies_with)
    ]
    assert sizes == [{42 - excluded}, {42}]
    page = text_of(Client().get("/hasil/sambas1/").content)
    assert ("Dengan dan tanpa jawaban yang dikecualikan" in page) == (excluded >= K)
    after = text_of(login(ratna).get(PAGE).content)
    assert "Berlaku dalam hasil yang disahkan." in after
    assert "Yang dikecualikan sekarang baru berlaku bila hasilnya dikoreksi" in after
    assert "1 jawaban ditemukan dan diusulkan" in propose(login(ratna), closed[11].hex())[1]
    assert "Berlaku saat hasil dikoreksi" in answer(login(irma), "confirm", number=2)
    assert f"{excluded} dikecualikan, {42 - excluded} dihitung." in text_of(
        Client().get("/hasil/sambas1/").content
    )


def test_what_would_leave_too_few_is_refused_in_words(
    campaign: Campaign, ratna: User, irma: User, login: Login
) -> None:
    let_say(campaign, *[4] * 30)
    actions.seal_due(NOW)
    close_all()
    with settings.INTAKE.transaction(writes=False) as cursor:
        late = cursor.rows("SELECT commitment FROM sealed WHERE block = 2")
    propose(login(ratna), *(bytes(name).hex() for (name,) in late[:11]))
    assert "kurang dari sepuluh jawaban" in answer(login(irma), "confirm")
    assert Exclusion.objects.get().confirmed_by is None
