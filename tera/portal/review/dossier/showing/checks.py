"""What was looked at outside the program: checklists, visits, call-backs."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.catalogue import get_checklist
from tera.engine.checklist import score
from tera.portal.review.calls.bound import Bound
from tera.portal.review.calls.queries import finished_rounds
from tera.portal.review.checks.naming import LAYERS
from tera.portal.review.checks.queries import Assessed
from tera.portal.review.dossier.case import Case
from tera.portal.review.models import Assessment, CallRound, Visit
from tera.portal.review.models.checks import Layer


@dataclass(frozen=True, slots=True)
class Checked:
    """What a layer answered to its checklist; `percent` is None where nothing has points, or is answered."""

    layer: str
    percent: Fraction | None
    unanswered: int | None
    note: str
    office: str


@dataclass(frozen=True, slots=True)
class Round:
    """Call-backs to a random sample; `outcomes` and what follows from them once all calls are made."""

    number: int
    sample: int
    population: int
    outcomes: tuple[tuple[str, int], ...]
    bound: Bound | None
    not_called: int = 0
    most: int | None = None  # forms that those on the list can have sent


def checks(case: Case) -> dict[str, object]:
    """Return what the fifth part of a dossier shows."""
    return {
        "layers": list(_layers(case)),
        "visits": list(_visits(case)),
        "rounds": list(_rounds(case)),
        "responses": case.result.count.total,
        "may_visit": case.may("visit-unit"),
        "may_call": case.may("call-back"),
    }


def _layers(case: Case) -> Iterator[Checked]:
    rows = Assessment.objects.filter(campaign=case.campaign).select_related("office").order_by("number")
    latest = {row.layer: row for row in rows}
    for layer, name in LAYERS.items():
        row = latest.get(layer)
        if row is None:
            yield Checked(str(name), None, None, "", "")
            continue
        found = Assessed(row, get_checklist(row.checklist))
        percent = None if found.score is None else 100 * found.score
        yield Checked(str(name), percent, len(found.missing), row.note, row.office.short_name)


def _visits(case: Case) -> Iterator[tuple[Visit, str, Fraction | None, int]]:
    """Yield each visit with its layer, its score, and how many photos it has."""
    rows = Visit.objects.filter(campaign=case.campaign).select_related("office").order_by("visited_on", "pk")
    for visit in rows:
        asked = get_checklist(visit.checklist)
        is_same = asked.sha256 == visit.sha256  # else nobody knows what was asked
        found = score(asked, visit.layer, visit.answers) if is_same else None
        percent = None if found is None else 100 * found
        yield visit, str(LAYERS[Layer(visit.layer)]), percent, visit.photos.count()


def _rounds(case: Case) -> Iterator[Round]:
    """Yield the rounds, the latest first; of one that is under way only how many are called."""
    for entry in CallRound.objects.filter(campaign=case.campaign, finished_at=None).order_by("-number"):
        yield Round(entry.number, entry.sample, entry.population, (), None)
    for found in finished_rounds(case.campaign):
        kept = found.round
        outcomes = tuple((name, count) for name, count in found.outcomes if count)
        yield Round(
            kept.number, kept.sample, kept.population, outcomes, found.bound, found.not_called, found.most
        )
