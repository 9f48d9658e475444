"""From the page of a unit to its proposal: where there is one, how far it is; where not, who may begin it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from tera.engine.proposal import UNDONE, Stage
from tera.portal.accounts.models import User
from tera.portal.proposals import gate
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.eligibility.criteria import ShownTitle
from tera.portal.proposals.listing.wording import IN_CONFLICT
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import cases_of, conflicts_among
from tera.portal.surveys import gate as surveys
from tera.portal.surveys.models import Campaign

UNDER_WAY = (
    *(Stage.DRAFT, Stage.INVITED, Stage.SUBMITTED, Stage.RECOMMENDED),
    *(Stage.PROPOSED, Stage.SENT),
)


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A proposal with its stage as a chip, or with the conflict in which it stands."""

    case: Case
    stage: Promise
    chip: str
    is_of_other_period: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A title on the page of a unit, with its proposal, or one that is under way on the same days instead.

    `may_begin` and `may_invite` say whether whoever looks may begin another, for the unit or from above.
    """

    title: ShownTitle
    cases: tuple[ShownCase, ...]
    may_begin: bool
    may_invite: bool


def ways_of(
    user: User, campaigns: Sequence[Campaign], titles: Sequence[ShownTitle], basis: Basis
) -> list[Way]:
    """Return each title with its way; the first survey of the period says who may do what."""
    first, known = campaigns[0], cases_on(user, campaigns)
    begins = surveys.may(user, "begin-proposal", first)
    invites = surveys.may(user, "invite-unit", first)
    return [
        _way(title, known, first.period, begins=begins and _is_open(title, basis), invites=invites)
        for title in titles
    ]


def cases_on(user: User, campaigns: Sequence[Campaign]) -> list[Case]:
    """Return what somebody may see of a unit's proposals upon surveys of these days, the latest first."""
    period, first = campaigns[0].period, min(one.starts_on for one in campaigns)
    last = max(one.ends_on for one in campaigns)
    return [
        case
        for case in cases_of(campaigns[0].unit).select_related("campaign__unit")
        if case.period == period
        or (
            case.campaign.starts_on <= last
            and first <= case.campaign.ends_on
            and gate.may(user, gate.SEE, case)
        )
    ]


def shown(cases: Sequence[Case], period: str) -> tuple[ShownCase, ...]:
    """Return proposals as a page shows them."""
    moved = conflicts_among(cases)
    return tuple(_shown(case, period, is_moved=case.pk in moved) for case in cases)


def _shown(case: Case, period: str, *, is_moved: bool) -> ShownCase:
    stage, chip = (IN_CONFLICT, "no") if is_moved else (STAGES[case.stage], chip_of(case.stage))
    return ShownCase(case, stage, chip, case.period != period)


def _is_open(title: ShownTitle, basis: Basis) -> bool:
    """Say whether a unit may hope for a title: certified results either meet it, or are not there yet."""
    return title.verdict.eligible or not basis.is_certified


def _way(title: ShownTitle, known: Sequence[Case], period: str, *, begins: bool, invites: bool) -> Way:
    mine = [case for case in known if case.target_id == title.target.id]
    others = [case for case in known if case.target_id != title.target.id and case.stage in UNDER_WAY]
    standing = [case for case in mine if case.stage not in UNDONE]
    own = [*standing, *mine][:1]
    return Way(
        title,
        shown(own if standing else [*own, *others], period),
        may_begin=begins and not standing,
        may_invite=invites and title.verdict.eligible and not standing and not others,
    )
