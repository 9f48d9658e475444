"""The deeds of a proposal: each asks the table, adds a step, and tells the ledger what it must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tera.engine import proposal
from tera.engine.proposal import CORRECTING, DEEDS, FIXING, PROPOSING, Condition, Row
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.ledger.actions import say
from tera.portal.proposals import gate
from tera.portal.proposals.basis import basis_of, survey_verdict, surveys_of
from tera.portal.proposals.cases import statements
from tera.portal.proposals.cases.conditions import conditions_of
from tera.portal.proposals.cases.freezing import FREEZING, frozen
from tera.portal.proposals.cases.why import Why
from tera.portal.proposals.models import Announcement, Case, Step
from tera.portal.proposals.queries import basis_now, number_of_next
from tera.portal.results.correcting.actions import require_reason
from tera.portal.results.statements import corrected
from tera.portal.surveys import gate as surveys
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

MOST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a step, the results on which it rests from then on, and the ledger's id for it."""

    note: str = ""
    basis: Mapping[str, object] = field(default_factory=dict)
    statement: str = ""


NO_WORDS = Words()


class CannotPropose(ValueError):
    """A proposal cannot begin, or a decision cannot be published; the message and `why` say why."""

    def __init__(self, message: str, why: Why) -> None:
        """Say what is in the way."""
        super().__init__(message)
        self.why = why


@transaction.atomic
def begin(unit: Unit, period: str, target: str, *, by: User, at: datetime, is_invited: bool = False) -> Case:
    """Begin a proposal: for the unit itself, or for the office above, which invites it.

    Raises:
        PermissionDenied: this person does not do that for this unit.
        NotAllowed: the office invites a unit that does not meet what a survey answers.
        CannotPropose: there is no survey in the period, no such title, or a proposal for it is under way.
    """
    campaigns = list(surveys_of(unit, period))
    if not campaigns:
        raise CannotPropose(f"{unit.slug} has no survey in {period!r}", Why.NO_SURVEY)
    row = DEEDS["invite" if is_invited else "begin"]
    role = surveys.require(by, row.permission, campaigns[0])
    Unit.objects.select_for_update().get(pk=unit.pk)
    rulebook = campaigns[-1].zone_rulebook
    if target not in {one.id for one in rulebook.targets}:
        known = ", ".join(one.id for one in rulebook.targets)
        raise CannotPropose(f"{rulebook.id} knows no title {target!r}; it knows {known}", Why.NO_TITLE)
    if _overlapping(campaigns, target):
        message = f"{unit.slug} has a proposal for {target} in {period} already"
        raise CannotPropose(message, Why.UNDER_WAY)
    basis = basis_of(unit, period, rulebook)
    is_met = survey_verdict(basis, rulebook, target).eligible
    proposal.decide(row.deed, None, {Condition.SURVEY_MET} if is_met else set())
    case = Case.objects.create(
        unit=unit,
        number=number_of_next(unit),
        period=period,
        campaign=campaigns[0],
        rulebook_id=rulebook.id,
        target_id=target,
        by=by,
        office=role.acts_for,
        at=at,
    )
    _step(case, row, role, at)
    return case


def _overlapping(campaigns: Sequence[Campaign], target: str) -> bool:
    """Say whether a unit is put forward for a title already, or was, upon surveys of some of the same days.

    Under whatever name of a period: nobody runs several surveys at once to propose the best of them.
    """
    first, last = campaigns[0].starts_on, max(one.ends_on for one in campaigns)
    cases = Case.objects.filter(unit=campaigns[0].unit, target_id=target).select_related("campaign")
    others = [case for case in cases if case.stage not in proposal.UNDONE]
    return any(one.campaign.starts_on <= last and first <= one.campaign.ends_on for one in others)


@transaction.atomic
def act(case: Case, deed: str, *, by: User, at: datetime, note: str = "") -> Step:
    """Take a proposal one step further.

    Raises:
        PermissionDenied: this person does not do that for this unit.
        NotAllowed: it may not happen now; `missing` says which conditions do not hold.
        BadReason: the note would stand in the ledger, and cannot.
        KeyError: there is no such deed.
    """
    row = DEEDS[deed]
    role = gate.require(by, row.permission, case)
    note = require_reason(note) if deed in CORRECTING and note.strip() else note.strip()
    case = Case.objects.select_for_update().get(pk=case.pk)
    # Whoever corrects one of the results holds its survey: the ledger then says both in an order that holds.
    list(surveys_of(case.unit, case.period).select_for_update(of=("self",)).order_by("pk"))
    basis = basis_now(case)
    proposal.decide(deed, case.stage, conditions_of(case, deed, basis, by, note))
    if deed in CORRECTING:
        say(corrected(statements.last_proposed(case), note, role.acts_for))
    statement = ""
    if deed in PROPOSING:
        Unit.objects.select_for_update().get(pk=case.unit_id)  # nobody else takes the same number meanwhile
        said = statements.proposed(case, basis, role.acts_for)
        say(said)
        statement = str(said["id"])
    below = basis.as_values() if deed in FIXING and (basis.is_certified or deed == "revoke") else {}
    if deed in FREEZING:
        below |= frozen(case)
    return _step(case, row, role, at, Words(note, below, statement))


@transaction.atomic
def announce(case: Case, *, by: User, at: datetime) -> Announcement:
    """Publish what was decided of a proposal, with the numbers on which it rests.

    Raises:
        PermissionDenied: this person does not decide of this unit.
        CannotPropose: nothing is decided yet, or it is published already.
    """
    role = gate.require(by, "decide-proposal", case)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.stage not in proposal.PUBLIC:
        raise CannotPropose("nothing is decided yet", Why.NOT_DECIDED)
    if Announcement.objects.filter(case=case).exists():
        raise CannotPropose("it is published already", Why.PUBLISHED)
    done(by, role, "proposal-announce", str(case), case.unit)
    return Announcement.objects.create(case=case, by=by, office=role.acts_for, at=at)


def _step(case: Case, row: Row, role: Assignment, at: datetime, words: Words = NO_WORDS) -> Step:
    step = Step.objects.create(
        case=case,
        number=case.steps.count() + 1,
        deed=row.deed,
        stage=row.target,
        by=role.user,
        role=role.role,
        office=role.acts_for,
        at=at,
        note=words.note,
        basis=words.basis,
        statement=words.statement,
    )
    case.__dict__.pop("stage", None)
    done(role.user, role, f"proposal-{row.deed}", str(case), case.unit)
    return step
