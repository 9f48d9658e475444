"""What each layer says of a proposal: values with a reason and evidence, and the inspectorate's opinion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tera.engine.catalogue import recorded_beside
from tera.engine.eligibility import require_allowed
from tera.engine.rulebook import Given, Rulebook
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.proposals.cases.open import CannotScore, require_open
from tera.portal.proposals.models import Case, Evidence, Opinion, Score
from tera.portal.proposals.queries import basis_now, last_opinion, last_score
from tera.portal.review.models.checks import Layer

MOST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as somebody types it for a measure, why, and the file that shows it; empty takes it back."""

    measure: str
    value: str
    reason: str = ""
    evidence: Evidence | None = None


class NoReason(CannotScore):
    """An office that judges a unit gives a value with a reason."""


def givens_of(rulebook: Rulebook) -> dict[str, Given]:
    """Return what a layer may give a value for: what the rulebook judges, and what is only recorded."""
    return {given.id: given for given in (*rulebook.given, *recorded_beside(rulebook))}


@transaction.atomic
def give_score(case: Case, layer: Layer, entry: Entry, *, by: User, at: datetime) -> Score | None:
    """Keep what a layer gives for a measure, beside what it gave before; None where that says the same.

    Raises:
        PermissionDenied: this person does not score for this layer.
        CannotScore: not at this stage, there is no such measure, or the evidence is of another layer.
        BadValue: it is no number between the bounds, or none of the statuses; `allowed` says which.
    """
    role = require_open(case, layer, by)
    given = givens_of(case.rulebook).get(entry.measure)
    if given is None:
        raise CannotScore(f"{case.rulebook_id} has no {entry.measure!r}")
    if layer != Layer.UNIT and entry.value.strip() and not entry.reason.strip():
        raise NoReason(f"{layer} says why it gives {entry.measure}")
    file = entry.evidence
    if file is not None and (file.case_id, file.layer) != (case.pk, layer):
        raise CannotScore("evidence of another layer, or another proposal")
    value = str(require_allowed(given, entry.value)) if entry.value.strip() else ""
    said = {"value": value, "reason": entry.reason.strip(), "evidence_id": file.pk if file else None}
    last = last_score(case, layer, entry.measure)
    if _is_same(last, said):
        return None
    kept = Score.objects.create(
        case=case,
        layer=layer,
        measure=entry.measure,
        number=last.number + 1 if last else 1,
        by=by,
        office=role.acts_for,
        at=at,
        **said,
    )
    done(by, role, "proposal-score", f"{case} {layer}: {entry.measure}/{kept.number}", case.unit)
    return kept


def _is_same(last: Score | None, said: Mapping[str, object]) -> bool:
    """Say whether nothing changes; without a value there is nothing that a reason could be about."""
    if last is None or not last.value:
        return not said["value"]
    return {name: getattr(last, name) for name in said} == said


@transaction.atomic
def give_opinion(case: Case, *, is_for: bool, reason: str, by: User, at: datetime) -> Opinion:
    """Keep what the inspectorate says of a proposal, on the results that are certified now.

    Raises:
        PermissionDenied: this person does not score for the inspectorate.
        CannotScore: not at this stage, or no reason is given.
    """
    layer = Layer.INSPECTORATE
    role = require_open(case, layer, by)
    if not reason.strip():
        raise CannotScore("an opinion has a reason")
    last = last_opinion(case, layer)
    kept = Opinion.objects.create(
        case=case,
        layer=layer,
        number=last.number + 1 if last else 1,
        is_for=is_for,
        reason=reason.strip(),
        results=list(basis_now(case).results),
        by=by,
        office=role.acts_for,
        at=at,
    )
    done(by, role, "proposal-opinion", f"{case}/{kept.number}", case.unit)
    return kept
