"""The worker screens what it closed: nobody has to ask for it."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.cli.test_worker import environment
from tests.homes import installed

OVER = """
import django, random
django.setup()
from datetime import UTC, date, datetime
from django.conf import settings
from tera.intake import inbox
from tera.portal.demo.actions import invent
from tera.portal.surveys import actions
from tera.portal.surveys.models import Plan
from tera.portal.units.actions import Founding, found
state = {"name": "Sambas", "short_name": "Sambas", "kind": "KANIM"}
unit = found(Founding("sambas", state, None, services={}))
days = date(2026, 1, 1), date(2026, 6, 30)
plan = Plan("Semester I 2026", *days, 900, ["skm-9"], "permenpanrb-14-2017", "permenpanrb-10-2019")
campaign = actions.record(unit=unit, plan=plan, by=None, at=datetime(2026, 1, 1, tzinfo=UTC), code="lalu")
model = {"satisfaction": 3.3, "honesty": 3.6, "responses": 40, "lows": []}
said = invent(campaign.form, model, days, random.Random(1))
inbox.put(settings.INTAKE, "lalu", [actions.held(response) for response in said])
"""


def test_one_round_closes_a_survey_and_screens_it(tmp_path: Path) -> None:
    home = installed(tmp_path)
    subprocess.run([sys.executable, "-c", OVER], check=True, env=environment(home))
    subprocess.run([sys.executable, "-m", "tera", "worker", "--once"], check=True, env=environment(home))
    with sqlite3.connect(home / "app.db") as connection:
        kept = connection.execute("SELECT together, status FROM review_screening").fetchall()
    assert kept == [(1, "nothing seen")]
