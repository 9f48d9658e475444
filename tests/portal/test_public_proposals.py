"""Published decisions: what everybody sees of them, what nobody does, and what a correction changes."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tera.engine.proposal import Stage
from tera.intake.exporting import list_held
from tera.portal.accounts.models import User
from tera.portal.ledger.publishing import publish_installation
from tera.portal.proposals.cases.actions import act, announce
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.cases.wording import STAGES
from tera.portal.proposals.models import Case
from tera.portal.results import actions as results
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason, Removed
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import actions as surveys
from tera.portal.surveys import periods
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for
from tests.portal.proposing import BEST, NEW_RULES, NOW, OLD_RULES, begun, certified, people, walk


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
    assert "<b>17,50</b> dari 17,50" in page
    assert 'class="is-met" data-criterion="pengawasan"' in page
    assert "87,50" in page.split("Dicatat, tidak dinilai")[1]
    assert page.count("catatan nomor") == 2
    [file] = set(re.findall(r'href="(/log/tile/entries/[^"]+)"', page))
    entries = Client().get(file).content
    for said in ("proposed/sambas/1", "certified/sambas1/1"):
        assert f">{said}</code>" in page
        assert f'"id":"{said}"'.encode() in entries
    assert "tera verify http://testserver --key KEY</code>" in page
    assert reverse("public-certificate", args=["sambas1"]) in page
    # Notes of other layers, evidence, opinions and names of people are not for everybody.
    for kept_back in ("recommend.", "submit.", "Menurut", "Bukti lengkap", "lke-2026.pdf", "maya", "wati"):
        assert kept_back not in page
    act(walk(case, Stage.SENT), "deny", by=who.ministry, at=NOW, note="Kuota habis.")
    page = page_of(case)
    assert "Predikat tidak diberikan" in page
    assert "Dikirim ke tim nasional (TPN)" in page
    assert "Keputusan tim nasional: Kuota habis." in page


def is_told_everywhere(case: Case, chip: str, *, is_unsettled: bool) -> None:
    """Look at the list, the result and the page of a proposal that is put forward."""
    for told in (get("public-proposals"), get("public-result", "sambas1"), page_of(case)):
        assert f'{chip}">Diusulkan</span>' in told
        assert ("<strong>hasilnya dikoreksi; belum diputuskan lagi</strong>" in told) == is_unsettled


def both_decisions_say_what_they_rested_upon(page: str) -> None:
    above, proofs = page.split("Bukti di buku besar")
    now, before = above.split("Sebelum dikoreksi: putusan")
    for part, count, name in ((now, 48, "certified/sambas1/2"), (before, 60, "certified/sambas1/1")):
        assert f"<b>{count}</b>" in part
        assert f">{name}</code>" in part
        assert part.count("saat diputuskan") == part.count("data-criterion")
    result = reverse("public-result", args=["sambas1"])
    assert proofs.count(f'href="{result}"') == 3  # certified twice, and why the first one was corrected
    for name in ("proposed/sambas/1", "proposed/sambas/2", "corrected/1", "corrected/2"):
        assert f">{name}</code>" in proofs


def it_begins_with_why_it_was_revoked(page: str) -> None:
    first = page.split("</h1>")[1].split("</p>", maxsplit=1)[0]
    assert "Usulan WBK ini dicabut pada" in first
    assert "Responden tidak cukup lagi." in first
    now, second, one = page.split("Bukti di buku besar", maxsplit=1)[0].split("Sebelum dikoreksi: putusan")
    assert now.count("menurut hasil yang dikoreksi") == now.count("data-criterion")
    assert "<b>48</b>" in second
    assert "<b>60</b>" in one


def test_a_correction_after_the_decision_is_seen_and_so_is_what_became_of_it(
    sambas: Unit, folder: Path
) -> None:
    campaign = certified(sambas, "sambas1", *[4] * 60)
    who, case = people(sambas), walk(begun(campaign), Stage.RECOMMENDED)
    give_score(case, Layer.MINISTRY, Entry("tlhp", "87,5", "Menurut BPK."), by=who.ministry, at=NOW)
    case = walk(case, Stage.PROPOSED)
    announce(case, by=who.ministry, at=NOW)
    assert "Bertentangan" not in page_of(case)
    is_told_everywhere(case, "yes", is_unsettled=False)
    take_off(campaign, 12)
    is_told_everywhere(case, "wait", is_unsettled=True)
    give_score(case, Layer.MINISTRY, Entry("tlhp", "61", "Menurut BPK."), by=who.ministry, at=NOW)
    page = page_of(case)
    assert "87,50" in page  # on which it was decided, whatever is given since
    assert "61,00" not in page
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
    assert "61,00" in page
    assert "87,50" not in page
    assert "proposed/sambas/2" in page
    both_decisions_say_what_they_rested_upon(page)
    take_off(campaign, 20)
    assert 'class="is-unmet" data-criterion="respondents"' in page_of(case).split("Menurut hasil sekarang")[1]
    act(case, "revoke", by=who.ministry, at=NOW, note="Responden tidak cukup lagi.")
    page = page_of(Case.objects.get(pk=case.pk))
    it_begins_with_why_it_was_revoked(page)
    assert ">Usulan dicabut</span>" in get("public-proposals")


def test_what_is_announced_stays_public_also_while_it_is_examined_again(sambas: Unit) -> None:
    campaign = certified(sambas, "sambas1", *[4] * 60)
    who, case = people(sambas), walk(begun(campaign), Stage.NOT_PROPOSED)
    announce(case, by=who.ministry, at=NOW)
    page = page_of(case)
    assert "Kementerian tidak mengusulkan" in page
    assert 'class="is-unknown" data-criterion="total"' in page
    assert "proposed/sambas" not in page
    assert "Dinilai lagi" not in page
    take_off(campaign, 12)
    steps = (("begin-again", "regional_head"), ("return", "verifier"), ("submit", "head"))
    for deed, name in (*steps, ("not-recommend", "regional_head")):
        act(case, deed, by=getattr(who, name), at=NOW, note=f"Alasan rahasia {deed}.")
        page = page_of(case)
        assert "Dinilai lagi sejak" in page
        assert f"Tahapnya sekarang: {STAGES[Case.objects.get().stage]}." in page
        assert 'no">Tidak diusulkan</span>' in page
        assert "Alasan: Alasan: not-propose." in page
        assert "<b>60</b>" in page.split("Menurut hasil sekarang")[0]
        assert "<b>48</b>" in page.split("Menurut hasil sekarang")[1]
        assert "Alasan rahasia" not in page
        for listed in (get("public-proposals"), get("public-result", "sambas1")):
            assert "<strong>dinilai lagi</strong>" in listed
            assert 'no">Tidak diusulkan</span>' in listed


def test_other_surveys_of_the_same_days_are_named_beside_a_proposal(
    sambas: Unit, login: Callable[[User], Client]
) -> None:
    campaign = certified(sambas, "sambas1", *BEST)
    who, case = people(sambas), walk(begun(campaign), Stage.PROPOSED)
    announce(case, by=who.ministry, at=NOW)
    heading, browser = "Survei lain unit ini pada waktu yang sama", login(who.ministry)
    assert heading not in browser.get(f"/usulan/{case.pk}/").content.decode()
    assert "survei lain" not in page_of(case)
    year = periods.of_length(NOW.date(), 12)
    plan = replace(plan_for(NOW.date(), "skm-9", "spak-5-4"), zone_rulebook_id=OLD_RULES, period=year.name)
    surveys.record(unit=sambas, plan=plan, by=None, at=NOW, code="sambas2")
    page = browser.get(f"/usulan/{case.pk}/").content.decode().partition(heading)[2]
    assert year.name in page
    assert "Menerima jawaban" in page
    assert reverse("result", args=["sambas2"]) in page
    assert "unit ini mengadakan 1 survei lain dengan nama periode lain" in page_of(case)
