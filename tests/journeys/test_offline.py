"""Answers given without a network arrive, once, whatever happens to tab, browser or server."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.homes import grown
from tests.journeys.conftest import Demo
from tests.journeys.phone import (
    PHONE,
    answer,
    expect_thanks,
    expect_waiting,
    open_form,
    receipts_of,
    send,
    stored,
)
from tests.journeys.schedules.network import Network, between
from tests.journeys.serving import starting, wait_until
from tools import browser


@pytest.fixture
def phone(chrome: Browser) -> Iterator[BrowserContext]:
    with chrome.new_context(viewport=PHONE, locale="id-ID") as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def network(demo: Demo) -> Iterator[Network]:
    """The way to the demo, which can be cut."""
    with between(int(demo.address.rpartition(":")[2])) as network:
        yield network


@contextmanager
def switched_on(chrome: Browser, chromium: browser.Browser, memory: Path) -> Iterator[BrowserContext]:
    """A phone whose browser remembers what it kept when it was last switched off."""
    with chrome.browser_type.launch_persistent_context(
        memory,
        executable_path=str(chromium.executable),
        env={**os.environ, **chromium.environment},
        viewport=PHONE,  # type: ignore[arg-type]
        locale="id-ID",
    ) as context:
        yield context


def new_receipts(demo: Demo, before: dict[str, str]) -> list[str]:
    return [code for key, code in receipts_of(demo.home).items() if key not in before]


def test_answered_offline_and_sent_when_the_browser_comes_back(
    demo: Demo, network: Network, chrome: Browser, chromium: browser.Browser, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{network.port}/s/demo"
    before = receipts_of(demo.home)
    with switched_on(chrome, chromium, tmp_path) as phone:
        page = open_form(phone, address)
        network.is_up = False
        page.reload()
        answer(page)
        send(page)
        expect(page.get_by_role("heading", name="tersimpan di perangkat ini")).to_be_visible()
        expect_waiting(page, 1)
    with switched_on(chrome, chromium, tmp_path) as phone:
        page = phone.new_page()
        page.goto(address)
        expect_waiting(page, 1)
        assert receipts_of(demo.home) == before
        network.is_up = True
        told = page.locator(".settled [data-arrived]")
        expect(told).to_contain_text("sudah masuk", timeout=20_000)  # it tries by itself, now and then
        [code] = new_receipts(demo, before)
        expect(told.locator("b")).to_have_text(code)
        page.reload()
        expect(told.locator("b")).to_have_text(code)  # it is kept until somebody has noted it
        page.get_by_role("button", name="Sudah saya catat").click()
        expect(told).to_be_hidden()
        page.reload()
        expect(page.locator("form")).to_be_visible()
        expect(told).to_be_hidden()


def test_the_server_dies_while_it_is_sent(chrome: Browser, tmp_path: Path) -> None:
    home = grown(tmp_path / "home")
    with starting(home, tmp_path) as served, chrome.new_context(viewport=PHONE, locale="id-ID") as phone:  # type: ignore[arg-type]
        wait_until(lambda: served.get("/s/demo") == 200)
        page = open_form(phone, f"http://127.0.0.1:{served.port}/s/demo")
        answer(page)
        asleep = served.answering()
        os.kill(asleep, signal.SIGSTOP)
        send(page)
        expect_waiting(page, 1)
        for pid in (served.process.pid, *served.family()):
            os.kill(pid, signal.SIGKILL)
        served.process.wait()
        with starting(home, tmp_path, port=served.port) as again:
            wait_until(lambda: again.get("/s/demo") == 200)
            page.get_by_role("button", name="Kirim sekarang").click()
            code = expect_thanks(page)
            assert list(receipts_of(home).values()) == [code]


def test_two_tabs_and_a_worker_send_each_answer_once(demo: Demo, phone: BrowserContext) -> None:
    before = stored(demo.home)
    tabs = [open_form(phone, f"{demo.address}/s/demo") for _ in range(2)]
    phone.set_offline(True)
    for person, tab in enumerate(tabs):
        answer(tab, person)
        send(tab)
    expect_waiting(tabs[0], 2)
    phone.set_offline(False)
    codes = {expect_thanks(tab) for tab in tabs}
    after = stored(demo.home)
    assert len(after.commitments) - len(before.commitments) == 2
    assert {*receipts_of(demo.home).values()} >= codes


def test_pressed_twice_it_counts_once(demo: Demo, phone: BrowserContext) -> None:
    before = receipts_of(demo.home)
    page = open_form(phone, f"{demo.address}/s/demo")
    answer(page)
    page.get_by_role("button", name="Kirim", exact=True).dblclick()
    code = expect_thanks(page)
    assert new_receipts(demo, before) == [code]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_off_changes_nothing(demo: Demo, phone: BrowserContext, days: int) -> None:
    before = receipts_of(demo.home)
    page = phone.new_page()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=days))
    page.goto(f"{demo.address}/s/demo")
    answer(page)
    send(page)
    code = expect_thanks(page)
    assert new_receipts(demo, before) == [code]


def test_a_survey_that_closed_meanwhile_says_so(phone: BrowserContext, tmp_path: Path) -> None:
    with starting(grown(tmp_path / "home"), tmp_path) as served:
        wait_until(lambda: served.get("/s/demo") == 200)
        let_it_close(phone, Demo(f"http://127.0.0.1:{served.port}", served.home))


def let_it_close(phone: BrowserContext, demo: Demo) -> None:
    page = open_form(phone, f"{demo.address}/s/demo")
    phone.set_offline(True)
    answer(page)
    send(page)
    expect_waiting(page, 1)
    over = "c.starts_on = c.ends_on = date(2026, 1, 2)"
    demo.shell(f"c = Campaign.objects.get(code='demo'); {over}; c.save(); publish(c)")
    wait_until(lambda: page.request.get(f"{demo.address}/s/demo").status == 410)
    phone.set_offline(False)
    expect(page.get_by_role("heading", name="Tidak dapat diterima")).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile("Survei ditutup pada 2026-01-02"))
    page.goto(f"{demo.address}/s/demo")
    expect(page.locator(".settled [data-refused]")).to_contain_text("Survei ditutup")
    page.get_by_role("button", name="Sudah saya catat").click()
    page.reload()
    expect(page.get_by_role("heading", name="Survei ini sudah ditutup")).to_be_visible()
    expect(page.locator(".settled")).to_be_hidden()


def test_the_worker_sends_when_no_page_is_open(demo: Demo, network: Network, phone: BrowserContext) -> None:
    before = receipts_of(demo.home)
    page = open_form(phone, f"http://127.0.0.1:{network.port}/s/demo")
    network.is_up = False
    answer(page)
    send(page)
    expect_waiting(page, 1)
    page.goto("about:blank")
    network.is_up = True
    # The browser would do this by itself, some minutes later.
    browser = phone.new_cdp_session(page)
    registrations: list[str] = []

    def remember(event: dict[str, Any]) -> None:
        registrations.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"])

    browser.on("ServiceWorker.workerRegistrationUpdated", remember)
    browser.send("ServiceWorker.enable")
    wait_until(lambda: page.evaluate("1") and registrations)
    for number in {*registrations}:
        sync = {"origin": f"http://127.0.0.1:{network.port}/", "registrationId": number, "tag": "tera-send"}
        browser.send("ServiceWorker.dispatchSyncEvent", {**sync, "lastChance": False})
    wait_until(lambda: page.evaluate("1") and new_receipts(demo, before))
    [code] = new_receipts(demo, before)
    page.goto(f"http://127.0.0.1:{network.port}/s/demo")
    expect(page.locator(".settled b")).to_have_text(code)


# What the worker writes when it has sent an answer, in the moment in which somebody presses the button.
ARRIVE = """async () => {
    const done = request => new Promise(resolve => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open("tera"));
    const box = database.transaction("queue", "readwrite").objectStore("queue");
    const record = (await done(box.getAll())).find(({state}) => state === "waiting");
    const commitment = "0".repeat(64), signature = "0".repeat(86);
    const proof = {receipt: "CODE", campaign: "demo", day: "2026-11-29", commitment, signature};
    await done(box.put({...record, state: "arrived", proof: JSON.stringify(proof)}, record.key));
    document.querySelector("[data-do=again]").click();
}"""


def test_a_receipt_that_comes_while_the_next_person_starts_is_shown(
    demo: Demo, network: Network, phone: BrowserContext
) -> None:
    page = open_form(phone, f"http://127.0.0.1:{network.port}/s/demo")
    network.is_up = False
    answer(page)
    send(page)
    expect_waiting(page, 1)
    page.evaluate(ARRIVE)
    expect(page.locator(".settled b")).to_have_text("CODE")
