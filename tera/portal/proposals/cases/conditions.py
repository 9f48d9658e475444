"""What is true of a proposal now, in the words of the table in `tera.engine.proposal`."""

from collections.abc import Iterator

from tera.engine.proposal import Condition
from tera.portal.accounts.models import User
from tera.portal.proposals.basis import Basis, survey_verdict
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import (
    is_in_conflict,
    last_opinion,
    letter_to_send,
    scores_of,
    verdict_of,
)
from tera.portal.review.models.checks import Layer


def conditions_of(case: Case, basis: Basis, by: User, note: str = "") -> set[Condition]:
    """Return the conditions that hold if this person acts now and says this."""
    return {*_of_the_case(case, basis), *_of_the_person(case, by), *_said(note)}


def _of_the_case(case: Case, basis: Basis) -> Iterator[Condition]:
    scores, in_conflict = scores_of(case), is_in_conflict(case, basis)
    opinion = last_opinion(case, Layer.INSPECTORATE)
    yield Condition.IN_CONFLICT if in_conflict else Condition.IN_AGREEMENT
    if survey_verdict(basis, case.rulebook, case.target_id).eligible:
        yield Condition.SURVEY_MET
    if basis.is_in_minutes:
        yield Condition.IN_MINUTES
    own = {name: score for (layer, name), score in scores.items() if layer == Layer.UNIT}
    if all(given.id in own and own[given.id].evidence_id for given in case.rulebook.given):
        yield Condition.SCORES_GIVEN
    if opinion is not None and opinion.is_for and opinion.results == list(basis.results):
        yield Condition.INSPECTORATE_FOR
    if verdict_of(case, basis, Layer.INSPECTORATE, scores).eligible:
        yield Condition.INSPECTORATE_MET
    if verdict_of(case, basis, Layer.MINISTRY, scores).eligible:
        yield Condition.MINISTRY_MET
    if letter_to_send(case) is not None:
        yield Condition.LETTER_WRITTEN


def _of_the_person(case: Case, by: User) -> Iterator[Condition]:
    """Yield that nobody who recommended, gave an opinion or acted for the unit decides."""
    before = ("begin", "invite", "submit", "recommend", "begin-again")
    acted = case.steps.filter(deed__in=before, by=by).exists()
    if not acted and not case.opinions.filter(by=by).exists():
        yield Condition.OTHER_PERSON


def _said(note: str) -> Iterator[Condition]:
    if note.strip():
        yield Condition.NOTE_GIVEN
