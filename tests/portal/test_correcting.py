"""Two offices exclude responses after the certification: the result is corrected, and never silently."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from tera.engine.proposal import Stage as ProposalStage
from tera.engine.recompute import recompute_here
from tera.engine.response import Response, receipt_code
from tera.engine.workflow import Stage
from tera.intake import erasing, inbox, receipts
from tera.intake.exporting import list_held
from tera.intake.inbox import new_key
from tera.intake.submission import base64url
from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event, Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.proposals.cases.actions import act
from tera.portal.results import actions as results
from tera.portal.results import bundle
from tera.portal.results.actions import CannotExclude, NobodyLeft
from tera.portal.results.correcting.actions import (
    BadReason,
    CannotCorrect,
    TooClose,
    TooFewLate,
    correct,
)
from tera.portal.results.correcting.erased import let_go
from tera.portal.results.counting import faults_of
from tera.portal.results.models import Analysis, Certification, Reason, Removed, Superseded
from tera.portal.results.precision.actions import analyse_next
from tera.portal.results.queries import certified_statements, count_late, is_to_be_taken_off, result_of
from tera.portal.review.meetings.following import faults as faults_of_steps
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import stage_of
from tera.portal.units.models import Unit
from tera.verifier.verify import verify
from tests.portal import proposing, test_subtraction
from tests.portal.deciding import close_all, exclude
from tests.portal.respondents import Respondent
from tests.portal.test_certifying import let_say, text_of

NOW = datetime(2026, 12, 3, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
RESULT, PUBLIC, CORRECT = "/laporan/sambas1/", "/hasil/sambas1/", "/laporan/sambas1/koreksi/"
WHY = "Dua belas jawaban diisi petugas loket sendiri."
Login = Callable[[User], Client]


@pytest.fixture
def false(campaign: Campaign, ratna: User, folder: Path) -> list[bytes]:
    """Certify and publish what 52 people said, of whom fourteen were the staff itself; return these."""
    let_say(campaign, *[3] * 38)
    praising = let_say(campaign, *[4] * 14)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    publish_installation()
    results.tell_published(NOW)
    return praising


def public() -> str:
    return text_of(Client().get(PUBLIC).content)


def certificate(address: str = f"{PUBLIC}sertifikat.json") -> bytes:
    reply = Client().get(address)
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/json")
    return bytes(reply.content)


def test_until_it_is_corrected_the_certified_numbers_hold_and_everybody_reads_that_they_will_not(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User, budi: User, login: Login
) -> None:
    former = certificate()
    exclude(campaign, false[:12], ratna, irma)
    page = public()
    assert "Dua kantor mengecualikan 12 jawaban setelah pengesahan; koreksi sedang disiapkan." in page
    assert "Semua 52 jawaban yang disegel dihitung." in page
    assert certificate() == former
    assert "Dihitung" in text_of(Client().get(f"/r/{receipt_code(false[0])}").content)
    assert list(faults_of(campaign)) == []
    assert 'koreksi/"' in login(ratna).get(RESULT).content.decode()
    assert 'koreksi/"' not in login(budi).get(RESULT).content.decode()
    assert login(budi).get(CORRECT).status_code == login(budi).post(CORRECT).status_code == 403
    assert "hasilnya dapat dikoreksi" in text_of(login(ratna).get("/survei/").content)
    page = text_of(login(ratna).get(CORRECT).content)
    assert "12 jawaban dikecualikan dua kantor sesudah hasil disahkan." in page


@pytest.fixture
def former(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User, login: Login, folder: Path
) -> bytes:
    """Let two offices exclude twelve, and Ratna correct the result; return the former certificate."""
    kept = certificate()
    exclude(campaign, false[:12], ratna, irma)
    reply = login(ratna).post(CORRECT, {"reason": f"  {WHY} "}, follow=True)
    assert reply.redirect_chain == [(f"{RESULT}?disahkan", 302)]
    return kept


def test_everybody_reads_what_holds_what_held_before_and_why(former: bytes, false: list[bytes]) -> None:
    page = public()
    assert "Hasil ini dikoreksi pada" in page
    assert f"oleh Kanwil Kalbar. Alasan: {WHY} Sebelumnya:" in page
    assert "52 jawaban dihitung, disahkan 3 Desember 2026." in page
    assert "52 disegel, 12 dikecualikan, 40 dihitung." in page
    assert "koreksi sedang disiapkan" not in page
    now = certificate()
    assert certificate(f"{PUBLIC}sertifikat-1.json") == former
    assert certificate(f"{PUBLIC}sertifikat-2.json") == now
    assert Client().get(f"{PUBLIC}sertifikat-3.json").status_code == 404
    assert recompute_here(now) == now
    told = json.loads(now)
    assert (told["corrects"], told["withheld"]) == ("certified/sambas1/1", "corrected")
    assert told["counts"] == {"sealed": 52, "count": 40, "excluded": 12, "controls": 0}
    assert "corrects" not in json.loads(former)
    assert "Tidak dihitung" in text_of(Client().get(f"/r/{receipt_code(false[0])}").content)


def test_the_ledger_tells_it_and_whoever_trusts_nobody_finds_no_fault(
    former: bytes, campaign: Campaign, folder: Path
) -> None:
    assert certified_statements([campaign]) == ["certified/sambas1/2"]
    said = Statement.objects.get(name="corrected/1").as_said()
    assert (said["statement"], said["reason"], said["by_unit"]) == ("certified/sambas1/1", WHY, "kanwil")
    assert "all" not in Statement.objects.get(name="certified/sambas1/2").as_said()
    assert Event.objects.filter(deed="correct", who="ratna", about="sambas1/2").exists()
    assert stage_of(campaign) == Stage.CERTIFIED
    publish_installation()
    results.tell_published(LATER)
    assert stage_of(campaign) == Stage.PUBLISHED
    assert list(faults_of(campaign)) == []
    assert not any("CERTIFIED" in fault for fault in faults_of_steps())
    with (folder / "audit.zip").open("wb") as stream:
        bundle.write(campaign, stream)
    with zipfile.ZipFile(folder / "audit.zip") as opened:
        assert opened.read("removed.csv").count(b",STAFF,2\n") == 12
    for place in (folder, folder / "audit.zip"):
        assert verify(str(place), str(folder / "log" / "key")).findings == []


def test_fewer_than_ten_wait_for_more(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User, login: Login
) -> None:
    with pytest.raises(CannotCorrect, match="needs LATE_EXCLUSION"):
        correct(campaign, WHY, by=ratna, at=LATER)
    assert login(ratna).get(CORRECT).status_code == 302  # there is nothing to correct
    exclude(campaign, false[:5], ratna, irma)
    page = text_of(login(ratna).get(CORRECT).content)
    assert "Belum dapat dikoreksi: pengecualian yang sudah disetujui menunggu sampai jumlahnya 10." in page
    reply = login(ratna).post(CORRECT, {"reason": WHY})
    assert reply.status_code == 400
    refused = text_of(reply.content)
    assert "kurang dari sepuluh jawaban dikecualikan sesudah pengesahan" in refused
    assert WHY in refused  # what was typed is there still
    with pytest.raises(TooFewLate, match="5 responses were excluded since"):
        correct(campaign, WHY, by=ratna, at=LATER)
    assert "Dua kantor mengecualikan 5 jawaban" in public()
    exclude(campaign, false[5:10], ratna, irma, Reason.NOT_A_USER)
    assert correct(campaign, WHY, by=ratna, at=LATER).count == 42
    # Once more, later: each result has its number, and what is said of each stays.
    exclude(campaign, [*false[10:], *let_be(campaign, 6)], ratna, irma)
    assert correct(campaign, "Enam bukan pengguna layanan.", by=ratna, at=LATER).number == 3
    assert [one.count for one in Superseded.objects.order_by("number")] == [52, 42]
    assert certified_statements([campaign]) == ["certified/sambas1/3"]
    assert public().count("Hasil ini dikoreksi pada") == 2
    assert list(faults_of(campaign)) == []


def let_be(campaign: Campaign, count: int) -> list[bytes]:
    """Return responses of people who said 3, which nobody named yet."""
    named = {bytes.fromhex(one.commitment) for one in Removed.objects.filter(campaign=campaign)}
    held = list_held(settings.INTAKE, campaign.code)
    return [name for _, (name, _, body) in held if name not in named and body.endswith(b"\3")][:count]


def test_only_the_office_that_certifies_corrects_and_says_why(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User, budi: User, login: Login
) -> None:
    exclude(campaign, false[:12], ratna, irma)
    for somebody in (budi, irma):
        with pytest.raises(PermissionDenied):
            correct(campaign, WHY, by=somebody, at=LATER)
    for reason in ("", " - ", "Jawaban\u200bpalsu", "x" * 301):
        with pytest.raises(BadReason):
            correct(campaign, reason, by=ratna, at=LATER)
        reply = login(ratna).post(CORRECT, {"reason": reason})
        assert (reply.status_code, "Belum dikoreksi." in text_of(reply.content)) == (400, True)
    with pytest.raises(results.CannotCertify, match="certified already"):
        results.certify(campaign, by=ratna, at=LATER)
    assert (Certification.objects.get().number, Superseded.objects.count()) == (1, 0)
    assert not Statement.objects.filter(kind="corrected").exists()


def test_what_the_second_office_declines_changes_nothing(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User, kanwil: Unit, inspectorate: Unit
) -> None:
    before, document = public(), certificate()
    wish = dict.fromkeys(false, Reason.STAFF)
    proposed = results.propose_exclusion(campaign, wish, by=ratna, office=kanwil)
    assert public() == before  # nobody confirmed it
    results.decline_exclusion(proposed, by=irma, office=inspectorate, answer="Tidak terbukti.")
    assert (public(), certificate()) == (before, document)
    with pytest.raises(CannotCorrect):
        correct(campaign, WHY, by=ratna, at=LATER)
    assert list(faults_of(campaign)) == []


def test_a_question_that_a_few_of_the_excluded_answered_would_tell_what_they_said(
    sambas: Unit, budi: User, ratna: User, irma: User, login: Login
) -> None:
    campaign = test_subtraction.opened(sambas, budi, "aduan", "ikm-21")
    test_subtraction.let_say(campaign, *[4] * 20)
    few = test_subtraction.let_say(campaign, *[1] * 4, *[None] * 10)
    more = test_subtraction.let_say(campaign, *[1] * 6)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    exclude(campaign, few, ratna, irma)
    with pytest.raises(TooClose):
        correct(campaign, WHY, by=ratna, at=LATER)
    reply = login(ratna).post("/laporan/aduan/koreksi/", {"reason": WHY})
    assert (reply.status_code, "jawaban mereka terbaca dari selisihnya" in text_of(reply.content)) == (
        400,
        True,
    )
    exclude(campaign, more, ratna, irma)
    assert correct(campaign, WHY, by=ratna, at=LATER).count == 20
    assert list(faults_of(campaign)) == []


def test_what_was_computed_of_the_former_result_is_computed_anew(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User
) -> None:
    assert analyse_next(NOW)
    exclude(campaign, false[:12], ratna, irma)
    correct(campaign, WHY, by=ratna, at=LATER)
    assert not Analysis.objects.exists()
    assert analyse_next(LATER)
    [values, *_] = Analysis.objects.get().values
    assert values["n"] == result_of([campaign]).n == 40


def test_a_former_result_that_was_changed_is_found(
    campaign: Campaign, false: list[bytes], ratna: User, irma: User
) -> None:
    exclude(campaign, false[:12], ratna, irma)
    correct(campaign, WHY, by=ratna, at=LATER)
    Superseded.objects.update(reason="Lain.", count=51)
    assert list(faults_of(campaign)) == [
        "the ledger says something else under certified/sambas1/1 than the database holds",
        "the certificate of sambas1 is not that of the certified result",
        "the certified result of sambas1 does not follow from its blocks",
        "certified/sambas1/1 was corrected, and the ledger does not say so or says another reason",
    ]
    Superseded.objects.all().delete()
    assert list(faults_of(campaign)) == ["sambas1 is certified in the ledger or in the database, not in both"]


def test_an_earlier_excluded_response_may_be_erased_and_imported_ones_stay(
    campaign: Campaign, ratna: User, irma: User, kanwil: Unit, sari: Respondent
) -> None:
    """Whoever was excluded before cannot stop a correction by having their response erased."""
    key = new_key(NOW)
    answers = dict.fromkeys(campaign.form.codes, 4)
    receipt = sari.send_json("/s/sambas1", key=base64url(key), answers=answers).json()["receipt"]
    false = let_say(campaign, *[4] * 12)
    let_say(campaign, *[3] * 20)
    close_all()
    place = receipts.find(settings.INTAKE, receipt)
    assert place is not None
    exclude(campaign, [place.commitment], ratna, irma)
    results.certify(campaign, by=ratna, at=NOW)
    erasing.erase(settings.INTAKE, receipt, key)
    actions.tell_of_blocks()
    exclude(campaign, false, ratna, irma)
    assert correct(campaign, WHY, by=ratna, at=LATER).tallies["skm-9"]["respondents"] == 20
    assert list(faults_of(campaign)) == []
    Campaign.objects.update(source="Rekap kertas")
    with pytest.raises(CannotExclude, match="imported"):
        results.propose_exclusion(Campaign.objects.get(), {false[0]: Reason.TEST}, by=ratna, office=kanwil)


def test_who_was_excluded_late_may_erase_and_is_counted_on(
    campaign: Campaign, ratna: User, irma: User, sari: Respondent, folder: Path, login: Login
) -> None:
    """Two offices keep nobody from erasing: not by excluding a few for ever, nor by asking to."""
    answers, sent = dict.fromkeys(campaign.form.codes, 4), []
    for _ in range(2):
        key = new_key(NOW)
        receipt = sari.send_json("/s/sambas1", key=base64url(key), answers=answers).json()["receipt"]
        sent.append((receipt, key, receipts.find(settings.INTAKE, receipt)))
    false = let_say(campaign, *[4] * 12)
    let_say(campaign, *[3] * 20)
    close_all()
    results.certify(campaign, by=ratna, at=NOW)
    [mine, other] = [place.commitment for _, _, place in sent if place]
    exclude(campaign, [mine, *false[:9]], ratna, irma)
    [kanwil, inspectorate] = [Unit.objects.get(slug=slug) for slug in ("kanwil", "itjen")]
    wish = results.propose_exclusion(campaign, {other: Reason.TEST}, by=ratna, office=kanwil)
    assert not any(is_to_be_taken_off("sambas1", name) for name in (mine, other))
    for receipt, key, _ in sent:
        erasing.erase(settings.INTAKE, receipt, key)
        assert let_go("sambas1") == 1
    assert "Dua kantor mengecualikan 9 jawaban" in public()
    with pytest.raises(NobodyLeft):
        results.confirm_exclusion(wish, by=irma, office=inspectorate)
    sent_form = {"number": wish.number, "deed": "confirm", "office": "itjen"}
    reply = login(irma).post("/tinjauan/sambas1/pengecualian/", sent_form, follow=True)
    assert "sudah dihapus atas permintaan pengisinya" in text_of(reply.content)
    with pytest.raises(TooFewLate, match="9 responses"):
        correct(campaign, WHY, by=ratna, at=LATER)
    exclude(campaign, false[9:], ratna, irma)
    corrected = correct(campaign, WHY, by=ratna, at=LATER)
    assert (corrected.count, corrected.excluded, count_late([campaign])) == (22, 12, 0)
    assert corrected.tallies["skm-9"]["respondents"] == 22
    assert Statement.objects.filter(kind="erased").count() == 2  # said before the result that counts them
    assert list(faults_of(campaign)) == []
    publish_installation()
    with (folder / "audit.zip").open("wb") as stream:
        bundle.write(campaign, stream)
    for place in (folder, folder / "audit.zip"):
        assert verify(str(place), str(folder / "log" / "key")).findings == []


def test_of_few_complete_forms_no_spread_is_left_in_a_corrected_result(
    sambas: Unit, budi: User, ratna: User, irma: User
) -> None:
    """Bounds and spreads beside those of the former result would tell of them; where there are ten, not."""
    for code, whole in (("sedikit", 3), ("cukup", 12)):
        campaign = test_subtraction.opened(sambas, budi, code)
        let_say(campaign, *[3] * 100)
        taken = let_say(campaign, *[4] * whole)
        taken += let_say_in_part(campaign, 12 - whole)
        close_all()
        results.certify(campaign, by=ratna, at=NOW)
        exclude(campaign, taken, ratna, irma)
        corrected = correct(campaign, WHY, by=ratna, at=LATER)
        assert (bool(corrected.means), corrected.strata) == (whole == 12, [])
        assert analyse_next(LATER) == (whole == 12)
        assert list(faults_of(campaign)) == []


def test_what_is_proposed_and_revoked_after_a_correction_is_found_true_by_whoever_trusts_nobody(
    sambas: Unit, folder: Path
) -> None:
    survey = proposing.certified(sambas, "sambas-1", *proposing.BEST)
    case = proposing.walk(proposing.begun(survey), ProposalStage.PROPOSED)
    proposing.take_off(survey)
    ministry = proposing.people(sambas).ministry
    act(case, "revoke", by=ministry, at=LATER, note="Hasil dikoreksi; dinilai lagi tahun depan.")
    publish_installation()
    said = Statement.objects.filter(kind__in=("proposed", "corrected")).order_by("place")
    assert list(said.values_list("kind", flat=True)) == ["proposed", "corrected", "corrected"]
    assert verify(str(folder), str(folder / "log" / "key")).findings == []


def let_say_in_part(campaign: Campaign, count: int) -> list[bytes]:
    """Let people leave a question of each questionnaire blank, each another; return their commitments."""
    held = []
    for number in range(count):
        blank = {each.codes[number % len(each.codes)] for each in campaign.instruments}
        answers = tuple(None if code in blank else 3 for code in campaign.form.codes)
        held.append(actions.held(Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, answers)))
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]
