"""The page of a unit: every row of the law's cases through the portal, and what is missing in plain words."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tera import law
from tera.engine.instrument import Instrument
from tera.engine.number import parse
from tera.engine.proposal import Stage
from tera.engine.rulebook import Rulebook
from tera.engine.tally import Tally, as_values
from tera.portal.accounts.models import User
from tera.portal.proposals.cases.actions import begin
from tera.portal.proposals.cases.scoring import Entry, give_score
from tera.portal.proposals.models import Case, Standing
from tera.portal.proposals.queries import basis_now, scores_of, verdict_of
from tera.portal.results.models import Certification
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.minuting import end, meet
from tests.portal.proposing import (
    BEST,
    JUST_BELOW,
    LATEST_RULES,
    NEW_RULES,
    NOW,
    OLD_RULES,
    begun,
    certified,
    closed,
    people,
    walk,
)

Login = Callable[[User], Client]
Json = Mapping[str, Any]
ROW = re.compile(r'<li id="(?P<title>\w+)-(?P<criterion>\w+)" class="is-(?P<state>met|unmet|unknown)"')


def page_of(client: Client, unit: Unit, **asked: str) -> str:
    reply = client.get(reverse("eligibility", args=[unit.slug]), asked)
    assert reply.status_code == 200
    return reply.content.decode()


def cases_of(rulebook: str) -> list[Json]:
    text = law.read(rulebook, "cases.toml")
    rows: list[Json] = tomllib.loads(text)["verdict"]
    return rows


def indices_in(row: Json, rulebook: Rulebook) -> dict[str, Fraction]:
    """Return the indices of a row from 1 to 4, where it gives points converted back."""
    indices = {name: parse(text) for name, text in row.get("indices", {}).items()}
    for measure in rulebook.measures:
        if measure.id in row.get("values", {}):
            points = parse(row["values"][measure.id])
            indices[measure.id] = points * rulebook.highest.value / measure.maximum.value
    return indices


def tally_of(instrument: Instrument, index: Fraction, least: int) -> Tally:
    """Return answers that give an index exactly.

    They are of as few respondents as can give it, and of no fewer than the row names: thirty people and five
    questions make steps of 1/150, so that 3,595 takes forty. The criterion of thirty is met by either.
    """
    codes = instrument.codes
    n = next(n for n in range(least, 100 * least) if (index * n * len(codes)).denominator == 1)
    low = index.numerator // index.denominator
    higher = int(index * n * len(codes)) - low * n * len(codes)
    counts: dict[str, dict[int, int]] = {}
    for code in codes:
        raised = min(higher, n)
        higher -= raised
        counts[code] = {low: n - raised, low + 1: raised} if raised else {low: n}
    return Tally(n, n, counts)


def let_be_certified(campaign: Campaign, rulebook: Rulebook, indices: Mapping[str, Fraction], n: int) -> None:
    """Put into the certified result what gives these indices: its numbers, nothing of how they are read."""
    tallies = {}
    for instrument in campaign.instruments:
        measure = rulebook.measure_of(instrument.construct)
        if measure is not None and measure.id in indices:
            tallies[instrument.id] = tally_of(instrument, indices[measure.id], n)
    count = min((tally.respondents for tally in tallies.values()), default=n)
    Certification.objects.filter(campaign=campaign).update(tallies=as_values(tallies), count=count)


@dataclass
class Through:
    """The portal with one unit: its survey, its proposals by title, who scores, and a browser of the unit."""

    campaign: Campaign
    cases: Mapping[str, Case]
    ministry: User
    client: Client
    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def enter(self, case: Case, values: Mapping[str, str]) -> None:
        """Let the ministry score what a row names, and take back what another row named."""
        for entry in case.rulebook.given:
            value = values.get(entry.id, "")
            if self.given.get((case.target_id, entry.id), "") != value:
                typed = Entry(entry.id, value, "Menurut LKE.")
                give_score(case, Layer.MINISTRY, typed, by=self.ministry, at=NOW)
                self.given[case.target_id, entry.id] = value


@pytest.mark.parametrize("rules", [OLD_RULES, NEW_RULES, LATEST_RULES])
def test_every_row_of_the_law_comes_out_on_the_pages(sambas: Unit, login: Login, rules: str) -> None:
    campaign, rows = certified(sambas, "sambas1", *BEST, zone=rules), cases_of(rules)
    who, cases = people(sambas), {}
    for target in ("wbk", "wbbm"):
        case = begin(sambas, campaign.period, target, by=who.operator, at=NOW)
        cases[target] = walk(case, Stage.SUBMITTED)
    through = Through(campaign, cases, who.ministry, login(who.operator))
    for row in rows:
        check(row, through)
    assert len(rows) > 20


def check(row: Json, through: Through) -> None:
    """Hold what the page and the proposal say against a row of the law.

    Nothing is certified where a row knows no index. That respondents are unknown and an index is not cannot
    be: whatever counts answers knows how many gave them; then nothing of the survey is known either.
    """
    case, name = through.cases[row["target"]], row["name"]
    indices = indices_in(row, case.rulebook) if "respondents" in row else {}
    let_be_certified(through.campaign, case.rulebook, indices, row.get("respondents", 30))
    through.enter(case, row.get("values", {}))
    page = page_of(through.client, case.unit)
    shown = {m["criterion"]: m["state"] for m in ROW.finditer(page) if m["title"] == row["target"]}
    unmet = [criterion for criterion, state in shown.items() if state != "met"]
    verdict = verdict_of(case, basis_now(case), Layer.MINISTRY, scores_of(case))
    found = [finding.criterion.id for finding in verdict.findings if not finding.met]
    wanted = [criterion for criterion in row["unmet"] if criterion in shown]
    if "respondents" not in row and row.get("indices"):
        assert set(wanted) <= set(unmet), name
        assert set(row["unmet"]) <= set(found), name
        return
    assert "respondents" in shown, name
    assert unmet == wanted, name
    assert ("Syarat survei terpenuhi semua." in part_of(page, row["target"])) is (not unmet), name
    if not row.get("survey_only"):
        assert (found, verdict.eligible) == (row["unmet"], row["eligible"]), name


def part_of(page: str, title: str) -> str:
    """Return the card of a title."""
    return page.split(f'<section class="card verdict" id="{title}">')[1].split("</section>", maxsplit=1)[0]


def test_before_a_result_is_certified_nothing_of_it_is_said(
    sambas: Unit, login: Login, lapas: Unit, dewi: User
) -> None:
    campaign = closed(sambas, "sambas1", *BEST)
    who = people(sambas)
    page = page_of(login(who.operator), sambas)
    assert "Belum dapat dinilai:" in page
    assert "hasil survei periode ini belum disahkan." in page
    assert ">Lihat halaman hasilnya</a>" in page
    assert {m["state"] for m in ROW.finditer(page)} == {"unknown"}
    assert not re.search(r"\d+,\d\d</b>", page)
    assert page.count("Siapkan usulan") == 2
    assert "Seandainya aturannya lain" not in page
    assert "Undang unit" not in page_of(login(who.verifier), sambas)
    for stranger in (who.elsewhere, dewi):
        assert login(stranger).get(reverse("eligibility", args=["sambas"])).status_code == 403
    assert "belum pernah disurvei" in page_of(login(dewi), lapas)
    assert campaign.period in page


def test_what_is_missing_is_said_in_points_in_people_and_in_what_to_do(sambas: Unit, login: Login) -> None:
    campaign = certified(sambas, "sambas1", *JUST_BELOW[:25], *[(3, 4)] * 4, zone=NEW_RULES)
    client = login(people(sambas).operator)
    page = page_of(client, sambas)
    wbk = part_of(page, "wbk")
    assert "hampir memenuhi syarat survei" in wbk
    assert "Jaraknya <strong>1 responden lagi</strong>." in wbk
    assert "Siapkan usulan" not in page
    Certification.objects.update(count=29)
    rulebook = campaign.zone_rulebook
    let_be_certified(campaign, rulebook, {"ipak": Fraction("3.595"), "ipkp": Fraction(3)}, 30)
    page = page_of(client, sambas)
    wbk, wbbm = part_of(page, "wbk"), part_of(page, "wbbm")
    assert "<b>15,73</b> dari 17,50" in wbk
    assert "(indeks 3,595)" in wbk
    assert "(indeks 3,60 dari 4)" in wbk
    assert "Indeks 3,5950 dari 4, lalu × 17,50 / 4 = 15,73 poin." in wbk
    assert "Ambangnya: indeks 3,60 dari 4, lalu × 17,50 / 4 = 15,75 poin." in wbk
    assert "Indeks: jumlah rata-rata × bobot" in wbk
    assert "sebagaimana diubah dengan" in wbk
    assert "kurang 0,02" in wbk
    assert "Jaraknya paling sedikit <strong>1 responden lagi</strong>, bila semuanya" in wbk
    assert "Paling sedikit satu syarat masih di bawah 95 % ambangnya." in wbk
    assert "Jaraknya paling sedikit <strong>45 responden lagi</strong>" in wbbm  # 30 x 0,6 / 0,4
    needed = page.split("Apa yang diperlukan?")[1]
    assert "WBK · WBBM" in needed
    assert (
        "Dengan 40 responden seperti sekarang, indeksnya harus paling sedikit <strong>3,60</strong>" in needed
    )
    assert "Sekarang 3,595, jadi setiap pertanyaan rata-rata harus naik 0,005." in needed
    assert "Mulai dari unsur yang paling rendah:" in needed


def test_another_rulebook_is_a_supposition_beside_the_one_that_holds(sambas: Unit, login: Login) -> None:
    certified(sambas, "sambas1", *BEST)
    client = login(people(sambas).operator)
    page = page_of(client, sambas, aturan=NEW_RULES)
    assert "Pengandaian: tidak berlaku sebagai hasil." in page
    supposed = page.split('class="card supposed"')[1]
    assert 'class="is-unknown" data-criterion="ipkp"' in supposed  # it takes another questionnaire
    assert 'class="is-met" data-criterion="ipak"' in supposed
    assert "tidak ditanyakan" in supposed
    assert "Dijawab oleh survei yang memuat kuesioner:" in supposed
    assert "syarat lain tidak berasal dari survei" in supposed
    assert ROW.findall(page) == ROW.findall(page_of(client, sambas))
    unknown = page_of(client, sambas, aturan="permenpanrb-99-2099", periode="Semester 9")
    assert "Aturan “permenpanrb-99-2099” tidak ada." in unknown
    assert "Unit ini tidak disurvei pada periode yang diminta" in unknown


def test_the_page_leads_to_the_proposal_and_tells_earlier_states(sambas: Unit, login: Login) -> None:
    campaign = certified(sambas, "sambas1", *BEST)
    who = people(sambas)
    operator, verifier = login(who.operator), login(who.verifier)
    assert page_of(verifier, sambas).count("Undang unit untuk") == 2
    form = {"period": campaign.period, "target": "wbk", "invite": "1"}
    assert verifier.post(reverse("begin-proposal", args=["sambas"]), form).status_code == 302
    case = Case.objects.get()
    wbk = part_of(page_of(operator, sambas), "wbk")
    assert reverse("proposal", args=[case.pk]) in wbk
    assert "Diundang untuk diusulkan" in wbk
    assert "Siapkan usulan" not in wbk
    assert "Belum ada periode yang hasilnya disahkan" in page_of(operator, sambas)
    facts = {"first": campaign.starts_on, "rulebook_id": OLD_RULES, "rules": "", "n": 40}
    found: Json = {"measures": {}, "results": [], "missing": {}, "wbk": "ELIGIBLE", "wbbm": "NEARLY"}
    Standing.objects.update_or_create(unit=sambas, period=campaign.period, defaults={**facts, **found})
    history = page_of(operator, sambas, gelar="wbbm").split("Riwayat")[1]
    assert "hampir memenuhi" in history
    assert begun(campaign, "wbbm").stage == Stage.DRAFT
    assert "Disiapkan unit" in part_of(page_of(operator, sambas), "wbbm")


def test_a_period_of_which_every_survey_was_rejected_says_so(sambas: Unit, login: Login) -> None:
    who, campaign = people(sambas), closed(sambas, "sambas1", *BEST)
    chair, kanwil = who.regional_head, Unit.objects.get(children=sambas)
    end(meet(kanwil, chair, [campaign], chair), chair, "REJECTED")
    for user in (who.head, chair):
        page = page_of(login(user), sambas)
        assert "Survei periode ini ditolak dalam rapat verifikasi." in page
        assert "Siapkan usulan" not in page
        assert not ROW.search(page)
