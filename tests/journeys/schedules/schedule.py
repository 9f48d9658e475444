"""One schedule: a seed decides what happens to a phone, its tabs and its network, and in which order."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

from playwright.async_api import Browser, Error, Page

from tests.journeys.schedules.device import Device, ask
from tests.journeys.schedules.judging import Told
from tests.journeys.schedules.network import Change, Fault, Network

MOST_PEOPLE, MOST_EVENTS = 3, 8
BAD = tuple(Fault)
GOOD = (Fault.NONE,)
LONGEST_PAUSE = 0.15
END_SECONDS, MOST_SECONDS = 30, 90


class Schedule:
    """Plays one schedule on a device that is switched on."""

    def __init__(self, device: Device, name: str) -> None:
        self._device = device
        self._chance = device.chance
        self._name = name
        self._people = 0
        self.doing = "switching on"

    async def play(self) -> None:
        """Let everything happen; somebody answers first."""
        events: list[Callable[[], Awaitable[None]]] = [
            *(self._answer, self._answer, self._crash_while_sending, self._copy_and_send_both),
            *(self._change_network, self._change_network, self._change_faults),
            *(self._reload, self._close, self._open, self._press_again, self._wait),
            self._crash if self._device.can_crash else self._close,
        ]
        await self._change_faults()
        if self._chance.random() < 0.7:
            await self._change_network()
        await self._answer()
        for _ in range(self._chance.randint(2, MOST_EVENTS)):
            event = self._chance.choice(events)
            self.doing = event.__name__
            await event()
            self.doing += ", then looking"
            await self._look()
        self.doing = "the end"

    async def end(self) -> list[str]:
        """Mend the network, open the form once more, and wait until nothing waits; return what still does."""
        device = self._device
        device.network.faults = GOOD
        await device.set_network(is_up=True, is_known=True)
        page = await device.open()
        until = asyncio.get_running_loop().time() + END_SECONDS
        while True:
            records = await device.look(page)
            waiting = [record["key"] for record in records if record["state"] == "waiting"]
            if not waiting or asyncio.get_running_loop().time() > until:
                return waiting
            await asyncio.sleep(0.05)

    async def _look(self) -> None:
        for page in self._device.tabs[:1]:
            await self._device.look(page)

    def _next(self) -> str | None:
        if self._people == MOST_PEOPLE:
            return None
        self._people += 1
        return f"{self._name}/{self._people}"

    async def _answer(self) -> None:
        if mark := self._next():
            page = await self._device.answer(mark)
            if await self._device.send(page, mark, times=self._chance.randint(1, 2)):
                await self._device.hear(page, mark)

    async def _crash_while_sending(self) -> None:
        """End the tab between the press and the reply: whether it was sealed, only the queue knows."""
        if mark := self._next():
            page = await self._device.answer(mark)
            await self._device.send(page, mark, times=self._chance.randint(1, 2))
            await asyncio.sleep(self._chance.choice((0, 0, 0.005, 0.02, 0.1)))
            await self._end(page)

    async def _copy_and_send_both(self) -> None:
        if mark := self._next():
            page = await self._device.answer(mark)
            copied = await self._device.copy(page)
            await self._device.send(page, mark)
            if await ask(copied, RESTORED):
                await self._device.send(copied, mark)
            await self._device.hear(page, mark)

    async def _change_network(self) -> None:
        is_up = not self._device.network.is_up
        await self._device.set_network(is_up=is_up, is_known=self._chance.random() < 0.5)

    async def _change_faults(self) -> None:
        self._device.network.faults = self._chance.choice((BAD, GOOD, (self._chance.choice(BAD), Fault.NONE)))

    async def _reload(self) -> None:
        page = await self._device.a_tab()
        await page.reload()

    async def _close(self) -> None:
        await (await self._device.a_tab()).close()

    async def _crash(self) -> None:
        await self._device.crash(await self._device.a_tab())

    async def _end(self, page: Page) -> None:
        if self._device.can_crash:
            await self._device.crash(page)
        else:
            await page.close()

    async def _open(self) -> None:
        await self._device.open()

    async def _press_again(self) -> None:
        page = await self._device.a_tab()
        await ask(page, "() => document.querySelector('[data-do=send]:not([disabled])')?.click()")

    async def _wait(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, LONGEST_PAUSE))


# A copied tab restores its draft; then its people press the buttons too.
RESTORED = """async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 10));
    while (!document.querySelector(".progress")) await pause();
    await pause();
    if (!document.querySelector("fieldset[id] input:checked")) return false;
    document.querySelector("form button.send").click();
    for (let time = 0; time < 50 && !document.querySelector("[data-do=edit]"); time++) await pause();
    return true;
}"""


async def run(browser: Browser, upstream: int, name: str, change: Change) -> Told:
    """Play one schedule from its name to its end, and return what was told."""
    chance = Random(name)
    network = Network(upstream, chance, change=change)
    await network.start()
    device = Device(browser, network, chance, can_crash=chance.random() < 0.5)
    said = Told(name, device.told, device.pressed, device.sealed, device.receipts)
    schedule = Schedule(device, name)
    try:
        await device.switch_on()
        await asyncio.wait_for(schedule.play(), MOST_SECONDS)
        said.faults += [f"still waits: {key}" for key in await schedule.end()]
        said.faults += [f"refused: {title}" for title in device.refused.values()]
    except (TimeoutError, Error) as error:
        said.faults.append(f"stuck in {schedule.doing}: {(str(error) or 'timeout').splitlines()[0]}")
    finally:
        with suppress(Error, asyncio.TimeoutError):
            await asyncio.wait_for(device.switch_off(), END_SECONDS)
        await network.stop()
    return said
