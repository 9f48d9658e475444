"""The intake's own database for each test: a file, or PostgreSQL in that pass of `make test`."""

import os
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from tera.engine.catalogue import get_instrument
from tera.intake.form import CampaignForm
from tera.intake.tables import Database


@pytest.fixture
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    """Return an empty intake."""
    if not os.environ.get("TERA_DATABASE_URL"):
        fresh = Database(path=tmp_path / "responses.db")
    else:
        fresh = Database(url=request.getfixturevalue("postgres_url"))
        with psycopg.connect(fresh.url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS intake CASCADE")
    fresh.create()
    return fresh


@pytest.fixture
def form() -> CampaignForm:
    """Return a campaign of Kanim Sambas that is open in the second half of 2026."""
    return CampaignForm(
        code="sambas",
        instruments=(get_instrument("skm-9"), get_instrument("spak-5-4")),
        services={"PASPOR": "Paspor"},
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 12, 31),
        zone="Asia/Jakarta",
        grace=timedelta(hours=24),
    )
