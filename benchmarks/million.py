"""Makes an installation with a million responses: python -m benchmarks.million, in a TERA_HOME of its own."""

import random
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction

from tera.cli.installation import enter, prepare
from tera.engine import response
from tera.engine.response import Response
from tera.intake import inbox, sealing
from tera.intake.tables import Held

CAMPAIGNS, BLOCKS, BLOCK = 100, 10, 1000
OPEN, OVER = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 9, tzinfo=UTC)


def grow() -> None:
    """Open, answer, seal and publish; the last block of each campaign is what was held back."""
    from tera.portal.ledger.publishing import publish_installation
    from tera.portal.surveys import actions
    from tera.portal.surveys.models import Plan
    from tera.portal.units.actions import Founding, found

    sealing.SECONDS_BETWEEN_MOVES = 0  # nobody answers beside it
    chance = random.Random(1)
    unit = found(Founding("kanim", {"name": "Kanim", "short_name": "Kanim", "kind": "KANIM"}))
    window = (date(2025, 1, 1), date(2025, 6, 30))
    rules = ("permenpanrb-14-2017", "permenpanrb-10-2019")
    plan = Plan("2025-1", *window, 5000, ("skm-9", "spak-5-4"), *rules)
    for number in range(CAMPAIGNS):
        with transaction.atomic():
            campaign = actions.record(unit=unit, plan=plan, by=None, at=OPEN, code=f"c{number}")
        items = len(campaign.form.items)
        for _ in range(BLOCKS):
            inbox.put(
                settings.INTAKE, campaign.code, [_held(campaign.code, items, chance) for _ in range(BLOCK)]
            )
            sealing.seal(settings.INTAKE, campaign.form, OPEN, chance)
        sealing.seal(settings.INTAKE, campaign.form, OVER, chance)
    actions.tell_of_blocks()
    publish_installation()


def _held(campaign: str, items: int, chance: random.Random) -> Held:
    answers = tuple(chance.randint(1, 4) for _ in range(items))
    salt, body = (
        chance.randbytes(32),
        response.encode(Response(campaign, 20179, 1, "", (0,) * 4, False, answers)),
    )
    return response.commitment(salt, body), salt, body


if __name__ == "__main__":
    enter()
    prepare()
    grow()
