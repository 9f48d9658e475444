"""The world of the matrix, made anew for each test."""

import pytest
from pytest_django import Settings

from tera.intake.tables import Database
from tests.matrix import world


@pytest.fixture
def everything(db: None, intake: Database, settings: Settings) -> world.World:
    """Return two ministries in an empty installation where nobody needs a second factor."""
    settings.INTAKE, settings.IS_DEMO = intake, True
    return world.build()
