"""Nobody in the portal gets at a single response: not to read it, not to change it, not to delete it."""

import base64
import random

import pytest
from django.conf import settings

from tera.engine.response import receipt_code
from tera.intake import inbox
from tera.intake.tables import Held
from tera.portal.demo.actions import invent
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tests.matrix.asking import Asking
from tests.matrix.rows import ROWS, addresses
from tests.matrix.world import HELD_AT, NOW, World, address

PEOPLE = 60
MODEL = {"satisfaction": 3.6, "honesty": 4.0, "responses": PEOPLE, "lows": []}


@pytest.fixture
def held(everything: World) -> list[Held]:
    """Let sixty people answer the survey of Sambas, and seal what may be sealed."""
    campaign = Campaign.objects.get(code="s-sambas")
    said = invent(campaign.form, MODEL, (campaign.starts_on, NOW.date()), random.Random(7))
    found = [actions.held(response) for response in said]
    inbox.put(settings.INTAKE, campaign.code, found)
    assert [block.responses for block in actions.seal_due(NOW)] == [PEOPLE - 20]
    return found


def spellings(held: list[Held]) -> set[str]:
    """Return every way in which a response could be named or shown: its commitment, salt and bytes."""
    raw = [part for response in held for part in response]
    written = {part.hex() for part in raw} | {base64.urlsafe_b64encode(part).decode() for part in raw}
    written |= {base64.b64encode(part).decode() for part in raw}
    return written | {receipt_code(commitment) for commitment, _, _ in held}


@pytest.mark.parametrize("role", HELD_AT)
def test_no_page_names_or_shows_a_single_response(role: str, everything: World, held: list[Held]) -> None:
    browser, secrets = Asking(everything.people[role]), spellings(held)
    seen = 0
    for name, row in ROWS.items():
        for thing in everything.things.get(row.about, (None,)):
            reply, _ = browser.ask("GET", address(name, row, thing))
            content = getattr(reply, "content", b"") or b"".join(getattr(reply, "streaming_content", ()))
            seen += reply.status_code == 200
            assert not any(secret in content.decode("utf-8", "replace") for secret in secrets), name
    assert seen > 15


def test_no_address_names_a_response_but_that_of_a_receipt() -> None:
    """What an address can name: the public page of a receipt says where it is, never what it says."""
    words = {part for _, found in addresses() for part in found.pattern.regex.groupindex}
    known = {"code", "slug", "unit", "pk", "name", "token", "language", "form", "digest", "path", "number"}
    known |= {"layer", "kind"}  # of a score, and of a letter
    assert words == known | {"uidb36", "key"}  # of a link for a new password
    by_code = {name for name, found in addresses() if "code" in found.pattern.regex.groupindex}
    others = {name for name in by_code if ROWS[name].about != "campaign"}
    assert others == {"receipt", "proof", "check-minutes"}  # the last is of minutes
