"""Print docs/workflow.md, which is made from the table of tera.engine.workflow and from permissions.toml.

    python -m tools.workflow

A deed or a condition that has no words here ends it with a KeyError.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tera.engine.workflow import PROGRAM, TABLE, Condition, Row, Stage, diagram

PERMISSIONS = Path(__file__).parents[1] / "tera" / "portal" / "accounts" / "permissions.toml"
STAGES = {
    Stage.COLLECTED: "Answers come in, or wait for the last block.",
    Stage.CLOSED: "The last block is sealed, and the ledger says so.",
    Stage.SCREENED: "Its answers were screened; the regional office can take it up.",
    Stage.IN_VERIFICATION: "It is, or was, on the agenda of a meeting of the regional office.",
    Stage.RETURNED: "The unit has to mend what a note says, by a day.",
    Stage.RESUBMITTED: "The unit said what it mended, and waits for the next meeting.",
    Stage.VERIFIED: "The office stands by how it was done; its result may be certified.",
    Stage.REJECTED: "Nothing is certified. The answers stay, and the minutes say why.",
    Stage.CERTIFIED: "The result is decided, exclusions took effect, and the statement is written.",
    Stage.PUBLISHED: "The statement has its place in the published ledger.",
}
CONDITIONS = {
    Condition.LAST_BLOCK_SEALED: "the last block is sealed",
    Condition.IMPORTED: "the answers were collected elsewhere",
    Condition.ON_AGENDA: "it is on the agenda of a meeting that has not ended",
    Condition.OVERDUE: "the day by which something had to be mended has passed",
    Condition.CHECKS_ANSWERED: "the office answered every item of its checklist",
    Condition.QUESTIONS_ANSWERED: "the unit answered every question, or the office took it back",
    Condition.NO_EXCLUSION_WAITS: "no proposed exclusion waits for a second office",
    Condition.NOTE_GIVEN: "a note is written",
    Condition.DUE_ON_GIVEN: "a day to come is named, by which to mend",
    Condition.NO_OFFICE_ABOVE: "no office is above the unit",
    Condition.SHEET_COMPLETE: "the methods sheet is complete",
    Condition.IN_LEDGER: "the statement has a place in the published ledger",
    Condition.LATE_EXCLUSION: "two offices excluded responses since it was certified",
}
_DECIDED = "statement `minutes` (the decision, no note); events of the decision and of the end; the minutes"
RECORDS = {
    "close": "statement `closed`",
    "screen": "event `screen`, with the hash of the program and of what it found",
    "take-up": "event `put-on-agenda`",
    "take-up-overdue": "event `put-on-agenda`",
    "verify": _DECIDED,
    "verify-with-notes": _DECIDED,
    "return": _DECIDED,
    "reject": _DECIDED,
    "resubmit": "event `resubmit`; what was mended stands on the step",
    "certify": "statement `certified`; event `certify`",
    "certify-alone": "statement `certified`; event `certify`",
    "certify-imported": "statement `certified`; the event of the import",
    "publish": "nothing more: the log itself shows it",
    "correct": "statements `corrected` (the note, here public) and `certified`, the next; event `correct`",
}
HEAD = """\
# From answers to a published result

Made by `make workflow` from the one table in `tera/engine/workflow.py`; a test compares the two. Why it is
so: [ADR 25](adr/0025-verification-workflow.md).

A survey is at one stage. A deed takes it to another where the table has a row for it, somebody has the row's
permission for this unit, and all conditions of the row hold. Nobody decides of a unit whose surveys they ran.
"""
FOOT = """\
## What stays of it

Every deed adds a *step* to the survey: the deed, the stage, who did it by which role for which office,
the note and the day by which to mend. Steps are added and never changed; the way of a survey on its
pages shows them all, loops too. What is drafted in a meeting is a draft until the meeting ends, and
takes effect with its end.

A *statement* is for everybody: it stands in the public ledger, which nobody can change. It says what was
decided, for which office and when, and never holds a question or the name of a person, and a note only
where a certified result is corrected: there the note is the reason, and the form says that it is public. An
*event* is for the inspectorate and auditors: it stands in the audit trail and says which account did
what, by which role.

Beside the table: exclusions (proposed, then confirmed or declined by another person of another office)
may be decided at any time. Those that are confirmed until a result is certified take effect with it, as one
set; those that are confirmed later with its correction, from ten responses on
([ADR 27](adr/0027-correcting-a-certified-result.md)). Only what is confirmed leaves a statement. Questions to
the unit may be asked until the survey is decided of.
"""


def document() -> Iterator[str]:
    """Yield the lines of the document."""
    law = tomllib.loads(PERMISSIONS.read_text(encoding="utf-8"))
    titles = {role["id"]: role["title"]["en"] for role in law["role"]}
    may = {entry["id"]: entry for entry in law["permission"]}
    yield from HEAD.splitlines()
    yield from (
        "",
        "```mermaid",
        *diagram(),
        "```",
        "",
        "## Stages",
        "",
        "| Stage | What it means |",
        "|---|---|",
    )
    yield from (f"| `{stage}` | {STAGES[stage]} |" for stage in Stage)
    yield from ("", "## Deeds", "", "| Deed | From | To | Who | When | What it leaves |")
    yield "|---|---|---|---|---|---|"
    for row in TABLE:
        sources = ", ".join(f"`{source}`" for source in row.sources)
        needs = "; ".join(CONDITIONS[one] for one in row.conditions) or "always"
        who = "the program" if row.permission == PROGRAM else _who(row, may[row.permission], titles)
        yield f"| `{row.deed}` | {sources} | `{row.target}` | {who} | {needs} | {RECORDS[row.deed]} |"
    yield ""
    yield from FOOT.splitlines()


def _who(row: Row, permission: dict[str, list[str]], titles: dict[str, str]) -> str:
    """Return whose roles have a row's permission; who is alone has it by other roles."""
    roles = permission["alone" if Condition.NO_OFFICE_ABOVE in row.conditions else "roles"]
    return f"{', '.join(titles[role] for role in roles)} (`{row.permission}`)"


def main() -> None:
    """Print it."""
    sys.stdout.write("\n".join([*document(), ""]))


if __name__ == "__main__":
    main()
