"""Let phones lose their network, tabs and patience in a real browser: every answer must arrive, once.

    python -m tools.offline_schedules --n 1000 [--seed 7] [--at-once 3] [--home FOLDER] [--plant NAME]

Each schedule is a phone with a memory of its own behind a bad network on loopback. It is answered on while
tabs are reloaded, copied, closed and crash, and replies are lost, doubled and forged. At its end the network
is good; then nothing may be lost, count twice, or lack its receipt. It ends with 1 if anything is wrong.
`--plant` breaks the script on its way to the phone, to show that the check can fail.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from playwright.async_api import async_playwright

from tests.journeys.schedules.judging import Told, faults, look
from tests.journeys.schedules.network import Change
from tests.journeys.schedules.schedule import run
from tests.journeys.serving import starting, wait_until
from tools import browser

MOST_SHOWN = 20
PLANTS = {  # what is replaced, and by what
    "new-key-on-resend": (
        "const body = duration",
        """const random = toBase64url(crypto.getRandomValues(new Uint8Array(16)));
        answered = answered.replace(/"key":"[^"]*/, '"key":"' + random);
        const body = duration""",
    ),
    "forgotten-before-acknowledged": (
        "const reply = await post(",
        "forget(record.key); const reply = await post(",
    ),
    "anybody-refuses": (
        "catch { return undefined; }",
        'catch { return status && { state: REFUSED, title: "no" }; }',
    ),
    "receipt-not-kept": ("end).then(onSettled)", "end).then(() => forget(record.key))"),
}


def planted(name: str) -> Change:
    """Return what changes scripts on their way, or nothing; what is no longer there to change is an error."""
    if not name:
        return lambda _, body: body
    right, wrong = (text.encode() for text in PLANTS[name])

    def change(path: str, body: bytes) -> bytes:
        if not path.endswith(".js") or not body:  # a script that has not changed comes without one
            return body
        if right not in body:
            raise ValueError(f"{name} finds nothing to break in {path}")
        return body.replace(right, wrong)

    return change


async def play_all(names: list[str], port: int, at_once: int, change: Change) -> list[Told]:
    """Play all schedules, a few at once, and tell now and then how far they are."""
    left, told, began = iter(names), list[Told](), time.monotonic()
    found = browser.get()
    os.environ.update(found.driver_environment)
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(
            executable_path=str(found.executable), env={**os.environ, **found.environment}
        )

        async def play() -> None:
            for name in left:
                told.append(await run(chrome, port, name, change))
                if len(told) % 50 == 0:
                    print(f"offline: {len(told)}/{len(names)}, {time.monotonic() - began:.0f} s", flush=True)

        await asyncio.gather(*(play() for _ in range(at_once)))
        await chrome.close()
    return told


def judge(told: list[Told], home: Path) -> int:
    """Print what is wrong, and how much happened; return how many schedules were not right."""
    stored, wrong = look(home), 0
    for said in told:
        found = [*said.faults, *faults(said, stored)]
        wrong += bool(found)
        if found and wrong <= MOST_SHOWN:
            print(f"offline: schedule {said.name}: {'; '.join(found)}", flush=True)
    sums = Counter(people=0)
    for said in told:
        sums.update(people=len(said.pressed), receipts=len(said.receipts), sealed=len(said.sealed))
    marks = {mark for said in told for mark in said.pressed}
    stored_marks = sum(count for mark, count in stored.marks.items() if mark in marks)
    print(
        f"offline: {len(told)} schedules, {sums['people']} people pressed the button, {stored_marks} answers"
        f" are stored, {sums['receipts']} receipts were seen; {wrong} schedules went wrong",
        flush=True,
    )
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="number of the first schedule")
    parser.add_argument("--home", type=Path, help="a demo that was grown; without it one is grown for this")
    parser.add_argument("--plant", choices=sorted(PLANTS), default="")
    options = parser.parse_args()
    names = [f"{options.seed}/{number}" for number in range(options.first, options.first + options.n)]
    print(f"offline: {options.n} schedules, --seed {options.seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        served = stack.enter_context(starting(options.home or folder / "home", folder))
        wait_until(lambda: served.get("/s/demo") == 200)
        told = asyncio.run(play_all(names, served.port, options.at_once, planted(options.plant)))
        return 1 if judge(told, served.home) else 0


if __name__ == "__main__":
    sys.exit(main())
