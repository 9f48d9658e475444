"""Published decisions: what everybody sees of them, what nobody does, and what a correction changes."""

from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tera.engine.proposal import Stage
from tera.intake.exporting import list_held
from tera.portal.ledger.publishing import publish_installation
from tera.portal.proposals.cases.actions import act, announce
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.models import Case
from tera.portal.results import actions as results
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason, Removed
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.proposing import BEST, NEW_RULES, NOW, begun, certified, people, walk


def get(name: str, *about: object) -> str:
    """Return a page as a stranger sees it."""
    reply = Client().get(reverse(name, args=about))
    assert reply.status_code == 200
    return reply.content.decode()


def page_of(case: Case) -> str:
    return get("public-proposal", case.unit.slug, case.number)


def is_hidden(case: Case) -> bool:
    where = reverse("public-proposal", args=[case.unit.slug, case.number])
    return Client().get(where).status_code == 404


def take_off(campaign: Campaign, count: int) -> None:
    """Let two offices exclude some of the answers that count, and the region correct the result."""
    who = people(campaign.unit)
    off = set(Removed.objects.values_list("commitment", flat=True))
    held = [name for _, (name, _, _) in list_held(settings.INTAKE, campaign.code) if name.hex() not in off]
    offices = [by.assignments.get().acts_for for by in (who.verifier, who.inspector)]
    named = dict.fromkeys(held[:count], Reason.STAFF)
    proposed = results.propose_exclusion(campaign, named, by=who.verifier, office=offices[0])
    results.confirm_exclusion(proposed, by=who.inspector, office=offices[1])
    correct(campaign, "Pegawai sendiri ikut menjawab.", by=who.regional_head, at=NOW)


def test_a_decision_is_public_with_its_numbers_and_proof_once_it_is_announced(
    sambas: Unit, folder: Path
) -> None:
    campaign = certified(sambas, "sambas1", *BEST, zone=NEW_RULES)
    who, case = people(sambas), walk(begun(campaign), Stage.RECOMMENDED)
    give_score(case, Layer.MINISTRY, Entry("tlhp", "87.5", "Menurut BPK."), by=who.ministry, at=NOW)
    case = walk(case, Stage.PROPOSED)
    assert is_hidden(case)
    assert "Belum ada keputusan yang diumumkan." in get("public-proposals")
    assert "Dasar usulan" not in get("public-result", "sambas1")
    announce(case, by=who.ministry, at=NOW)
    publish_installation()
    listed = get("public-proposals")
    assert case.unit.name in listed
    assert ">Diusulkan</span>" in listed
    assert "Dasar usulan WBK" in get("public-result", "sambas1")
    page = page_of(case)
    assert "Alasan: Alasan: propose." in page
    assert "Kementerian Contoh" in page
    assert 'class="is-met" data-criterion="ipak"' in page
    assert "<b>17,50</b>" in page
    assert 'class="is-met" data-criterion="pengawasan"' in page
    assert "87,50" in page.split("Dicatat, tidak dinilai")[1]
    assert page.count("catatan nomor") == 2
    for said in ("proposed/sambas/1", "certified/sambas1/1"):
        assert said in page
    assert reverse("public-certificate", args=["sambas1"]) in page
    # Notes of other layers, evidence, opinions and names of people are not for everybody.
    for kept_back in ("recommend.", "submit.", "Menurut", "Bukti lengkap", "lke-2026.pdf", "maya", "wati"):
        assert kept_back not in page
    act(walk(case, Stage.SENT), "deny", by=who.ministry, at=NOW, note="Kuota habis.")
    page = page_of(case)
    assert "Predikat tidak diberikan" in page
    assert "Dikirim ke tim nasional (TPN)" in page
    assert "Kuota habis." not in page


def test_a_correction_after_the_decision_is_seen_and_so_is_what_became_of_it(
    sambas: Unit, folder: Path
) -> None:
    campaign = certified(sambas, "sambas1", *[4] * 60)
    who, case = people(sambas), walk(begun(campaign), Stage.PROPOSED)
    announce(case, by=who.ministry, at=NOW)
    assert "Bertentangan" not in page_of(case)
    take_off(campaign, 12)
    page = page_of(case)
    assert "Bertentangan dengan hasil sekarang." in page
    assert "<b>60</b>" in page.split("Menurut hasil sekarang")[0]
    assert "<b>48</b>" in page.split("Menurut hasil sekarang")[1]
    assert "certified/sambas1/2" in page
    assert "corrected/1" in page
    give_opinion(case, is_for=True, reason="Tetap baik.", by=who.inspector, at=NOW)
    act(case, "uphold", by=who.second_ministry, at=NOW, note="Tanpa pegawai pun tercapai.")
    page = page_of(Case.objects.get(pk=case.pk))
    assert "Bertentangan" not in page
    assert "Tetap diusulkan setelah hasil dikoreksi" in page
    assert "Tanpa pegawai pun tercapai." in page
    assert "proposed/sambas/2" in page
    take_off(campaign, 20)
    assert 'class="is-unmet" data-criterion="respondents"' in page_of(case).split("Menurut hasil sekarang")[1]
    act(case, "revoke", by=who.ministry, at=NOW, note="Responden tidak cukup lagi.")
    page = page_of(Case.objects.get(pk=case.pk))
    assert "Usulan ini dicabut." in page
    assert "Responden tidak cukup lagi." in page
    assert ">Usulan dicabut</span>" in get("public-proposals")


def test_what_is_not_proposed_may_be_published_too_and_what_begins_again_is_not(sambas: Unit) -> None:
    campaign = certified(sambas, "sambas1", *[4] * 60)
    who, case = people(sambas), walk(begun(campaign), Stage.NOT_PROPOSED)
    announce(case, by=who.ministry, at=NOW)
    page = page_of(case)
    assert "Kementerian tidak mengusulkan" in page
    assert 'class="is-unknown" data-criterion="total"' in page
    assert "proposed/sambas" not in page
    take_off(campaign, 12)
    act(case, "begin-again", by=who.regional_head, at=NOW, note="Dengan hasil baru.")
    assert is_hidden(case)
    assert case.unit.name not in get("public-proposals")
