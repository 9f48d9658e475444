"""A phone with a real browser, as a schedule drives it: tabs, people who answer, and what can be seen."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page

from tests.journeys.schedules.judging import compact_of
from tests.journeys.schedules.network import Network

PATIENCE_MS, A_MOMENT = 30_000, 0.05
# Answers as one person, under a mark, and looks the answers through.
ANSWER = """async ([person, mark]) => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 10));
    const press = deed => document.querySelector(`[data-do=${deed}]`)?.click();
    while (!document.querySelector(".progress")) await pause();
    if (document.querySelector("form").hidden) press("again");
    while (document.querySelector("form").hidden) await pause();
    document.querySelectorAll("fieldset[id]").forEach((set, place) => {
        const options = [...set.querySelectorAll("input")].filter(option => option.value);
        options[(person + place) % options.length].click();
    });
    document.querySelector("#comment").value = mark;
    document.querySelector("#comment").dispatchEvent(new Event("input", {bubbles: true}));
    document.querySelector("form button.send").click();
    while (!document.querySelector("[data-do=edit]")) await pause();
}"""
# Presses the button so many times, and says whether it was there.
SEND = """times => {
    const button = document.querySelector("[data-do=edit]") && document.querySelector("[data-do=send]");
    for (let time = 0; button && time < times; time++) button.click();
    return Boolean(button);
}"""
HEARD = """() => document.querySelector("[data-do=again]")"""
COPY = "() => { open(location.href); }"  # a tab that is copied takes its draft along
# What lies in the queue. A database that is not there yet must not be made: that is for the script.
QUEUE = """async () => {
    if (!(await indexedDB.databases()).some(({name}) => name === "tera")) return [];
    const done = request => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("tera"));
    const records = await done(database.transaction("queue").objectStore("queue").getAll());
    database.close();
    return records.filter(({key}) => key).map(({key, state, body, proof, title}) => ({
        key, state, proof: proof ?? null, title: title ?? null, mark: body ? JSON.parse(body).comment : null,
    }));
}"""
# Tells of every receipt that anybody could see.
WATCH = """new MutationObserver(() => {
    const links = document.querySelectorAll('section a[href*="/hasil/verifikasi/#"]');
    links.forEach(({hash}) => seen(hash.slice(1)));
}).observe(document, {childList: true, subtree: true})"""


async def ask(page: Page, script: str, *values: object) -> Any:
    """Run a script in a page, which may crash meanwhile and never answer."""
    return await asyncio.wait_for(page.evaluate(script, *values), PATIENCE_MS / 1000)


@dataclass
class Device:
    """One phone and its network; what it told: sealed keys with the marks of their people, and receipts."""

    browser: Browser
    network: Network
    chance: Random
    can_crash: bool
    context: BrowserContext = field(init=False)
    crashed: set[Page] = field(default_factory=set)
    sealed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # whose answers the page said to have, sent or waiting

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.network.port}/s/demo"

    async def switch_on(self) -> None:
        """Open the form once, until it would open without a network too."""
        self.context = await self.browser.new_context(viewport={"width": 360, "height": 740})
        self.context.set_default_timeout(PATIENCE_MS)
        await self.context.expose_function("seen", self._see)
        await self.context.add_init_script(WATCH)
        page = await self.open()
        await page.wait_for_function("() => navigator.serviceWorker.controller")

    def _see(self, receipt: str) -> None:
        self.receipts.add(receipt)

    def _lose(self, page: Page) -> None:
        self.crashed.add(page)

    async def switch_off(self) -> None:
        await self.context.close()

    @property
    def tabs(self) -> list[Page]:
        return [page for page in self.context.pages if not page.is_closed() and page not in self.crashed]

    async def open(self) -> Page:
        page = await self.context.new_page()
        page.on("crash", self._lose)
        await page.goto(self.address)
        return page

    async def a_tab(self) -> Page:
        return self.chance.choice(self.tabs) if self.tabs else await self.open()

    async def answer(self, mark: str) -> Page:
        page = await self.a_tab()
        await ask(page, ANSWER, [self.chance.randrange(4), mark])
        return page

    async def send(self, page: Page, mark: str, times: int = 1) -> bool:
        """Press the button, and say whether it was there."""
        is_there = bool(await ask(page, SEND, times))
        if is_there:
            self.pressed.add(mark)
        return is_there

    async def hear(self, page: Page, mark: str) -> None:
        """Wait until the page says what became of the answer."""
        await page.wait_for_function(HEARD)
        self.told.add(mark)

    async def copy(self, page: Page) -> Page:
        async with self.context.expect_page() as opened:
            await ask(page, COPY)
        copied = await opened.value
        copied.on("crash", self._lose)
        await copied.wait_for_load_state()
        return copied

    async def crash(self, page: Page) -> None:
        """Let the tab's process die, and with it every tab that shares it."""
        session = await self.context.new_cdp_session(page)
        with suppress(Error, asyncio.TimeoutError):
            async with asyncio.timeout(PATIENCE_MS / 1000), page.expect_event("crash"):
                sending = asyncio.ensure_future(session.send("Page.crash"))  # which nobody answers
        sending.cancel()
        await asyncio.sleep(A_MOMENT)  # in which the others are told too
        for crashed in [*self.crashed]:
            await crashed.close()

    async def set_network(self, *, is_up: bool, is_known: bool) -> None:
        """Cut the network or mend it; the browser may or may not know."""
        self.network.is_up = is_up
        if not self.can_crash:
            await self.context.set_offline(not is_up and is_known)
        elif is_known:  # where a process has crashed, the driver waits for ever to tell it
            for page in self.tabs:
                await ask(
                    page, "name => { dispatchEvent(new Event(name)); }", "online" if is_up else "offline"
                )

    async def look(self, page: Page) -> list[dict[str, Any]]:
        """Return what lies in the queue, and remember what was sealed."""
        records: list[dict[str, Any]] = await ask(page, QUEUE)
        for record in records:
            if record["mark"]:
                self.sealed[record["key"]] = record["mark"]
            if record["state"] == "refused":
                self.refused[record["key"]] = record["title"]
            if record["proof"]:
                self.receipts.add(compact_of(record["proof"]))
        return records
