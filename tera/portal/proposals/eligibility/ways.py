"""From the page of a unit to its proposal: where there is one, how far it is; where not, who may begin it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from tera.engine.proposal import ENDED
from tera.portal.accounts.models import User
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.eligibility.criteria import ShownTitle
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import cases_of
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Way:
    """A title on the page of a unit; `case` is its latest proposal in this period, if there is one.

    `may_begin` and `may_invite` say whether whoever looks may begin another, for the unit or from above.
    """

    title: ShownTitle
    case: Case | None
    stage: Promise | str
    chip: str
    may_begin: bool
    may_invite: bool


def ways_of(user: User, first: Campaign, titles: Sequence[ShownTitle], basis: Basis) -> list[Way]:
    """Return each title with its way; the first survey of the period says who may do what."""
    known = cases_of(first.unit).filter(period=first.period).select_related("unit")
    latest = {case.target_id: case for case in reversed(known)}
    begins, invites = gate.may(user, "begin-proposal", first), gate.may(user, "invite-unit", first)
    return [
        _way(title, latest.get(title.target.id), begins=begins and _is_open(title, basis), invites=invites)
        for title in titles
    ]


def _is_open(title: ShownTitle, basis: Basis) -> bool:
    """Say whether a unit may hope for a title: certified results either meet it, or are not there yet."""
    return title.verdict.eligible or not basis.is_certified


def _way(title: ShownTitle, case: Case | None, *, begins: bool, invites: bool) -> Way:
    is_free = case is None or case.stage in ENDED
    stage, chip = (STAGES[case.stage], chip_of(case.stage)) if case else ("", "")
    may_invite = is_free and invites and title.verdict.eligible
    return Way(title, case, stage, chip, is_free and begins, may_invite)
