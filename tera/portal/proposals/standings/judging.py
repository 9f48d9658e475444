"""From certified results to a standing: exact points, and what the criteria of each title say of them."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from tera import law
from tera.engine.catalogue import get_rulebook
from tera.engine.eligibility import Judge
from tera.engine.nearness import nearness_of
from tera.engine.number import fraction_of
from tera.portal.proposals.basis import basis_of
from tera.portal.results.queries import TARGETS
from tera.portal.surveys.models import Campaign

JUDGED = ("rules", *TARGETS, "missing")
"""The fields of a standing that follow from its measures, its respondents and the rulebook."""
Missing = dict[str, list[list[str]]]


@cache
def rules_of(rulebook_id: str) -> str:
    """Return the sha256 of a rulebook as the program holds it now."""
    return hashlib.sha256(law.read(rulebook_id).encode()).hexdigest()


@cache
def _judges(rulebook_id: str) -> tuple[tuple[str, Judge], ...]:
    rulebook = get_rulebook(rulebook_id)
    return tuple((title, Judge(rulebook, title, survey_only=True)) for title in TARGETS)


def judged(rulebook_id: str, measures: Mapping[str, str], n: int) -> dict[str, Any]:
    """Return the fields in `JUDGED` for exact points by measure; without any, `n` says nothing."""
    points = {name: fraction_of(text) for name, text in measures.items()}
    found: dict[str, Any] = {"rules": rules_of(rulebook_id)}
    missing: Missing = {}
    for title, judge in _judges(rulebook_id):
        verdict = judge.judge(points, n if points else None)
        found[title] = nearness_of(verdict).value
        missing[title] = [
            [entry.criterion.id, "" if (short_by := entry.short_by) is None else str(short_by)]
            for entry in verdict.findings
            if not entry.met
        ]
    return {**found, "missing": missing}


def standing_now(campaigns: Sequence[Campaign]) -> dict[str, Any] | None:
    """Return the fields of the standing of a unit and period; None where not all of it is certified.

    `campaigns` are its surveys, the first one first; the rulebook is that of the one that began last.
    """
    if not campaigns:
        return None
    first, rulebook = campaigns[0], campaigns[-1].zone_rulebook
    basis = basis_of(first.unit, first.period, rulebook)
    if not basis.is_certified:
        return None
    measures = {name: str(value) for name, value in sorted(basis.values.items())}
    return {
        "office": first.office_above,
        "first": first.starts_on,
        "rulebook_id": rulebook.id,
        "n": basis.n or 0,
        "measures": measures,
        "results": list(basis.results),
        **judged(rulebook.id, measures, basis.n or 0),
    }
