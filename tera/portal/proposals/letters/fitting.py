"""Which proposals fit a letter of an office: what it decided, and whether a letter went out before."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tera.engine.proposal import CORRECTING, PROPOSING, UNDONE, Stage
from tera.portal.proposals.models import TO_NATIONAL, Case, Letter, LetterKind, Listed, Step
from tera.portal.units.models import Unit

_DECIDED = (*PROPOSING, "revoke")
DEEDS_OF = {  # what an office decides before such a letter; the last one holds
    LetterKind.RECOMMENDATION: ("recommend", "not-recommend", "return", "begin-again"),
    LetterKind.PROPOSAL: _DECIDED,
    LetterKind.CORRECTION: _DECIDED,
}
_FORWARD = (Stage.PROPOSED, Stage.SENT, Stage.GRANTED)


def alike(kind: LetterKind) -> tuple[LetterKind, ...]:
    """Return the kinds of letters of which one is enough for a decision."""
    return TO_NATIONAL if kind in TO_NATIONAL else (kind,)


def decided(case: Case, kind: LetterKind) -> Step:
    """Return the step of a proposal of which such a letter tells."""
    return case.steps.select_related("office").filter(deed__in=DEEDS_OF[kind]).latest("number")


def cases_for(office: Unit, kind: LetterKind) -> QuerySet[Case]:
    """Return the proposals that fit a kind of letter of an office, by unit; `at_step` is its decision.

    Those that went further since are there as long as no letter tells of that decision.
    """
    steps = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    told = steps.filter(deed__in=DEEDS_OF[kind])
    named = Listed.objects.filter(case=OuterRef("pk"), letter__voided_at=None, letter__kind__in=alike(kind))
    found = Case.objects.annotate(
        at_step=Subquery(told.values("number")[:1]),
        by_deed=Subquery(told.values("deed")[:1]),
        by_office=Subquery(told.values("office")[:1]),
        last_step=Subquery(steps.values("number")[:1]),
        at_stage=Subquery(steps.values("stage")[:1]),
    ).filter(by_office=office.pk)
    sent_before = Exists(steps.filter(stage=Stage.SENT, number__lt=OuterRef("at_step")))
    went_out = sent_before | Exists(named.filter(step__lt=OuterRef("at_step")))
    fitting = {
        LetterKind.RECOMMENDATION: Q(by_deed="recommend") & ~Q(at_stage__in=UNDONE),
        LetterKind.PROPOSAL: Q(by_deed__in=PROPOSING, at_stage__in=_FORWARD) & ~Q(went_out),
        LetterKind.CORRECTION: Q(by_deed__in=CORRECTING, at_stage__in=(*_FORWARD, Stage.REVOKED))
        & Q(went_out),
    }
    is_open = Q(at_step=F("last_step")) | ~Q(Exists(named.filter(step=OuterRef("at_step"))))
    return found.filter(fitting[kind], is_open).select_related("unit").order_by("unit__name", "number")


def resting_upon(letter: Letter) -> list[Case]:
    """Return the proposals of a letter that went further upon it: sent, upheld or corrected since."""
    if letter.kind not in TO_NATIONAL:
        return []
    return [one.case for one in letter.listed.select_related("case__unit") if _rests(one)]


def _rests(one: Listed) -> bool:
    later = Step.objects.filter(case=one.case, number__gt=one.step)
    correcting = Listed.objects.filter(
        case=one.case, step__gt=one.step, letter__voided_at=None, letter__kind=LetterKind.CORRECTION
    )
    return later.filter(Q(stage=Stage.SENT) | Q(deed="uphold")).exists() or correcting.exists()
