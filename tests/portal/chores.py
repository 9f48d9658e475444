"""Jobs that are as short or as long as a test wants, and workers that do them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tera.portal.jobs.actions import CannotDo, Told
from tera.portal.jobs.models import Job

ROOT = Path(__file__).resolve().parents[2]
JOBS = {name: f"tests.portal.chores.{name}" for name in ("write", "refuse", "stumble", "wait")}
WORK = f"""
from tera.cli.installation import enter
enter()
from django.conf import settings
settings.JOBS = {JOBS!r}
from tera.cli import main
main(["worker"])
"""
ORDER = """
import sys
from tera.cli.installation import enter
enter()
from django.utils import timezone
from tera.portal.accounts.models import User
from tera.portal.jobs.models import Job
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import Unit
kanim = Founding("kanim", {"name": "Kanim", "short_name": "Kanim", "kind": "KANIM"})
unit = Unit.objects.first() or found(kanim)
budi, _ = User.objects.get_or_create(username="budi")
for number in range(int(sys.argv[2])):
    order = {"kind": sys.argv[1], "arguments": {"log": sys.argv[3], "number": number}}
    Job.objects.create(**order, by=budi, unit=unit, about="uji", created_at=timezone.now())
"""


def write(job: Job, folder: Path, told: Told) -> Path:
    """Write a file, and into a log which job did so."""
    if log := job.arguments.get("log"):
        with Path(log).open("a") as file:
            file.write(f"{job.arguments['number']}\n")
    (folder / "between").write_text("half")
    told(1, 2)
    path = folder / "hasil.txt"
    path.write_text("selesai")
    told(2, 2)
    return path


def refuse(job: Job, folder: Path, told: Told) -> Path:
    (folder / "half").write_text("half")
    raise CannotDo("Belum ada jawaban yang boleh diunduh.")


def stumble(job: Job, folder: Path, told: Told) -> Path:
    (folder / "half").write_text("half")
    raise OSError("disk penuh")


def wait(job: Job, folder: Path, told: Told) -> Path:
    """Begin at once; end where a file says so."""
    (folder / "half").write_text("half")
    log = Path(job.arguments["log"])
    with log.open("a") as file:
        file.write(f"{job.attempt}\n")
    while not log.with_name("go").exists():
        told(1, 3)
        time.sleep(0.02)
    return write(job, folder, told)


def environment(home: Path, url: str) -> dict[str, str]:
    settings = {"TERA_HOME": str(home), "TERA_DATABASE_URL": url, "TERA_DEMO": "", "TERA_DATABASE_ROLES": ""}
    named = {"DJANGO_SETTINGS_MODULE": "tera.portal.settings", "TERA_PUBLISH_SECONDS": "1"}
    return {**os.environ, **named, **settings}


def run(home: Path, url: str, *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, env=environment(home, url), cwd=ROOT)


@contextmanager
def worker(home: Path, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Let a worker run; it is asked to end, if nothing ended it before."""
    process = subprocess.Popen([sys.executable, "-c", WORK], env=environment(home, url), cwd=ROOT)
    try:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
