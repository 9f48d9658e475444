"""A campaign, and the intake's own database for each test."""

from datetime import date, timedelta

import pytest

from tera.engine.catalogue import get_instrument
from tera.intake.form import CampaignForm
from tera.intake.tables import Database


@pytest.fixture
def database(intake: Database) -> Database:
    """Return an empty intake."""
    return intake


@pytest.fixture
def form() -> CampaignForm:
    """Return a campaign of Kanim Sambas that is open in the second half of 2026."""
    return CampaignForm(
        code="sambas",
        unit="sambas",
        instruments=(get_instrument("skm-9"), get_instrument("spak-5-4")),
        services={"PASPOR": "Paspor"},
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 12, 31),
        zone="Asia/Jakarta",
        grace=timedelta(hours=24),
    )
