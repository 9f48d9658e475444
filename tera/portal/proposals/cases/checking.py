"""Looks whether proposals went a way that the table allows, and say what the ledger and their files say."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tera.engine.proposal import CORRECTING, DEEDS, PROPOSING
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import names_of
from tera.portal.proposals.cases import statements
from tera.portal.proposals.cases.freezing import faults_of_frozen
from tera.portal.proposals.models import Case, Evidence, Step
from tera.portal.results.counting import Correction, corrections_said


def faults() -> Iterator[str]:
    """Yield the faults of all proposals and their files, and what only the ledger says was proposed."""
    names, corrections = set[str](), corrections_said()
    for case in Case.objects.select_related("unit").order_by("pk"):
        yield from faults_of(case, corrections)
        names |= set(case.steps.exclude(statement="").values_list("statement", flat=True))
    for name in sorted(names_of("proposed") - names):
        yield f"the ledger says {name}, and the database does not hold it"
    for kept in Evidence.objects.select_related("case__unit").order_by("pk").iterator(chunk_size=20):
        if hashlib.sha256(bytes(kept.content)).hexdigest() != kept.sha256:
            yield f"evidence {kept.pk} of proposal {kept.case} does not have its sha256"


def faults_of(case: Case, corrections: Mapping[Correction, int]) -> Iterator[str]:
    """Yield where a proposal is not what its deeds made of it, in words for whoever runs the installation.

    `corrections` are those that the ledger tells.
    """
    steps = list(case.steps.select_related("office").order_by("number"))
    if not steps or [step.number for step in steps] != list(range(1, len(steps) + 1)):
        yield f"proposal {case} has not all of its steps"
        return
    yield from _way(steps)
    yield from faults_of_frozen(case, steps)
    results: Sequence[str] = []
    proposed = ""
    for step in steps:
        results = step.basis.get("results", results)
        # Whether the ledger tells that the office took back what was proposed, for the reason of the step.
        if step.deed in CORRECTING and not corrections.get((proposed, step.note, step.office.slug)):
            yield f"the ledger does not say that {step.deed} of proposal {case} corrected {proposed}"
        if step.deed in PROPOSING:
            yield from _said(case, step, results)
            proposed = step.statement


def _way(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the steps that no row of the table allows."""
    first = steps[0]
    if first.deed not in DEEDS or DEEDS[first.deed].sources or DEEDS[first.deed].target != first.stage:
        yield f"{first} does not begin a proposal"
    for before, step in pairwise(steps):
        row = DEEDS.get(step.deed)
        if row is None or before.stage not in row.sources or step.stage != row.target:
            yield f"{step} may not follow {before.stage} by {step.deed}"


def _said(case: Case, step: Step, results: Sequence[str]) -> Iterator[str]:
    said = Statement.objects.filter(name=step.statement).first()
    if said is None or said.as_said() != statements.as_proposed(step.statement, case, results, step.office):
        name = step.statement or f"the statement of {step}"
        yield f"the ledger says something else under {name} than the database holds"
