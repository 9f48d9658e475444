"""A small installation to kill workers on: campaigns that are open, over, small and empty, and responses."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tera.cli.command import main
from tera.cli.installation import prepare
from tera.engine import response
from tera.engine.disclosure import K
from tera.engine.tile import WIDTH
from tera.intake.erasing import erase
from tera.intake.exporting import list_held
from tera.intake.inbox import Arrival, new_key, submit_many
from tera.intake.receipt import Receipt
from tera.intake.sealing import MOST_AT_ONCE
from tera.intake.submission import base64url, read_json
from tera.portal.ledger.actions import say
from tera.portal.ledger.models import Statement
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import Unit
from tests.intake.kills.crowd import sheet
from tests.portal.plans import plan_for

FRESH, GROWN = "fresh", "grown"
OPEN, OVER = "kini", {"lama": MOST_AT_ONCE + K, "sepi": K - 1, "kosong": 0}
ENOUGH = 4 * K
AGO = timedelta(days=400)

Keys = dict[bytes, bytes]
"""The client keys of responses, by commitment."""


def make(scenario: str) -> dict[str, list[str]]:
    """Make an installation with all kinds of work for a round; return the commitments, by campaign.

    A fresh one was never published. Of a grown one the next checkpoint fills a tile of 256 entries and begins
    others, and a response that it sealed has been erased.
    """
    prepare()
    state = {"name": "Kanim Sambas", "short_name": "Sambas", "kind": "KANIM"}
    unit = found(Founding("sambas", state))
    now = datetime.now(UTC)
    then = now - AGO
    campaign = _opened(unit, OPEN, now.date())
    keys = _answer(campaign, ENOUGH, now)
    if scenario == GROWN:
        _work()
        for number in range(Statement.objects.count(), WIDTH - 4):
            say(_corrected(number))
        _work()
        _erase_one(keys)
        keys |= _answer(campaign, ENOUGH, now)
    sent = {OPEN: list(keys)}
    for code, count in OVER.items():
        sent[code] = list(_answer(_opened(unit, code, then.date()), count, then))
    return {code: [commitment.hex() for commitment in commitments] for code, commitments in sent.items()}


def _work() -> None:
    if main(["worker", "--once", "--no-jobs"]):
        raise RuntimeError("the worker failed where nobody killed it")


def _opened(unit: Unit, code: str, day: date) -> Campaign:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with transaction.atomic():
        campaign = actions.record(unit=unit, plan=plan_for(day), by=None, at=at, code=code)
        actions.publish_once_committed(campaign)
    return campaign


def _corrected(number: int) -> dict[str, object]:
    """Return one of many statements that fill tiles and that no block or ticket stands behind."""
    about = {"statement": "opened/a", "reason": "rekaan", "by_unit": "sambas"}
    return {"kind": "corrected", "id": f"corrected/{number}", **about}


def _answer(campaign: Campaign, count: int, at: datetime) -> Keys:
    """Let so many people answer through the intake's own code."""
    keys = [new_key(at) for _ in range(count)]
    sheets = [read_json(sheet(base64url(key)).encode(), campaign.form) for key in keys]
    arrivals = [Arrival.of(campaign.form, one, at) for one in sheets]
    with closing(settings.INTAKE.connect()) as connection:
        outcomes = submit_many(connection, arrivals, lambda _: bytes(64)) if arrivals else []
    receipts = [one for one in outcomes if isinstance(one, Receipt)]
    if len(receipts) < count:
        raise RuntimeError(f"the intake refused answers of {campaign.code}")
    return {one.commitment: key for one, key in zip(receipts, keys, strict=True)}


def _erase_one(keys: Keys) -> None:
    """Erase a sealed response at the wish of whoever holds its key."""
    _, (commitment, _, _) = list_held(settings.INTAKE, OPEN)[0]
    erase(settings.INTAKE, response.receipt_code(commitment), keys.pop(commitment))
