"""Everybody reaches the end: no broken rule of WCAG, no sideways scrolling, no script needed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.looking import DARK_DESK, LIGHT_PHONE, VIEWS, faults, small_targets, squeezed
from tests.journeys.phone import PHONE
from tests.journeys.serving import wait_until
from tests.journeys.steps import (
    LANGUAGES,
    OTHER_YEARS,
    ignore_scripts,
    use_a_key_twice,
    with_script,
    without_script,
)
from tests.journeys.test_first_campaign import log_in
from tests.journeys.weight import first_visit

UNKNOWN = "/r/15CAF-36F84-S01DJ-SKP86-YK425-4"
PUBLIC = (
    "/",
    "/hasil/",
    "/hasil/sekadau-2019-s1/",
    "/hasil/verifikasi/",
    "/r/",
    "/masuk/",
    "/tidak-ada/",
    UNKNOWN,
)
OFFICE = (
    "/survei/",
    "/survei/buka/kanim-sambas/",
    "/survei/demo/",
    "/survei/demo/undangan/",
    "/tiket/kanim-sambas/",
    "/laporan/demo/",
)
FAULTY = """<!doctype html><html lang="id"><title>Uji</title><main><h1>Uji</h1>
<style>button { width: 20px; height: 20px; padding: 0 } .pale { color: #999 } .wide { width: 400px }</style>
<p class="pale">pucat</p><p class="wide">lebar</p><input><img src="data:,">
<button>a</button><button>b</button>
</main></html>"""
NOT_FOUND = 404
FORM_BYTES, ALL_BYTES = 14 * 1024, 40 * 1024
CLOSED = ("form", "thanks")
CAUGHT = {"color-contrast", "image-alt", "label", "target-size"}


@contextmanager
def opened(chrome: Browser, address: str, *, scripts: bool = True, runs: bool = True) -> Iterator[Page]:
    """Open a page on a new phone; where scripts are only ignored, a tester's own can still run."""
    with chrome.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=runs) as phone:  # type: ignore[arg-type]
        if not scripts:
            ignore_scripts(phone)
        page = phone.new_page()
        page.goto(address)
        yield page


def look(page: Page, views: list[tuple[str, int]]) -> list[str]:
    found = [*faults(page, views), *squeezed(page)]
    return [f"{page.url}, {page.title()}: {fault}" for fault in found]


def look_at(page: Page, *addresses: str) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        found += look(page, VIEWS)
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_public_pages(demo: Demo, chrome: Browser, scripts: bool) -> None:
    with opened(chrome, demo.address, scripts=scripts) as page:
        assert look_at(page, *(demo.address + path for path in PUBLIC)) == []


def test_pages_of_the_office(demo: Demo, chrome: Browser) -> None:
    with opened(chrome, demo.address) as page:
        log_in(page, demo, "budi")
        found = look_at(page, *(demo.address + path for path in OFFICE))
        page.goto(f"{demo.address}/survei/buka/kanim-sambas/")
        page.locator("[name=period]").select_option(index=2)
        page.locator("[name=population]").fill("0")
        page.get_by_role("button", name="Buka survei").click()
        expect(page.locator(".problem.summary")).to_be_visible()
        assert found + look(page, VIEWS) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_answering(demo: Demo, chrome: Browser, language: str) -> None:
    views = VIEWS if language == "id" else [LIGHT_PHONE, DARK_DESK]
    found = []
    with opened(chrome, f"{demo.address}/s/demo/{language}") as page:
        for step in with_script(page):
            if language != "id" and step in CLOSED:
                continue  # the same as the step that comes next, with less on it
            found += [f"{step}: {fault}" for fault in (*look(page, views), *small_targets(page))]
    assert found == []


@pytest.mark.parametrize("language", ["id", "jv"])  # the official one, and the longest words
def test_answering_with_a_browser_that_ignores_scripts(demo: Demo, chrome: Browser, language: str) -> None:
    found = []
    with opened(chrome, f"{demo.address}/s/demo/{language}", scripts=False) as page:
        for step in without_script(page):
            found += [f"{step}: {fault}" for fault in (*look(page, [LIGHT_PHONE]), *small_targets(page))]
    assert found == []


def test_what_becomes_of_an_answer(demo: Demo, chrome: Browser) -> None:
    with opened(chrome, f"{demo.address}/s/demo", runs=False) as page:
        assert list(without_script(page))[-1] == "thanks, all open"  # with no script at all
        links = [
            str(link.get_attribute("href")) for link in page.locator("a[target=_blank][href^='/']").all()
        ]
    with opened(chrome, demo.address) as page:
        assert len(links) == 2
        assert look_at(page, *(demo.address + link for link in links)) == []


def test_pages_that_take_no_answer(demo: Demo, chrome: Browser) -> None:
    with opened(chrome, demo.address) as page:
        demo.run("manage", "shell", "--no-imports", "-c", OTHER_YEARS)
        wait_until(lambda: page.request.get(f"{demo.address}/s/nanti").status != NOT_FOUND)
        for code in ("lalu", "nanti"):
            for language in LANGUAGES:
                page.goto(f"{demo.address}/s/{code}/{language}")
                assert look(page, [LIGHT_PHONE, DARK_DESK]) == []
    with opened(chrome, f"{demo.address}/s/demo", scripts=False) as page:
        use_a_key_twice(page)
        expect(page.get_by_role("heading", name="Jawaban ini sudah pernah dikirim")).to_be_visible()
        assert look(page, VIEWS) == []


def test_what_stands_in_the_way_is_found(chrome: Browser) -> None:
    with opened(chrome, "about:blank") as page:
        page.set_content(FAULTY)
        rules = {fault.split(": ")[1].split(" at ")[0] for fault in faults(page, [LIGHT_PHONE])}
        assert rules >= CAUGHT
        assert len(squeezed(page)) == 2
        assert len(small_targets(page)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_loads_little(demo: Demo, language: str) -> None:
    form, everything, text = first_visit(demo.address, language)
    assert (text.count("<fieldset id="), text.count("hreflang="), text.count('id="ticket"')) == (14, 5, 1)
    assert form <= FORM_BYTES
    assert everything <= ALL_BYTES
