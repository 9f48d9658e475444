"""The proposals that somebody may see, by whom they wait for, those in conflict first, then the newest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case as Choose
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.proposal import Stage
from tera.portal.accounts.models import User
from tera.portal.proposals.cases.wording import STAGES, chip_of
from tera.portal.proposals.gate import SEE
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import FIXES, conflicts_among
from tera.portal.results.models import Certification
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import stood_below

ON_A_PAGE, FIRST = 50, -1
CONFLICT = "bertentangan"
GROUPS: Mapping[str, tuple[Promise, tuple[Stage, ...]]] = {  # by the word for it in an address
    "unit": (_("Menunggu unit"), (Stage.DRAFT, Stage.INVITED)),
    "wilayah": (_("Menunggu kantor wilayah"), (Stage.SUBMITTED,)),
    "kementerian": (_("Menunggu inspektorat dan kementerian"), (Stage.RECOMMENDED,)),
    "surat": (_("Menunggu surat kementerian"), (Stage.PROPOSED,)),
    "tim-nasional": (_("Menunggu tim nasional"), (Stage.SENT,)),
    "diputuskan": (
        _("Sudah diputuskan"),
        (Stage.GRANTED, Stage.NOT_RECOMMENDED, Stage.NOT_PROPOSED, Stage.NOT_GRANTED),
    ),
    "berakhir": (_("Ditarik atau dicabut"), (Stage.WITHDRAWN, Stage.REVOKED)),
}
IN_CONFLICT = _("Bertentangan dengan hasil sekarang")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the list, each empty for everything; what does not exist asks for nothing."""

    words: str = ""
    target: str = ""
    period: str = ""
    group: str = ""

    @property
    def is_narrow(self) -> bool:
        """Say whether something is left out."""
        return any((self.words, self.target, self.period, self.group))

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Return what stands in an address."""
        names = ("cari", "predikat", "periode", "tahap")
        return cls(*(query.get(name, "").replace("\0", "").strip()[:100] for name in names))


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal of the list with its stage as a chip."""

    case: Case
    stage: Promise
    chip: str
    in_conflict: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Those on this page that wait for the same."""

    name: Promise
    lines: Sequence[Line]


def page_of(user: User, asked: Asked, number: str | None) -> "Page[Case]":
    """Return a page of the proposals that somebody may see and asks for; those in conflict come first."""
    found = _narrowed(_visible_to(user), asked)
    moved = conflicts_among(list(_maybe_moved(found)))
    if asked.group == CONFLICT:
        found = found.filter(pk__in=moved)
    whens = [When(now__in=stages, then=Value(place)) for place, (_name, stages) in enumerate(GROUPS.values())]
    place = Choose(When(pk__in=moved, then=Value(FIRST)), *whens, output_field=IntegerField())
    ordered = found.annotate(place=place).select_related("unit", "office").order_by("place", "-at", "-pk")
    pages: Paginator[Case] = Paginator(ordered, ON_A_PAGE)
    return pages.get_page(number)


def groups_of(page: "Page[Case]") -> list[Group]:
    """Return what is on a page: what is in conflict, and the others by whom they wait for."""
    lines = [_line(case) for case in page]
    groups = [Group(IN_CONFLICT, [one for one in lines if one.in_conflict])]
    for name, stages in GROUPS.values():
        own = [one for one in lines if not one.in_conflict and vars(one.case)["now"] in stages]
        groups.append(Group(name, own))
    return [group for group in groups if group.lines]


def choices_of(user: User) -> dict[str, list[str]]:
    """Return the periods and titles of the proposals that somebody may see."""
    seen = _visible_to(user).order_by()
    return {
        "periods": sorted(set(seen.values_list("period", flat=True))),
        "targets": sorted(set(seen.values_list("target_id", flat=True))),
    }


def _line(case: Case) -> Line:
    row = vars(case)
    stage, in_conflict = Stage(row["now"]), row["place"] == FIRST
    return Line(case, STAGES[stage], "quiet" if in_conflict else chip_of(stage), in_conflict)


def _narrowed(found: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    if asked.words:
        found = found.filter(
            Q(unit__name__icontains=asked.words) | Q(unit__short_name__icontains=asked.words)
        )
    if asked.target:
        found = found.filter(target_id=asked.target)
    if asked.period:
        found = found.filter(period=asked.period)
    if asked.group in GROUPS:
        found = found.filter(Q(now__in=GROUPS[asked.group][1]))
    return found


def _maybe_moved(found: QuerySet[Case]) -> QuerySet[Case]:
    """Return those of which a survey was certified after the step that fixed on what they rest."""
    steps = Step.objects.filter(FIXES, case=OuterRef("pk")).order_by("-number")
    since = Certification.objects.filter(
        campaign__unit=OuterRef("unit"),
        campaign__period=OuterRef("period"),
        certified_at__gte=OuterRef("fixed_at"),
    )
    return found.annotate(fixed_at=Subquery(steps.values("at")[:1])).filter(Exists(since))


def _visible_to(user: User) -> QuerySet[Case]:
    """Return the proposals of units that somebody oversees now, or oversaw when the first survey began."""
    units = user.units_with(SEE).values_list("pk", flat=True)
    of_below = Campaign.objects.filter(stood_below(*units)).values("pk")
    last = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    found = Case.objects.annotate(
        now=Subquery(last.values("stage")[:1]),
    )
    return found.filter(Q(unit__in=units) | Q(campaign__in=of_below))
