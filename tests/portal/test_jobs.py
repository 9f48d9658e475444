"""What takes long is ordered, left, and found again; who else looks sees nothing; nothing hangs for ever."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.jobs import actions
from tera.portal.jobs.actions import GivenUp, clean_up, enqueue, run_due
from tera.portal.jobs.models import Job, State
from tera.portal.units.models import Unit
from tests.journeys.serving import wait_until
from tests.portal import chores
from tools.with_pg import create_database

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    """Return where the files of jobs lie for this test, and let the jobs be those of a test."""
    settings.JOBS, settings.JOBS_FOLDER = chores.JOBS, tmp_path / "jobs"
    return tmp_path / "jobs"


def order(kind: str, by: User, unit: Unit, **arguments: object) -> Job:
    return enqueue(kind=kind, arguments=arguments, by=by, unit=unit, about="Kanim Sambas: uji")


def let_time_pass(**span: float) -> None:
    """Make everything that was said of jobs so much older."""
    for job in Job.objects.all():
        for name in ("began_at", "finished_at", "heartbeat"):
            if said := getattr(job, name):
                setattr(job, name, said - timedelta(**span))
        job.save()


def test_a_job_is_ordered_left_and_found_again(budi: User, sambas: Unit, login: Login, place: Path) -> None:
    job = order("write", budi, sambas)
    client = login(budi)
    page = client.get(f"/pekerjaan/{job.pk}/").content.decode()
    assert "Menunggu giliran." in page
    assert "boleh ditinggalkan" in page
    assert '<progress max="1"' in page
    assert "Muat ulang" in page  # for whose browser runs no script
    assert client.get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404
    assert run_due()
    assert not run_due()
    listed = client.get("/pekerjaan/").content.decode()
    assert f"/pekerjaan/{job.pk}/" in listed
    assert "✓ selesai" in listed
    state = client.get(f"/pekerjaan/{job.pk}/keadaan/").content.decode()
    assert 'data-state="DONE"' in state
    assert "<html" not in state
    reply = client.get(f"/pekerjaan/{job.pk}/berkas/")
    assert b"".join(reply) == b"selesai"
    assert 'filename="hasil.txt"' in reply["Content-Disposition"]
    job.refresh_from_db()
    assert (job.done, job.total, job.attempt) == (2, 2, 1)
    assert [path.name for path in job.path.parent.iterdir()] == ["hasil.txt"]
    assert [oct(path.stat().st_mode)[-3:] for path in (place, job.path.parent, job.path)] == [
        "700",
        "700",
        "600",
    ]


def test_nobody_else_finds_it(budi: User, dewi: User, sambas: Unit, login: Login) -> None:
    job = order("write", budi, sambas)
    run_due()
    for address in ("", "keadaan/", "berkas/"):
        assert login(dewi).get(f"/pekerjaan/{job.pk}/{address}").status_code == 404
        assert Client().get(f"/pekerjaan/{job.pk}/{address}").status_code == 302
    assert "Belum ada yang diminta." in login(dewi).get("/pekerjaan/").content.decode()


def test_how_far_it_is_stands_on_its_page_while_it_runs(
    budi: User, sambas: Unit, login: Login, tmp_path: Path
) -> None:
    job, seen = order("wait", budi, sambas, log=str(tmp_path / "log"), number=1), []

    def is_ending() -> bool:
        seen.append(login(budi).get(f"/pekerjaan/{job.pk}/keadaan/").content.decode())
        return len(seen) > 2

    assert run_due(is_ending)
    assert 'data-state="RUNNING"' in seen[1]
    assert '<progress max="3" value="1"' in seen[1]


def test_a_job_under_way_waits_for_the_next_worker_when_this_one_ends(
    budi: User, sambas: Unit, place: Path, tmp_path: Path
) -> None:
    job = order("wait", budi, sambas, log=str(tmp_path / "log"), number=1)
    assert run_due(lambda: True)
    job.refresh_from_db()
    assert (job.state, job.attempt, list(place.iterdir())) == (State.WAITING, 0, [])
    (tmp_path / "go").touch()
    assert run_due()
    job.refresh_from_db()
    assert job.state == State.DONE


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("refuse", "Belum ada jawaban yang boleh diunduh."), ("stumble", "Terjadi kesalahan di server.")],
)
def test_a_job_that_fails_says_why_and_leaves_no_half_file(
    budi: User, sambas: Unit, login: Login, place: Path, kind: str, reason: str
) -> None:
    job = order(kind, budi, sambas)
    assert run_due()
    page = login(budi).get(f"/pekerjaan/{job.pk}/").content.decode()
    assert "✕ gagal" in page
    assert reason in page
    assert list(place.iterdir()) == []
    assert not run_due()


def test_the_reason_is_told_in_the_language_of_the_page(budi: User, sambas: Unit, login: Login) -> None:
    job, client = order("refuse", budi, sambas), login(budi)
    run_due()
    client.cookies["django_language"] = "en"
    assert "There are no answers to download yet." in client.get(f"/pekerjaan/{job.pk}/").content.decode()


def test_the_same_order_is_not_queued_twice(budi: User, dewi: User, sambas: Unit) -> None:
    assert order("write", budi, sambas, number=1) == order("write", budi, sambas, number=1)
    assert order("write", budi, sambas, number=2).pk != order("write", dewi, sambas, number=2).pk
    with pytest.raises(KeyError):
        order("remove", budi, sambas)
    assert Job.objects.count() == 3


def die_in(job: Job, place: Path) -> Path:
    """Take a job as a worker does, begin it, and say nothing more for three minutes."""
    taken = actions._take()
    assert taken == job
    folder = place / f"{taken.pk}-{taken.attempt}"
    folder.mkdir(parents=True)
    (folder / "half").write_text("half")
    let_time_pass(minutes=3)
    return folder


def test_a_job_whose_worker_was_killed_is_begun_again(budi: User, sambas: Unit, place: Path) -> None:
    job = order("write", budi, sambas)
    half = die_in(job, place)
    assert run_due()
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.DONE, 2)
    clean_up()
    assert not half.exists()
    assert job.path.read_text() == "selesai"


def test_a_job_that_kills_three_workers_fails(budi: User, sambas: Unit, place: Path) -> None:
    job = order("write", budi, sambas)
    for _ in range(3):
        die_in(job, place)
    assert not run_due()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.problem.startswith("Server berhenti tiga kali")


def test_a_worker_that_still_speaks_keeps_its_job(budi: User, sambas: Unit) -> None:
    job = order("write", budi, sambas)
    actions._take()
    let_time_pass(minutes=1)
    assert not run_due()
    job.refresh_from_db()
    assert job.attempt == 1


def test_what_a_lost_worker_still_says_is_not_taken(budi: User, sambas: Unit, place: Path) -> None:
    job = order("write", budi, sambas)
    lost = actions._take()
    assert lost is not None
    let_time_pass(minutes=3)
    assert run_due()
    with pytest.raises(GivenUp):
        actions._Beating(lost, lambda: False).tell(1, 9)
    actions._do(lost, lambda: False)  # it goes on to the end all the same
    job.refresh_from_db()
    assert (job.state, job.attempt, job.total) == (State.DONE, 2, 2)
    assert [path.name for path in place.iterdir()] == [f"{job.pk}-2"]


def test_a_file_is_deleted_after_a_day_and_the_order_after_a_month(
    budi: User, sambas: Unit, login: Login, place: Path
) -> None:
    job = order("write", budi, sambas)
    run_due()
    let_time_pass(hours=23)
    clean_up()
    job.refresh_from_db()
    assert job.path.exists()
    let_time_pass(hours=2)
    clean_up()
    assert list(place.iterdir()) == []
    assert login(budi).get(f"/pekerjaan/{job.pk}/berkas/").status_code == 404
    assert "berkas sudah dihapus" in login(budi).get("/pekerjaan/").content.decode()
    let_time_pass(days=30)
    clean_up()
    assert not Job.objects.exists()


# ---- Workers as they really run, on either database


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    server: str = request.getfixturevalue("postgres_server")
    return create_database(server, f"tera_jobs_{os.getpid()}")


@pytest.fixture(scope="module")
def installation_home(tmp_path_factory: pytest.TempPathFactory, url: str) -> Path:
    """Return an installation, which takes a while to make."""
    folder = tmp_path_factory.mktemp("home")
    chores.run(folder, url, "-m", "tera", "manage", "migrate", "--verbosity", "0")
    (Database(url=url) if url else Database(path=folder / "responses.db")).create()
    return folder


@pytest.fixture
def home(installation_home: Path, url: str) -> Path:
    """Return an installation in which nothing was ordered yet."""
    rows(installation_home, url, "DELETE FROM jobs_job")
    return installation_home


def rows(home: Path, url: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement on the portal's database, and return what it finds."""
    opened = psycopg.connect(url, autocommit=True) if url else sqlite3.connect(home / "app.db", timeout=10)
    with closing(opened) as connection:
        cursor = connection.execute(statement)
        found = cursor.fetchall() if cursor.description else []
        connection.commit()
    return [tuple(row) for row in found]


