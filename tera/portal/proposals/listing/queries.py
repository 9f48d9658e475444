"""Reads of lists: a handful of questions to the database, however many units there are."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from tera.engine.nearness import Nearness
from tera.engine.number import fraction_of
from tera.engine.workflow import Stage
from tera.portal.proposals.listing.below import Below, below, is_unmoved
from tera.portal.proposals.listing.lines import Line
from tera.portal.proposals.listing.wording import Why
from tera.portal.proposals.models import Standing
from tera.portal.surveys import periods
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import stood_below
from tera.portal.units.models import Unit

BACK = 12
"""How many periods a strip and a trend go back."""
_ABOVE = "unit__versions__parent"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which units a list is about: those below an office in a period, by the tree of its days."""

    office: Unit
    period: str
    last: date
    tree: Below
    offices: frozenset[int]


def scope_of(office: Unit, period: str, today: date, now: Below) -> Scope:
    """Return which units belong to an office in a period: on its last day, and for surveys on its first.

    `now` is what lies below it today.
    """
    known = periods.named(period)
    first, last = (min(known.first, today), min(known.last, today)) if known else (today, today)
    tree = now if last == today else below(office, last)
    begun = tree if is_unmoved(first, last) else below(office, first)
    return Scope(office, period, last, tree, tree.offices | begun.offices)


def periods_of(offices: Collection[int]) -> list[str]:
    """Return the periods in which units below offices were surveyed, the latest first."""
    found = Campaign.objects.filter(stood_below(*offices), source="").values("period")
    latest = dict(found.annotate(latest=Max("starts_on")).values_list("period", "latest"))
    return sorted(latest, key=lambda name: (latest[name], name), reverse=True)


def latest_with_standings(offices: Collection[int]) -> str:
    """Return the latest period of which anything is in the list; empty where nothing is."""
    found = Standing.objects.filter(office__in=offices)
    latest = found.aggregate(latest=Max("first"))["latest"]
    return found.filter(first=latest).values_list("period", flat=True).first() or ""


def lines_of(scope: Scope, title: str) -> list[Line]:
    """Return every unit of a list with how it stands for a title."""
    surveyed = _surveyed(scope)
    found = {line.unit: line for line in _standing(scope, title, surveyed)}
    for unit, survey in surveyed.items():
        if unit not in found:
            found[unit] = Line(unit, survey.slug, survey.name, survey.kind, survey.office, why=survey.why)
    rest = [place for place in scope.tree.serving(scope.last) if place.unit not in found]
    elsewhere: set[int] = set()
    if rest:
        every = Campaign.objects.filter(period=scope.period, source="")
        elsewhere = set(every.values_list("unit", flat=True))
    for place in rest:
        if place.unit not in elsewhere:
            found[place.unit] = Line(
                place.unit, place.slug, place.name, place.kind, place.office, why=Why.NO_SURVEY
            )
    return list(found.values())


@dataclass(slots=True)
class _Survey:
    slug: str
    name: str
    kind: str
    office: int
    is_certified: bool = True
    is_counted: bool = True
    is_rejected: bool = True

    @property
    def why(self) -> Why:
        """Why it has no standing."""
        if self.is_rejected:
            return Why.REJECTED
        return Why.NOT_COUNTED if self.is_certified else Why.NOT_CERTIFIED


def _surveyed(scope: Scope) -> dict[int, _Survey]:
    """Return the surveys of a period by unit: whether all are certified, and all of that is in the list.

    Those that a meeting rejected never get a result, so nothing waits for them.
    """
    campaigns = Campaign.objects.filter(stood_below(*scope.offices), period=scope.period, source="")
    columns = ("unit", "unit__slug", "unit__name", "unit__kind", "above", "certification__number")
    found: dict[int, _Survey] = {}
    rejected = Exists(Campaign.objects.filter(pk=OuterRef("pk"), steps__stage=Stage.REJECTED))
    rows = campaigns.annotate(above=F(_ABOVE), rejected=rejected).order_by("starts_on", "code")
    for *place, certified, counted, is_rejected in rows.values_list(*columns, "judged__number", "rejected"):
        survey = found.setdefault(place[0], _Survey(*place[1:]))
        survey.is_rejected &= is_rejected
        if is_rejected:
            continue
        survey.is_certified &= certified is not None
        survey.is_counted &= certified is not None and certified == counted
    return found


def _standing(scope: Scope, title: str, surveyed: Mapping[int, _Survey]) -> Iterator[Line]:
    columns = ("unit", "unit__slug", "unit__name", "unit__kind", "office", title)
    kept = Standing.objects.filter(period=scope.period, office__in=scope.offices)
    rows = kept.values_list(*columns, "rulebook_id", "n", "measures", "missing")
    for unit, slug, name, kind, office, state, rulebook, n, measures, missing in rows:
        yield Line(
            unit,
            slug,
            name,
            kind,
            office,
            Nearness(state),
            rulebook_id=rulebook,
            n=n,
            points={key: fraction_of(text) for key, text in measures.items()},
            missing=[(key, fraction_of(text) if text else None) for key, text in missing[title]],
            is_behind=unit in surveyed and not surveyed[unit].is_counted,
        )


def names_of(offices: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return slug and short name of offices."""
    found = Unit.objects.filter(pk__in=set(offices)).values_list("pk", "slug", "short_name")
    return {pk: (slug, name) for pk, slug, name in found}


def back_from(period: str) -> list[str]:
    """Return the last periods of the same length, the earliest first, this one at the end."""
    known = periods.named(period)
    if known is None:
        return [period]
    months = (known.last.year - known.first.year) * 12 + known.last.month - known.first.month + 1
    found = [known]
    while len(found) < BACK:
        found.append(periods.of_length(found[-1].first - timedelta(days=1), months))
    return [one.name for one in reversed(found)]


def history_of(units: Collection[int], names: Sequence[str], title: str) -> dict[int, list[str]]:
    """Return how units stood in periods, each a code of `Nearness`, or nothing."""
    place = {name: at for at, name in enumerate(names)}
    found: dict[int, list[str]] = {unit: [""] * len(names) for unit in units}
    kept = Standing.objects.filter(unit__in=list(units), period__in=names)
    for unit, period, state in kept.values_list("unit", "period", title):
        found[unit][place[period]] = state
    return found


def trend_of(scope: Scope, names: Sequence[str], title: str) -> list[tuple[str, int, int]]:
    """Return for each period how many units were eligible, and how many stood in the list at all."""
    kept = Standing.objects.filter(office__in=scope.offices, period__in=names).values("period")
    few = Count("pk", filter=Q(**{title: Nearness.ELIGIBLE}))
    rows = kept.annotate(few=few, every=Count("pk")).values_list("period", "few", "every")
    counted = {period: both for period, *both in rows}
    return [(name, *counted.get(name, (0, 0))) for name in names]
