"""What people do on the pages of proposals and letters, step by step."""

import re
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.verifying import OPEN_ALL, Offices

PERIOD = "Triwulan I 2026"
# For `tera manage shell`: an invented survey of the first quarter, verified by a meeting and certified.
CERTIFY = """
from datetime import UTC, date, datetime
from random import Random
from django.db import transaction
from tera.portal.accounts.models import User
from tera.portal.demo import actions as demo, verifying
from tera.portal.results import actions as results
from tera.portal.results.methods.actions import fill
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Plan
from tera.portal.units.models import Unit
with transaction.atomic():  # the worker sees the survey when all of it is there
    now, texts, unit = datetime.now(UTC), demo.spec(), Unit.objects.get(slug="kanim-sambas")
    plan = Plan(PERIOD, date(2026, 1, 1), date(2026, 3, 31), 900, demo.INSTRUMENTS,
                "permenpanrb-14-2017", "permenpanrb-10-2019")
    campaign = surveys.record(unit=unit, plan=plan, by=None, at=now, code=CODE)
    surveys.publish_once_committed(campaign)
    model = {"satisfaction": 3.9, "honesty": 4.4, "responses": 80, "lows": []}
    said = demo.invent(campaign.form, model, (plan.starts_on, plan.ends_on), Random(1))
    demo._seal_in_portions(campaign, list(map(surveys.held, said)), now, Random(1))
    surveys.tell_of_blocks()
    people = {name: User.objects.get(username=name) for name in ("ratna", "wati", "budi")}
    fill(campaign, texts["methods"], by=people["budi"], at=now)
    region = Unit.objects.get(slug="kanwil-kalbar")
    table = verifying.Table(region, people["ratna"], people["wati"], texts["verification"])
    verifying.verify(table, [campaign], {unit.pk: people["budi"]}, now)
    results.certify(campaign, by=people["ratna"], at=now)
"""
EVIDENCE: FilePayload = {
    "name": "lke-2026.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n% lembar kerja evaluasi, rekaan\n%%EOF\n",
}


@dataclass(frozen=True)
class Proposal:
    """One proposal, at its address, in the browsers of those who act in it."""

    offices: Offices
    address: str

    def score(self, page: Page, layer: str, total: str, *, with_file: bool = False) -> None:
        """Give the total for a layer."""
        self.offices.go(page, f"{self.address}nilai/{layer}/")
        page.locator("[name=total]").fill(total)
        page.locator("[name=reason-total]").fill("Menurut lembar kerja evaluasi.")
        if with_file:
            page.locator("[name=file-total]").set_input_files(EVIDENCE)
        page.get_by_role("button", name="Simpan nilai").click()
        expect(page).to_have_url(re.compile(f"{self.address}(\\?.*)?$"))

    def act(self, page: Page, deed: str, note: str = "") -> None:
        """Do a deed that the page offers."""
        self.offices.go(page, self.address)
        page.evaluate(OPEN_ALL)  # the page asks once more before what cannot be undone
        form = page.locator("form.proposal-deed", has=page.locator(f"button[value={deed}]"))
        if note:
            form.locator("[name=note]").fill(note)
        form.locator(f"button[value={deed}]").click()
        expect(page.get_by_role("status")).to_be_visible()

    def stage(self, page: Page) -> str:
        """Return how far the page says that it is."""
        self.offices.go(page, self.address)
        return page.locator(".head .chip").first.inner_text()


def begin(offices: Offices, page: Page, target: str) -> Proposal:
    """Let a unit prepare its proposal, from the page that holds its results against the criteria."""
    offices.go(page, f"/usulan/unit/kanim-sambas/?periode={PERIOD.replace(' ', '%20')}")
    page.get_by_role("button", name=f"Siapkan usulan {target}").click()
    expect(page).to_have_url(re.compile(r"/usulan/\d+/"))
    return Proposal(offices, page.url.removeprefix(offices.demo.address).partition("?")[0])


def write_letter(offices: Offices, page: Page, office: str, kind: str) -> tuple[bytes, bytes]:
    """Fill in what the office's text lacks, write about Kanim Sambas, and return the PDF and the DOCX."""
    offices.go(page, f"/usulan/surat/{office}/naskah/{kind}/")
    page.locator("[name=place]").fill("Pontianak")
    page.locator("[name=signatory_title]").fill("Kepala,")
    page.locator("[name=signatory_name]").fill("Penanda Tangan (rekaan)")
    page.get_by_role("button", name="Simpan naskah").click()
    expect(page.get_by_role("status")).to_be_visible()
    offices.go(page, f"/usulan/surat/{office}/tulis/{kind}/")
    page.locator("label.check", has_text="Sambas").locator("[name=case]").check()
    page.get_by_role("button", name="Buat surat", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Surat dibuat")
    address = page.url.partition("?")[0]
    papers = [page.request.get(f"{address}surat.{ending}") for ending in ("pdf", "docx")]
    assert all(paper.ok for paper in papers)
    return papers[0].body(), papers[1].body()
