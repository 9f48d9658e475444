"""docs/operations.md, to the letter, on a PostgreSQL of its own: each program under a login of its own."""

import base64
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tera.engine.catalogue import get_instrument
from tera.intake.inbox import new_key
from tests.journeys.serving import free_port, wait_until
from tools.with_pg import Server, running_postgres

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
SERVER_LOGIN, DATABASE_LOGINS, ONE_FOR_ALL = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
PEOPLE = 40
OPEN = """
from datetime import UTC, datetime, timedelta
from tera.portal.accounts.models import Assignment, User
from tera.portal.surveys import actions
from tera.portal.surveys.models import Plan
from tera.portal.units.actions import Founding, found
now = datetime.now(UTC)
day = timedelta(days=1)
state = {"name": "Kanim Sambas", "short_name": "Sambas", "kind": "KANIM"}
unit = found(Founding("sambas", state))
for name in ("budi", "tuti"):
    user = User.objects.create_user(name, password=name)
    Assignment.objects.create(user=user, role="OPERATOR", unit=unit)
plan = Plan("2026-S2", now.date() - day, now.date() + day, 0, ("skm-9",), "permenpanrb-14-2017",
            "permenpanrb-10-2019")
actions.open_campaign(unit=unit, plan=plan, by=user, at=now, code="sambas")
"""


@dataclass(frozen=True)
class Installation:
    """An installation on a server of its own."""

    server: Server
    home: Path

    def environment(self, login: str) -> dict[str, str]:
        url = self.server.url("tera").replace("//postgres@", f"//{login}@")
        named = {"TERA_HOME": str(self.home), "TERA_DATABASE_URL": url, "TERA_DATABASE_ROLES": "1"}
        return {**os.environ, **named, "TERA_DEMO": "", "TERA_SITE_WORKERS": "1"}

    def run(self, login: str, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one `tera` command under a login."""
        command, environment = [sys.executable, "-m", "tera", *arguments], self.environment(login)
        return subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, input=typed
        )

    def do(self, login: str, *arguments: str, typed: str = "") -> str:
        """Run one and return what it prints; it must do well."""
        done = self.run(login, *arguments, typed=typed)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve, without a worker, and yield the address."""
        port = free_port()
        command = [sys.executable, "-m", "tera", "serve", "--no-worker", "--port", str(port)]
        process = subprocess.Popen(
            command, env=self.environment("tera_serve"), stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            wait_until(lambda: "Tera: " in process.stdout.readline())  # type: ignore[union-attr]
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Return what stands after the commands of the document."""
    with running_postgres() as server:
        with psycopg.connect(server.url(), autocommit=True) as administrator:
            for statement in SERVER_LOGIN.split(";")[:-1]:
                administrator.execute(statement.encode())
            made = Installation(server, tmp_path / "home")
            assert made.do("tera_owner", "prepare") == "the tables and the roles are ready\n"
            administrator.execute(DATABASE_LOGINS.encode())
        yield made


def post(address: str, key: bytes) -> str:
    """Answer the survey and return the code of the receipt."""
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    body = {"key": text, "answers": dict.fromkeys(get_instrument("skm-9").codes, 4)}
    return str(json.loads(ask(f"{address}/s/sambas", json.dumps(body).encode()))["receipt"])


def ask(url: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
        return bytes(reply.read())


def test_every_program_works_under_a_login_of_its_own(installation: Installation) -> None:
    installation.do("tera_serve", "manage", "shell", "-v", "0", "-c", OPEN)
    keys = [new_key(datetime.now(UTC)) for _ in range(PEOPLE)]
    with installation.serving() as address:
        codes = [post(address, key) for key in keys]
        installation.do("tera_worker", "worker", "--once")
        assert post(address, keys[0]) == codes[0]
        assert codes[0].encode() in ask(f"{address}/r/{codes[0]}")
    assert installation.do("tera_audit", "fsck") == "everything fits together\n"
    key = base64.urlsafe_b64encode(keys[0]).rstrip(b"=").decode()
    wish = ("erase", "--receipt", codes[0], "--key", key, "--by", "budi", "--with", "tuti")
    assert "was erased" in installation.do("tera_erase", *wish, typed="budi\ntuti\n")
    assert installation.do("tera_audit", "fsck") == "everything fits together\n"


def test_a_program_under_the_login_of_another_says_so(installation: Installation) -> None:
    installation.do("tera_serve", "manage", "shell", "-v", "0", "-c", OPEN)
    refused = installation.run("tera_serve", "worker", "--once")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1), refused.stderr
    assert 'permission denied to set role "tera_sealer"' in refused.stderr


def test_who_takes_a_role_makes_no_tables(installation: Installation) -> None:
    with psycopg.connect(installation.server.url("tera"), autocommit=True) as administrator:
        administrator.execute("DELETE FROM django_migrations WHERE app = 'surveys'")
    refused = installation.run("tera_serve", "serve", "--no-worker", "--port", str(free_port()))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1), refused.stderr
    assert "their owner runs `tera prepare` first" in refused.stderr


def test_one_login_may_take_every_role(installation: Installation) -> None:
    with psycopg.connect(installation.server.url("tera"), autocommit=True) as administrator:
        administrator.execute(ONE_FOR_ALL.encode())
    installation.do("tera_owner", "manage", "shell", "-v", "0", "-c", OPEN)
    installation.do("tera_owner", "worker", "--once")
    assert installation.do("tera_owner", "fsck") == "everything fits together\n"
