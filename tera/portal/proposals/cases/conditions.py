"""What is true of a proposal now, in the words of the table in `tera.engine.proposal`."""

from collections.abc import Collection, Iterator

from tera.engine.proposal import DEEDS, Condition
from tera.portal.accounts.models import User
from tera.portal.proposals.basis import Basis, survey_verdict
from tera.portal.proposals.cases.acting import LAYER_OF, layers_of
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import (
    is_in_conflict,
    last_opinion,
    letter_to_send,
    scores_of,
    verdict_of,
)
from tera.portal.review.models.checks import Layer


def conditions_of(case: Case, deed: str, basis: Basis, by: User, note: str = "") -> set[Condition]:
    """Return the conditions that hold if this person does this now and says this."""
    return conditions_of_case(case, basis) | conditions_of_deed(deed, layers_of(case, by), note)


def conditions_of_case(case: Case, basis: Basis) -> set[Condition]:
    """Return the conditions that hold whoever acts."""
    return set(_of_the_case(case, basis))


def conditions_of_deed(deed: str, acted_for: Collection[Layer], note: str) -> set[Condition]:
    """Return those that depend on what is done, for which layers its doer acted before, and what they say."""
    is_one = {*acted_for} <= {LAYER_OF[DEEDS[deed].permission]}
    return ({Condition.ONE_LAYER} if is_one else set()) | ({Condition.NOTE_GIVEN} if note.strip() else set())


def _of_the_case(case: Case, basis: Basis) -> Iterator[Condition]:
    scores, opinion = scores_of(case), last_opinion(case, Layer.INSPECTORATE)
    yield Condition.IN_CONFLICT if is_in_conflict(case) else Condition.IN_AGREEMENT
    if basis.is_certified:
        yield Condition.ALL_CERTIFIED
    if survey_verdict(basis, case.rulebook, case.target_id).eligible:
        yield Condition.SURVEY_MET
    if basis.is_in_minutes:
        yield Condition.IN_MINUTES
    own = {name: score for (layer, name), score in scores.items() if layer == Layer.UNIT}
    if all(given.id in own and own[given.id].evidence_id for given in case.rulebook.given):
        yield Condition.SCORES_GIVEN
    if all(found.met is not False for found in verdict_of(case, basis, Layer.REGION, scores).findings):
        yield Condition.REGION_CONSENTS
    if opinion is not None and opinion.is_for and opinion.results == list(basis.results):
        yield Condition.INSPECTORATE_FOR
    if verdict_of(case, basis, Layer.INSPECTORATE, scores).eligible:
        yield Condition.INSPECTORATE_MET
    if verdict_of(case, basis, Layer.MINISTRY, scores).eligible:
        yield Condition.MINISTRY_MET
    if letter_to_send(case) is not None:
        yield Condition.LETTER_WRITTEN
