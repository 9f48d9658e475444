"""Ordering jobs, and what workers do with them: take one, do it, keep its file for a day.

A worker that is killed leaves a job that says nothing any more. The next one begins it again, at most three
times. What the lost worker would still say is not taken: each attempt has a number and a folder of its own.
"""

import logging
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from tera.portal.accounts.models import User
from tera.portal.jobs.models import Job, State
from tera.portal.units.models import Unit

SILENCE = timedelta(minutes=2)  # after which the worker of a job is taken for dead
ATTEMPTS = 3
KEPT = timedelta(days=30)  # in which somebody still finds in the list what they ordered
BETWEEN_BEATS = 0.5  # seconds
BROKEN = gettext_noop("Terjadi kesalahan di server. Coba lagi; bila tetap gagal, hubungi pengelola Tera.")
KILLED = gettext_noop("Server berhenti tiga kali saat mengerjakannya. Hubungi pengelola Tera.")

logger = logging.getLogger(__name__)


class CannotDo(Exception):
    """A job cannot be done; the message is for who ordered it, in Indonesian, with an entry for English."""


class GivenUp(Exception):
    """The worker ends, or another one has taken the job: stop and leave nothing behind."""


Told = Callable[[int, int], None]
"""Is told how much is done, of how much; GivenUp where there is no use in going on."""
Kind = Callable[[Job, Path, Told], Path]
"""Does a job in a folder of its own and returns the file in it that is handed out."""


def enqueue(*, kind: str, arguments: Mapping[str, Any], by: User, unit: Unit, about: str) -> Job:
    """Order a job, unless the same one still waits; KeyError where there is no such kind."""
    if kind not in settings.JOBS:
        raise KeyError(kind)
    order = {"kind": kind, "arguments": dict(arguments), "by": by, "unit": unit, "about": about}
    waiting = Job.objects.filter(**order, state=State.WAITING).first()
    return waiting or Job.objects.create(**order, created_at=timezone.now())


def run_due(is_ending: Callable[[], bool] = lambda: False) -> bool:
    """Do one job that waits, or whose worker is gone, and say whether there was one.

    Safe with several workers at once. What fails says so on its page; only a database that does not answer
    is the caller's to see.
    """
    _fail_killed()
    if not Job.objects.filter(_due()).exists():  # which looks, where taking one would write
        return False
    job = _take()
    if job is None:
        return False
    _do(job, is_ending)
    return True


def clean_up() -> None:
    """Delete files that were kept long enough, what killed workers left, and jobs that nobody asks for."""
    now, folder = timezone.now(), Path(settings.JOBS_FOLDER)
    Job.objects.filter(finished_at__lt=now - KEPT).delete()
    old = now - timedelta(hours=settings.JOB_FILE_HOURS)
    Job.objects.filter(finished_at__lt=old).exclude(file="").update(file="")
    # In this order: a job that another worker takes or ends meanwhile keeps its folder.
    places = [*folder.iterdir()] if folder.is_dir() else []
    wanted = {f"{pk}-{attempt}" for pk, attempt in _running().values_list("pk", "attempt")}
    wanted |= {Path(file).parts[0] for file in Job.objects.exclude(file="").values_list("file", flat=True)}
    for place in places:
        if place.is_dir() and place.name not in wanted:
            shutil.rmtree(place)


def _running() -> QuerySet[Job]:
    return Job.objects.filter(state=State.RUNNING)


def _due() -> Q:
    silent = Q(state=State.RUNNING, heartbeat__lt=timezone.now() - SILENCE, attempt__lt=ATTEMPTS)
    return Q(state=State.WAITING) | silent


def _fail_killed() -> None:
    dead = _running().filter(heartbeat__lt=timezone.now() - SILENCE, attempt__gte=ATTEMPTS)
    if dead.exists():
        dead.update(state=State.FAILED, problem=KILLED, finished_at=timezone.now())


@transaction.atomic
def _take() -> Job | None:
    """Take the oldest job that is due; None where another worker was faster."""
    job = Job.objects.select_for_update(skip_locked=True).filter(_due()).order_by("created_at", "pk").first()
    if job is None:
        return None
    now = timezone.now()
    job.state, job.attempt, job.began_at, job.heartbeat = State.RUNNING, job.attempt + 1, now, now
    job.done = job.total = 0
    job.save()
    return job


def _do(job: Job, is_ending: Callable[[], bool]) -> None:
    folder, beating = Path(settings.JOBS_FOLDER) / f"{job.pk}-{job.attempt}", _Beating(job, is_ending)
    is_kept = False
    try:
        outcome = _outcome(job, folder, beating.tell)
        beating.say(**outcome, finished_at=timezone.now())
        is_kept = "file" in outcome
    except GivenUp:
        beating.give_back()
    finally:
        if not is_kept and folder.exists():
            shutil.rmtree(folder)


def _outcome(job: Job, folder: Path, told: Told) -> dict[str, object]:
    """Do a job, and return what is to be kept of it: its file, or why there is none."""
    try:
        run: Kind = import_string(settings.JOBS[job.kind])
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        found = run(job, folder, told)
        for place in folder.iterdir():
            if place != found:
                place.unlink()
        found.chmod(0o600)
    except GivenUp:
        raise
    except CannotDo as error:
        return {"state": State.FAILED, "problem": str(error)}
    except Exception:
        logger.exception("job %d (%s) failed", job.pk, job.kind)
        return {"state": State.FAILED, "problem": BROKEN}
    return {"state": State.DONE, "file": f"{folder.name}/{found.name}"}


class _Beating:
    """Says of one attempt how far it is, at most twice a second."""

    def __init__(self, job: Job, is_ending: Callable[[], bool]) -> None:
        self._mine = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.RUNNING)
        self._is_ending = is_ending
        self._last = datetime.min.replace(tzinfo=timezone.get_default_timezone())

    def tell(self, done: int, total: int) -> None:
        """Keep how far it is; GivenUp where the worker ends or another one has the job."""
        if self._is_ending():
            raise GivenUp
        now = timezone.now()
        if (now - self._last).total_seconds() >= BETWEEN_BEATS or 0 < done == total:
            self._last = now
            self.say(done=done, total=total, heartbeat=now)

    def say(self, **values: object) -> None:
        """Keep what is said of the job; GivenUp where another worker has it."""
        if not self._mine.update(**values):
            raise GivenUp

    def give_back(self) -> None:
        """Let the job wait again, as if it had not been begun; nothing where another worker has it."""
        self._mine.update(state=State.WAITING, attempt=F("attempt") - 1, began_at=None, heartbeat=None)
