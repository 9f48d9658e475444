"""What every test may ask for: a PostgreSQL and a browser. Both are real; a missing one fails.

`make test` starts one PostgreSQL for the whole run and names it in TERA_TEST_POSTGRES_URL; a plain `pytest`
starts one of its own, only if a test asks. The pass on PostgreSQL sets TERA_DATABASE_URL, which the settings
read, so the tests of portal and intake run unchanged on both databases.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tera.intake.tables import Database
from tools import browser
from tools.with_pg import create_database, running_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL 18 on which databases may be made."""
    shared = os.environ.get("TERA_TEST_POSTGRES_URL")
    if shared:
        yield shared
        return
    with running_postgres() as server:
        yield server.url()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """Return the URL of an empty database that belongs to this worker alone, for the whole session."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return create_database(postgres_server, f"tera_{worker}_{os.getpid()}")


@pytest.fixture
def intake(tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    """Return an empty intake: a file, or PostgreSQL in that pass of `make test`."""
    if not os.environ.get("TERA_DATABASE_URL"):
        fresh = Database(path=tmp_path / "responses.db")
    else:
        fresh = Database(url=request.getfixturevalue("postgres_url"))
        with psycopg.connect(fresh.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS intake CASCADE")
    fresh.create()
    return fresh


@pytest.fixture(scope="session")
def chromium() -> browser.Browser:
    """Return a Chromium that starts, for Playwright's `launch(executable_path=…, env=…)`."""
    found = browser.get()
    os.environ.update(found.driver_environment)
    return found
