"""The notice before the first question: who collects the answers, why, and for how long."""

import hashlib
import json
from dataclasses import dataclass

from tera.engine.schema import Table, load, require_unique


@dataclass(frozen=True, slots=True)
class Notice:
    """One wording, in Indonesian; `{unit}` in `lead` is where the name of the office goes."""

    id: str
    lead: str
    more: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of its texts as JSON, by which the ledger fixes it."""
        return hashlib.sha256(json.dumps([self.lead, *self.more]).encode("ascii")).hexdigest()


def parse(text: str) -> tuple[Notice, ...]:
    """Return the notices in this TOML text, the newest first; SchemaError says what is wrong in it."""
    notices = load(text, "notices").closed(lambda table: table.each("notice", _notice))
    require_unique([entry.id for entry in notices], "notices")
    return notices


def _notice(table: Table) -> Notice:
    return Notice(table.text("id"), table.text("lead"), table.texts("more"))