def states(home: Path, url: str) -> set[tuple[object, ...]]:
    return set(rows(home, url, "SELECT state, attempt FROM jobs_job"))


def test_two_workers_do_each_job_once(home: Path, url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    chores.run(home, url, "-c", chores.ORDER, "write", "40", str(log))
    with chores.worker(home, url), chores.worker(home, url):
        wait_until(lambda: states(home, url) == {("DONE", 1)})
    assert sorted(map(int, log.read_text().split())) == list(range(40))
    files = {path.parent.name for path in (home / "jobs").glob("*/hasil.txt")}
    assert files == {f"{number}-1" for (number,) in rows(home, url, "SELECT id FROM jobs_job")}


def test_a_killed_worker_leaves_its_job_to_another_and_an_ending_one_gives_it_back(
    home: Path, url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    chores.run(home, url, "-c", chores.ORDER, "wait", "1", str(log))
    with chores.worker(home, url) as first:
        wait_until(log.exists)
        first.kill()
        first.wait()
    assert states(home, url) == {("RUNNING", 1)}
    past = (timezone.now() - timedelta(minutes=3)).strftime("%Y-%m-%d %H:%M:%S")
    rows(home, url, f"UPDATE jobs_job SET heartbeat = '{past}'")  # noqa: S608
    with chores.worker(home, url):
        wait_until(lambda: log.read_text().split() == ["1", "2"])
    assert states(home, url) == {("WAITING", 1)}
    (tmp_path / "go").touch()
    with chores.worker(home, url):
        wait_until(lambda: states(home, url) == {("DONE", 2)})
    [(number,)] = rows(home, url, "SELECT id FROM jobs_job")
    assert [path.name for path in (home / "jobs").iterdir()] == [f"{number}-2"]


def test_a_worker_that_cannot_go_on_ends_although_it_looks_for_jobs(
    home: Path, url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    chores.run(home, url, "-c", chores.ORDER, "write", "1", str(log))
    with chores.worker(home, url) as process:
        wait_until(log.exists)
        rows(home, url, "ALTER TABLE surveys_campaign RENAME TO elsewhere")
        wait_until(lambda: process.poll() is not None)
    rows(home, url, "ALTER TABLE elsewhere RENAME TO surveys_campaign")
