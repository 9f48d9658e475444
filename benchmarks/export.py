"""A hundred thousand responses from the intake's database to each kind of file, as the worker writes them.

The seconds are those of a whole job, from the order to the file, by the clock and of the processor; the
memory is that of the whole worker.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime

from benchmarks.installation import environment_of
from tera.engine.response import Response

RESPONSES, BATCH, ROUNDS = 100_000, 1000, 3
CODE = "besar"
OPEN, OVER = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 9, tzinfo=UTC)
IDLE, VIEW = "idle", "jawaban.csv"
Seconds = tuple[float, float]
NONE: Seconds = (0.0, 0.0)


def measure() -> dict[str, object]:
    """Return seconds and megabytes for each format, and for a worker that writes none."""
    figures: dict[str, object] = {"responses": RESPONSES, "items": 14}
    with tempfile.TemporaryDirectory() as home:
        environment = environment_of(home)
        _run(environment, "grow")
        for form in (IDLE, VIEW, "csv", "xlsx", "parquet"):
            runs = [_run(environment, form) for _ in range(ROUNDS)]
            if form != IDLE:
                figures[f"seconds, {form}"] = round(statistics.median(clock for clock, _, _ in runs), 2)
                figures[f"CPU seconds, {form}"] = round(statistics.median(cpu for _, cpu, _ in runs), 2)
            figures[f"peak MB, {form}"] = max(memory for _, _, memory in runs)
    return figures


def _run(environment: dict[str, str], deed: str) -> tuple[float, float, int]:
    """Return what seconds a deed says it took in a process of its own, and its megabytes."""
    command = [sys.executable, "-m", "benchmarks.export", deed]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        told = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"benchmarks: {' '.join(command)} failed")
    clock, cpu = map(float, told.split())
    return clock, cpu, usage.ru_maxrss // 1024


def started() -> Seconds:
    """Return the clock, and how long this process has run."""
    return time.perf_counter(), time.process_time()


def since(then: Seconds) -> Seconds:
    """Return the seconds since then, by the clock and of the processor."""
    clock, cpu = started()
    return clock - then[0], cpu - then[1]


def grow() -> Seconds:
    """Open a survey, let people answer, seal, close and certify."""
    from django.conf import settings
    from django.db import transaction

    from tera.cli.installation import prepare
    from tera.intake import inbox, sealing
    from tera.portal.accounts.models import Assignment, User
    from tera.portal.results.actions import certify
    from tera.portal.results.methods.actions import fill
    from tera.portal.results.methods.fields import fields
    from tera.portal.surveys import actions
    from tera.portal.surveys.models import Plan
    from tera.portal.units.actions import Founding, found

    prepare()
    sealing.SECONDS_BETWEEN_MOVES = 0  # nobody answers beside it
    chance = random.Random(1)
    unit = found(Founding("kanim", {"name": "Kanim", "short_name": "Kanim", "kind": "KANIM"}))
    budi = User.objects.create_user("budi")
    Assignment.objects.create(user=budi, role="OPERATOR", unit=unit)
    rules, window = ("permenpanrb-14-2017", "permenpanrb-10-2019"), (date(2025, 1, 1), date(2025, 6, 30))
    plan = Plan("2025-1", *window, 5000, ("skm-9", "spak-5-4"), *rules)
    with transaction.atomic():
        campaign = actions.record(unit=unit, plan=plan, by=None, at=OPEN, code=CODE)
    for _ in range(0, RESPONSES, BATCH):
        answers = [_said(campaign.code, len(campaign.form.items), chance) for _ in range(BATCH)]
        inbox.put(settings.INTAKE, campaign.code, list(map(actions.held, answers)))
    sealing.seal(settings.INTAKE, campaign.form, OVER, chance)
    actions.tell_of_blocks()
    texts = {field.id: "Tidak ada; survei rekaan." for field in fields().written}
    fill(campaign, texts, by=budi, at=OVER)
    certify(campaign, by=budi, at=OVER)
    return NONE


def _said(campaign: str, items: int, chance: random.Random) -> Response:
    profile = (chance.randint(1, 2), *(chance.randint(1, 6) for _ in range(3)))
    answers = tuple(chance.randint(1, 4) for _ in range(items))
    return Response(campaign, 20179, 1, "", profile, False, answers)


def write(form: str) -> Seconds:
    """Order one file, do what a worker does that is warm, and return the seconds."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from tera.portal.accounts.models import User
    from tera.portal.jobs.actions import run_due
    from tera.portal.jobs.models import Job, State
    from tera.portal.results.exporting import order
    from tera.portal.surveys.models import Campaign

    import_string(settings.JOBS["export"])
    timing = started()
    order(Campaign.objects.get(code=CODE), form, by=User.objects.get())
    run_due()
    if Job.objects.latest("pk").state != State.DONE:
        raise SystemExit(Job.objects.latest("pk").problem)
    return since(timing)


def view() -> Seconds:
    """Fetch the answers from their page, on a portal that is warm, and return the seconds."""
    from django.conf import settings
    from django.test import Client

    from tera.portal.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get())
    client.get(f"/laporan/{CODE}/")
    timing = started()
    reply = client.get(f"/laporan/{CODE}/jawaban.csv")
    if len(reply.content) < RESPONSES:
        raise SystemExit(f"the page answered {reply.status_code}")
    return since(timing)


if __name__ == "__main__":
    from tera.cli.installation import enter

    enter()
    deeds = {"grow": grow, IDLE: lambda: NONE, VIEW: view}
    print(*deeds.get(sys.argv[1], lambda: write(sys.argv[1]))())
