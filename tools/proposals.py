"""Print docs/proposals.md, which is made from the table of tera.engine.proposal and from permissions.toml.

    python -m tools.proposals

A deed or a condition that has no words here ends it with a KeyError.
"""

import sys
import tomllib
from collections.abc import Iterator

from tera.engine.proposal import TABLE, Condition, Row, Stage, diagram
from tools.workflow import PERMISSIONS

STAGES = {
    Stage.DRAFT: "The unit fills in what no survey measures, with evidence.",
    Stage.INVITED: "The office above asked the unit to do so.",
    Stage.SUBMITTED: "The unit stands by it; the regional office reads it.",
    Stage.RECOMMENDED: "The regional office is for it; inspectorate and ministry score it.",
    Stage.NOT_RECOMMENDED: "The regional office is not for it, and says why.",
    Stage.PROPOSED: "The ministry puts the unit forward, and the ledger says so.",
    Stage.NOT_PROPOSED: "The ministry does not, and says why.",
    Stage.SENT: "A letter with the unit in it went to the national team.",
    Stage.GRANTED: "The unit was given the title.",
    Stage.NOT_GRANTED: "It was not.",
    Stage.WITHDRAWN: "The unit took it back before the decision.",
    Stage.REVOKED: "A result on which it rested was corrected, and it does not hold any more.",
}
CONDITIONS = {
    Condition.SURVEY_MET: "certified results meet every criterion that a survey answers",
    Condition.SCORES_GIVEN: "the unit gave a value with evidence for every other criterion",
    Condition.IN_MINUTES: "the minutes of a meeting verified the results",
    Condition.REGION_CONSENTS: "no criterion fails by the regional office's own scores",
    Condition.INSPECTORATE_FOR: "the inspectorate is for it, having seen these results",
    Condition.INSPECTORATE_MET: "every criterion is met by the inspectorate's own scores",
    Condition.MINISTRY_MET: "every criterion is met by the ministry's own scores",
    Condition.ONE_LAYER: "the person acted for no other layer of the proposal",
    Condition.ALL_CERTIFIED: "every survey of the period is certified, but those that a meeting rejected",
    Condition.LETTER_WRITTEN: "a letter to the national team names the unit as it was decided last",
    Condition.NOTE_GIVEN: "a note is written",
    Condition.IN_AGREEMENT: "the results are those on which it rests",
    Condition.IN_CONFLICT: "they are not: one was corrected, or a further one certified",
}
EVENT, CORRECTED = "step; event", "statement `corrected`; step; event"
RECORDS = {
    "propose": "statement `proposed`; step; event",
    "uphold": "statements `corrected` and `proposed`; step; event",
    "uphold-title": "statements `corrected` and `proposed`; step; event",
    "revoke": CORRECTED,
}
HEAD = """\
# From a unit's results to a title

Made by `make workflow` from the one table in `tera/engine/proposal.py`; a test compares the two. Why it is
so: [ADR 26](adr/0026-proposals.md).

A proposal is for one unit, one title and one period. It is at one stage. A deed takes it to another where the
table has a row for it, somebody has the row's permission for this unit, and all conditions of the row hold.
"""
FOOT = """\
## Each layer by itself

The unit, the region, the inspectorate and the ministry each give their own scores for what no survey
measures, and none writes over another's. What a survey measures comes from certified results only, and is the
same for all. A title needs every criterion: a total of 98 with one part that falls short is a no.

Nobody acts for two layers of the same proposal: whoever took a step, gave a score, a file or an opinion for
one does nothing for another. A role that was lent makes nobody somebody of the inspectorate or the ministry.

## When a result changes

A proposal rests upon the certified results that it had when it was submitted; their ids stand in the step and
in the statement `proposed`. When two offices exclude responses later, the result is corrected
([ADR 27](adr/0027-correcting-a-certified-result.md)): a further statement, never another one in its
place. From then on the pages of the proposal show both, and nothing but a deed that says why takes it
further. The statement that does not hold any more is named by one of the kind `corrected`. A further survey
of the period changes nothing until it is certified; while it is not, nobody recommends or decides.
"""


def document() -> Iterator[str]:
    """Yield the lines of the document."""
    law = tomllib.loads(PERMISSIONS.read_text(encoding="utf-8"))
    titles = {role["id"]: role["title"]["en"] for role in law["role"]}
    roles = {entry["id"]: [titles[role] for role in entry["roles"]] for entry in law["permission"]}
    yield from HEAD.splitlines()
    yield from ("", "```mermaid", *diagram(), "```", "")
    yield from ("## Stages", "", "| Stage | What it means |", "|---|---|")
    yield from (f"| `{stage}` | {STAGES[stage]} |" for stage in Stage)
    yield from ("", "## Deeds", "", "| Deed | From | To | Who | When | What it leaves |")
    yield "|---|---|---|---|---|---|"
    yield from (_line(row, roles[row.permission]) for row in TABLE)
    yield ""
    yield from FOOT.splitlines()


def _line(row: Row, roles: list[str]) -> str:
    sources = ", ".join(f"`{source}`" for source in row.sources) or "nothing"
    needs = "; ".join(CONDITIONS[one] for one in row.conditions) or "always"
    who = f"{', '.join(roles)} (`{row.permission}`)"
    return f"| `{row.deed}` | {sources} | `{row.target}` | {who} | {needs} | {RECORDS.get(row.deed, EVENT)} |"


def main() -> None:
    """Print it."""
    sys.stdout.write("\n".join([*document(), ""]))


if __name__ == "__main__":
    main()
