"""Forms and pages that the portal publishes for respondents; publishing the same again changes nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tera.engine.catalogue import get_instrument
from tera.engine.ticket import OPEN_LINK
from tera.intake.cursor import Cursor
from tera.intake.form import CampaignForm
from tera.intake.tables import Database

FORM, REVIEW, THANKS, CLOSED = "form", "review", "thanks", "closed"
EVERY_FORM = "forms"  # the lock under which numbers are given one at a time
Texts = Mapping[tuple[str, str], str]
"""The texts of pages by language and kind; see `tera.intake.slots`."""


@dataclass(frozen=True)
class Published:
    """A form in its languages; `policy` is the Content-Security-Policy of its pages."""

    form: CampaignForm
    languages: Sequence[str]
    policy: str
    number: int


def publish(database: Database, form: CampaignForm, policy: str, texts: Texts) -> bool:
    """Publish a campaign's form and pages, and say whether that changed anything."""
    definition = _definition(form, policy, list(dict.fromkeys(language for language, _ in texts)))
    pages = sorted((form.code, language, kind, text) for (language, kind), text in texts.items())
    with database.transaction() as cursor:
        cursor.lock([EVERY_FORM], is_shared=False)
        known = cursor.rows("SELECT definition FROM forms WHERE campaign = ?", (form.code,))
        shown = cursor.rows(
            "SELECT campaign, language, kind, page FROM pages WHERE campaign = ?", (form.code,)
        )
        if known == [(definition,)] and sorted(shown) == pages:
            return False
        [(last,)] = cursor.rows("SELECT COALESCE(MAX(number), 0) FROM forms")
        cursor.run("DELETE FROM forms WHERE campaign = ?", (form.code,))
        cursor.run("DELETE FROM pages WHERE campaign = ?", (form.code,))
        insert = "INSERT INTO forms (campaign, number, definition) VALUES (?, ?, ?)"
        cursor.run(insert, (form.code, last + 1, definition))
        cursor.run_many("INSERT INTO pages (campaign, language, kind, page) VALUES (?, ?, ?, ?)", pages)
    return True


def list_codes(database: Database) -> set[str]:
    """Return the codes of all campaigns that are published."""
    with database.transaction(writes=False) as cursor:
        return {code for (code,) in cursor.rows("SELECT campaign FROM forms")}


def read_forms(cursor: Cursor, after: int) -> list[Published]:
    """Return the forms that were published after the one with this number."""
    found = cursor.rows(
        "SELECT campaign, number, definition FROM forms WHERE number > ? ORDER BY number", (after,)
    )
    return [_published(code, number, json.loads(definition)) for code, number, definition in found]


def read_pages(cursor: Cursor, campaign: str, language: str) -> dict[str, str]:
    """Return the texts of a campaign's pages in one language, by kind."""
    statement = "SELECT kind, page FROM pages WHERE campaign = ? AND language = ?"
    return dict(cursor.rows(statement, (campaign, language)))


def _definition(form: CampaignForm, policy: str, languages: Sequence[str]) -> str:
    return json.dumps(
        {
            "unit": form.unit,
            "instruments": [entry.id for entry in form.instruments],
            "services": dict(form.services),
            "starts_on": form.starts_on.isoformat(),
            "ends_on": form.ends_on.isoformat(),
            "zone": form.zone,
            "grace_seconds": int(form.grace.total_seconds()),
            "levels": form.levels,
            "languages": languages,
            "policy": policy,
        }
    )


def _published(code: str, number: int, values: Mapping[str, Any]) -> Published:
    form = CampaignForm(
        code=code,
        unit=values.get("unit", ""),  # what an earlier version published is published anew at the start
        instruments=tuple(map(get_instrument, values["instruments"])),
        services=values["services"],
        starts_on=date.fromisoformat(values["starts_on"]),
        ends_on=date.fromisoformat(values["ends_on"]),
        zone=values["zone"],
        grace=timedelta(seconds=values["grace_seconds"]),
        levels=tuple(values.get("levels", (OPEN_LINK,))),
    )
    return Published(form, values["languages"], values["policy"], number)
