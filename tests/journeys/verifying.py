"""What people of offices do on the pages of a verification, step by step."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Demo

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
CHECK_ALL = """() => {
    const items = [...document.querySelectorAll("fieldset.to-check")];
    items.forEach(one => one.querySelector("input[type=radio]").click());
    return items.length;
}"""
# For `tera manage shell`: invented answers to surveys of the first quarter, whose windows and grace are over.
CLOSE = """
from datetime import UTC, date, datetime
from random import Random
from tera.portal.demo import actions as demo
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Plan
from tera.portal.units.models import Unit
now = datetime.now(UTC)
for place, (slug, code) in enumerate(SURVEYS.items(), 1):
    plan = Plan("Triwulan I 2026", date(2026, 1, 1), date(2026, 3, 31), 900, demo.INSTRUMENTS,
                "permenpanrb-14-2017", "permenpanrb-10-2019")
    campaign = surveys.record(unit=Unit.objects.get(slug=slug), plan=plan, by=None, at=now, code=code)
    surveys.publish_once_committed(campaign)
    model = {"satisfaction": 3.4, "honesty": 3.9, "responses": 60, "lows": ["WAKTU"]}
    said = demo.invent(campaign.form, model, (plan.starts_on, plan.ends_on), Random(place))
    demo._seal_in_portions(campaign, list(map(surveys.held, said)), now, Random(place))
"""
STAGES = """
from tera.portal.surveys.models import Campaign; from tera.portal.surveys.stages import stage_of
print(*(stage_of(Campaign.objects.get(code=code)) for code in CODES))
"""
WAIT = """
import time
from tera.portal.surveys.models import Step
for _ in range(600):
    if Step.objects.filter(campaign__code__in=CODES, stage="SCREENED").count() == len(CODES):
        break
    time.sleep(0.2)
else:
    raise SystemExit("the worker did not screen them")
"""
COMMITMENTS = """
from django.conf import settings; from tera.intake.exporting import list_held
print(*(name.hex() for _, (name, _, _) in list_held(settings.INTAKE.acting_as("auditor"), CODE)))
"""


@dataclass(frozen=True)
class Offices:
    """The demo, and a browser for each of its people."""

    demo: Demo
    chrome: Browser

    def desk_of(self, name: str) -> Page:
        """Return a browser in which somebody is logged in."""
        page = self.chrome.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID").new_page()
        page.goto(f"{self.demo.address}/masuk/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(self.demo.password)
        page.get_by_role("main").get_by_role("button", name="Masuk").click()
        expect(page).to_have_url(re.compile("/survei/$"))
        return page

    def ask(self, deed: str, **names: object) -> str:
        """Run a deed on the demo's installation and return what it prints."""
        given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
        return self.demo.run("manage", "shell", "--no-imports", "-c", given + deed).strip()

    def close(self, surveys: dict[str, str]) -> None:
        """Close surveys of these units, by their codes, and wait until the worker has screened them."""
        self.ask(CLOSE + WAIT, SURVEYS=surveys, CODES=list(surveys.values()))

    def go(self, page: Page, path: str) -> None:
        """Go to a page, which must be there."""
        reply = page.goto(self.demo.address + path)
        assert reply is not None
        assert reply.ok, f"{path}: {reply.status}"

    def check(self, page: Page, code: str, layer: str) -> None:
        """Answer every item of a layer's checklist with the first answer."""
        self.go(page, f"/tinjauan/{code}/periksa/{layer}/")
        assert page.evaluate(CHECK_ALL) > 0
        page.get_by_role("button", name="Simpan").click()
        expect(page).to_have_url(re.compile(r"/periksa/(\?.*)?$"))

    def plan(self, page: Page, title: str, *codes: str) -> str:
        """Plan a meeting about these surveys for a day to come, and return its address."""
        self.go(page, "/tinjauan/rapat/kantor/kanwil-kalbar/")
        page.locator("[name=title]").fill(title)
        page.locator("[name=held_on]").fill(date.max.replace(year=2030).isoformat())
        page.locator("[name=begins_at]").fill("09:00")
        page.locator("[name=place]").fill("Ruang rapat dan tautan video")
        for code in codes:
            page.locator(f'[name=campaign][value="{code}"]').check()
        page.get_by_role("button", name="Rencanakan").click()
        expect(page).to_have_url(re.compile(r"/rapat/\d+/"))
        return page.url.removeprefix(self.demo.address).partition("?")[0]

    def convene(self, page: Page, meeting: str, people: dict[str, str]) -> None:
        """Note who attends as what, and open the meeting."""
        for name, part in people.items():
            self.go(page, meeting)
            page.locator("#hadir [name=part]").select_option(part)
            page.locator("#hadir [name=user]").select_option(name)
            page.get_by_role("button", name="Catat hadir").click()
            expect(page.locator("#hadir .plain-list")).to_contain_text(name, ignore_case=True)
        page.evaluate(OPEN_ALL)  # it is another day than was planned, so the page asks once more
        page.get_by_role("button", name="Ya, buka rapat").click()
        expect(page.get_by_role("button", name="Buka rapat")).to_have_count(0)

    def item(self, page: Page, meeting: str, unit: str) -> str:
        """Return the address of a unit's survey in a meeting."""
        self.go(page, meeting)
        found = page.locator("#agenda").get_by_role("link", name=unit, exact=True).get_attribute("href")
        assert found is not None
        return found

    def decide(self, page: Page, item: str, decision: str, note: str = "", due_on: str = "") -> None:
        """Draft a decision about a survey."""
        self.go(page, item)
        decided = page.locator("#putusan")
        decided.locator(f"[name=decision][value={decision}]").check()
        decided.locator("[name=note]").fill(note)
        decided.locator("[name=due_on]").fill(due_on)
        decided.get_by_role("button", name="Simpan keputusan").click()
        expect(page.locator("#putusan .decided")).to_contain_text("rancangan")

    def end(self, page: Page, meeting: str) -> None:
        """End a meeting, with which its decisions take effect."""
        self.go(page, meeting)
        page.evaluate(OPEN_ALL)
        page.get_by_role("button", name="Ya, akhiri rapat").click()
        expect(page.locator("main")).to_contain_text("Keputusannya berlaku")

    def sign(self, page: Page, path: str) -> None:
        """Sign minutes, after showing once more who it is where that is asked for."""
        self.go(page, path)
        page.locator("#tanda-tangan ~ section button, section.certify button").first.click()
        if page.locator("[name=password]").count():
            page.locator("[name=password]").fill(self.demo.password)
            page.locator("main form button").first.click()
            page.locator("section.certify button").first.click()
        expect(page.get_by_role("status")).to_contain_text("Tanda tangan Anda tercatat")
