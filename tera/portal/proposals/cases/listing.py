"""The proposals that somebody may see, by whom they wait for, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case as Choose
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.proposal import Stage
from tera.portal.accounts.models import User
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.gate import SEE
from tera.portal.proposals.models import Case, Step
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import stood_below

ON_A_PAGE = 50
GROUPS: tuple[tuple[Promise, tuple[Stage, ...]], ...] = (
    (_("Menunggu unit"), (Stage.DRAFT, Stage.INVITED)),
    (_("Menunggu kantor wilayah"), (Stage.SUBMITTED,)),
    (_("Menunggu inspektorat dan kementerian"), (Stage.RECOMMENDED,)),
    (_("Menunggu surat kementerian"), (Stage.PROPOSED,)),
    (_("Menunggu tim nasional"), (Stage.SENT,)),
    (_("Sudah diputuskan"), (Stage.GRANTED, Stage.NOT_RECOMMENDED, Stage.NOT_PROPOSED, Stage.NOT_GRANTED)),
    (_("Ditarik atau dicabut"), (Stage.WITHDRAWN, Stage.REVOKED)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal of the list with its stage as a chip."""

    case: Case
    stage: Promise
    chip: str


@dataclass(frozen=True, slots=True)
class Group:
    """Those on this page that wait for the same."""

    name: Promise
    lines: Sequence[Line]


def page_of(user: User, asked: str | None) -> "Page[Case]":
    """Return a page of the proposals that somebody may see."""
    whens = [When(now__in=stages, then=Value(place)) for place, (_name, stages) in enumerate(GROUPS)]
    placed = _visible_to(user).annotate(place=Choose(*whens, output_field=IntegerField()))
    ordered = placed.select_related("unit", "office").order_by("place", "-at", "-pk")
    pages: Paginator[Case] = Paginator(ordered, ON_A_PAGE)
    return pages.get_page(asked)


def groups_of(page: "Page[Case]") -> list[Group]:
    """Return what is on a page by whom it waits for."""
    lines = [(Stage(vars(case)["now"]), case) for case in page]
    groups = []
    for name, own in GROUPS:
        if found := [Line(case, STAGES[stage], chip_of(stage)) for stage, case in lines if stage in own]:
            groups.append(Group(name, found))
    return groups


def _visible_to(user: User) -> QuerySet[Case]:
    """Return the proposals of units that somebody oversees now, or oversaw when the first survey began."""
    units = user.units_with(SEE).values_list("pk", flat=True)
    of_below = Campaign.objects.filter(stood_below(*units)).values("pk")
    own = Campaign.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"), source="")
    last = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    found = Case.objects.annotate(
        first=Subquery(own.order_by("starts_on", "code").values("pk")[:1]),
        now=Subquery(last.values("stage")[:1]),
    )
    return found.filter(Q(unit__in=units) | Q(first__in=of_below))
