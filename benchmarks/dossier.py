"""The dossier of a survey with ten responses, and of one with a million: how long its page takes.

The child that is started has a TERA_HOME of its own: python -m benchmarks.dossier makes the surveys in it.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.installation import environment_of

if TYPE_CHECKING:
    from tera.intake.tables import Held
    from tera.portal.accounts.models import User
    from tera.portal.surveys.models import Campaign
    from tera.portal.units.models import Unit

BLOCKS, BLOCK = 184, 5435  # a half year, sealed each day: 1,000,040 responses
SMALL, OTHERS, OF_EACH = 10, 9, 60
COMMENTS = 100_000
ROUNDS = 20
FIRST, LAST = date(2026, 7, 1), date(2026, 12, 31)
OVER = datetime(2027, 1, 9, tzinfo=UTC)
SERVICES = ("PASPOR", "VISA", "IZIN")
WORDS = ("antre", "lama", "petugas", "ramah", "loket", "bersih", "cepat", "Pak", "Budi", "0812-3456-7890")


def measure() -> dict[str, object]:
    """Return milliseconds of the page, and what the worker takes to prepare it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(folder)
        child = [sys.executable, "-m", "benchmarks.dossier"]
        done = subprocess.run(child, check=True, env=environment, stdout=subprocess.PIPE)
        found: dict[str, object] = json.loads(done.stdout)
        return found


def grow() -> "tuple[Campaign, Campaign, User]":
    """Make a small and a large survey beside others of their kind, and seal them all."""
    from django.conf import settings

    from tera.intake import sealing
    from tera.portal.accounts.models import Assignment, User
    from tera.portal.surveys import actions

    sealing.SECONDS_BETWEEN_MOVES = 0  # nobody answers beside it
    chance, office = random.Random(1), _unit("kanwil", "KANWIL", None)
    ratna = User.objects.create_user("ratna")
    Assignment.objects.create(user=ratna, role="REGIONAL_VERIFIER", unit=office)
    small, large = (_campaign(name, office) for name in ("kecil", "besar"))
    _seal(small, 1, SMALL, chance)
    _seal(large, BLOCKS, BLOCK, chance)
    for number in range(OTHERS):
        _seal(_campaign(f"lain{number}", office), 2, OF_EACH // 2, chance)
    rows = [
        (chance.randbytes(16), large.code, " ".join(chance.choices(WORDS, k=12))) for _ in range(COMMENTS)
    ]
    with settings.INTAKE.transaction() as cursor:
        cursor.insert("comments", rows)
    actions.tell_of_blocks()
    return small, large, ratna


def _unit(slug: str, kind: str, parent: "Unit | None") -> "Unit":
    from tera.portal.units.actions import Founding, found

    services = {code: code.title() for code in SERVICES} if parent else {}
    return found(Founding(slug, {"name": slug, "short_name": slug, "kind": kind}, parent, services=services))


def _campaign(slug: str, office: "Unit") -> "Campaign":
    from tera.portal.surveys import actions
    from tera.portal.surveys.models import Plan

    rules = ("permenpanrb-14-2017", "permenpanrb-10-2019")
    plan = Plan("Semester II 2026", FIRST, LAST, 2_000_000, ("skm-9", "spak-5-4"), *rules)
    opened = datetime(2026, 6, 30, tzinfo=UTC)
    return actions.record(unit=_unit(slug, "KANIM", office), plan=plan, by=None, at=opened, code=slug)


def _seal(campaign: "Campaign", blocks: int, block: int, chance: random.Random) -> None:
    """Let so many answer a day, and seal what may be sealed on it; the last block is what was held back."""
    from django.conf import settings

    from tera.intake import inbox, sealing

    for number in range(blocks):
        day = FIRST + timedelta(days=number)
        rows = [_held(campaign, day, chance) for _ in range(block)]
        inbox.put(settings.INTAKE, campaign.code, rows)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        sealing.seal(settings.INTAKE, campaign.form, at, chance)
    sealing.seal(settings.INTAKE, campaign.form, OVER, chance)


def _held(campaign: "Campaign", day: date, chance: random.Random) -> "Held":
    from tera.engine import response
    from tera.intake.form import day_number

    answers = tuple(chance.choices((2, 3, 3, 4, 4), k=len(campaign.form.items)))
    service = SERVICES[chance.randrange(len(SERVICES))]
    said = response.Response(
        campaign.code, day_number(day), 1 + chance.randrange(2), service, (0,) * 4, False, answers
    )
    salt, body = chance.randbytes(32), response.encode(said)
    return response.commitment(salt, body), salt, body


def look() -> dict[str, object]:
    """Grow the surveys, let the worker prepare them, and look at both pages again and again."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.test import Client

    from tera.portal.review.actions import screen_next
    from tera.portal.review.dossier.queries import next_for_summary
    from tera.portal.review.dossier.summary.actions import summarise

    small, large, ratna = grow()
    started = time.perf_counter()
    while screen_next(OVER):
        pass
    figures: dict[str, object] = {
        "responses": BLOCKS * BLOCK,
        "blocks": BLOCKS + 1,
        "comments": COMMENTS,
        "screened_s": round(time.perf_counter() - started, 1),
    }
    while campaign := next_for_summary():
        started = time.perf_counter()
        summarise(campaign, OVER)
        if campaign == large:
            figures["prepared_s"] = round(time.perf_counter() - started, 1)
    figures["worker_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    settings.ALLOWED_HOSTS = ["testserver"]
    Authenticator.objects.create(user=ratna, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(ratna)
    for name, campaign in (("ten", small), ("million", large)):
        for page, path in (("dossier", ""), ("comments", "komentar/")):
            times = [_time(browser, f"/tinjauan/{campaign.code}/{path}") for _ in range(ROUNDS + 1)][1:]
            figures[f"{name}_{page}_median_ms"] = round(statistics.median(times))
            figures[f"{name}_{page}_worst_ms"] = round(max(times))
    return figures


def _time(browser: "object", path: str) -> float:
    started = time.perf_counter()
    reply = browser.get(path)  # type: ignore[attr-defined]
    if reply.status_code != 200:
        raise SystemExit(f"benchmarks: {path} answered {reply.status_code}")
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    from tera.cli.installation import enter, prepare

    enter()
    prepare()
    print(json.dumps(look()))
