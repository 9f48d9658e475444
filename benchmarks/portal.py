"""The portal behind the intake: does it hold up those who answer, and what does the shared port cost it?"""

import http.cookiejar
import re
import tempfile
import threading
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.load import Side, ask, get, grow, post, require_wrk, start

ROUNDS, SECONDS = 3, 6
PAGE = "/survei/"
VISITORS = 16
PACED = {"connections": 16, "pause_ms": 30}  # some 500 answers a second


def measure() -> dict[str, object]:
    """Return the p99 of paced answers beside a busy portal, and the portal's rate against Django's ASGI."""
    require_wrk()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = grow(Path(folder) / "home")
        password = ask("from tera.portal.demo.actions import PASSWORD; print(PASSWORD)", home)
        shared = start("full", home, stack, name="paced_alone")
        asgi = start("asgi", home, stack, name="pages_asgi")
        cookies = {side.port: _log_in(side, password) for side in (shared, asgi)}
        beside = _again(shared, "paced_beside_pages")
        pages, disturbed = _again(shared, "pages"), _again(shared, "pages_beside_paced")
        for turn in range(ROUNDS):
            post(shared, turn, SECONDS, **PACED)
            hammer = threading.Thread(target=_get, args=(disturbed, cookies))
            hammer.start()
            post(beside, turn + ROUNDS, SECONDS, **PACED)
            hammer.join()
            _get(pages, cookies)
            _get(asgi, cookies)
    sides = [shared, beside, pages, disturbed, asgi]
    return {
        **{name: value for side in sides for name, value in side.figures().items()},
        "pages_against_asgi": round(pages.rate / asgi.rate, 1),
    }


def _again(side: Side, name: str) -> Side:
    return replace(side, name=name, rates=[], p50=[], p99=[], cpu=[], failed=0)


def _get(side: Side, cookies: dict[int, str]) -> None:
    get(side, PAGE, SECONDS, connections=VISITORS, cookie=cookies[side.port])


def _log_in(side: Side, password: str) -> str:
    """Log in as the operator of the demo and return the cookie."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{side.port}/masuk/"
    page = browser.open(address, timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if token is None:
        raise SystemExit(f"benchmarks: no way to log in at {address}")
    fields = {"csrfmiddlewaretoken": token[1], "username": "budi", "password": password}
    browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=30).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
