"""Who is there, and what the audit trail says of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import Permission, Role, rules
from tera.portal.ledger.models import Event

ON_A_PAGE = 50
DEEDS = {"LOOK": "melihat", "DEED": "melakukan", "REFUSED": "ditolak"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the trail are asked for; whatever is empty is not asked."""

    words: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


def people_seen_by(user: User) -> QuerySet[User]:
    """Return the accounts with a role for a unit that somebody oversees, and those without any."""
    seen = Q(assignments__unit__in=user.units_with("see-accounts"))
    if user.units_held("give-roles").exists():
        seen |= Q(assignments=None)
    return User.objects.filter(seen).distinct()


def list_people(user: User, words: str, role: str, page: int) -> "Page[User]":
    """Return a page of the accounts that somebody may see, by name."""
    found = people_seen_by(user)
    for word in words.split():
        named = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(email__icontains=word)
        found = found.filter(named | Q(assignments__unit__name__icontains=word))
    if role in rules().roles:
        found = found.filter(assignments__role=role)
    ordered = found.distinct().order_by("username").prefetch_related("assignments__unit")
    return Paginator(ordered, ON_A_PAGE).get_page(page)


def roles_of(user: User) -> list[Assignment]:
    """Return every role that somebody holds, held or will hold, the latest first."""
    held = user.assignments.select_related("unit", "office", "delegated_from__user")
    return list(held.order_by("-valid_until", "-valid_from"))


def table_of_permissions() -> tuple[Sequence[Role], Sequence[tuple[Permission, Sequence[str]]]]:
    """Return the roles, and each permission with the mark of every role: "yes", "alone" or nothing."""
    roles = tuple(rules().roles.values())
    rows = [(entry, [_mark(entry, role) for role in roles]) for entry in rules().permissions.values()]
    return roles, rows


def _mark(permission: Permission, role: Role) -> str:
    if role.id in permission.roles:
        return "yes"
    return "alone" if role.id in permission.alone else ""


def trail_for(user: User, wanted: Wanted) -> QuerySet[Event]:
    """Return the lines of the trail about units that somebody looks after, the latest first.

    What is about no unit is for those who look after one that has none above it.
    """
    units = user.units_with("see-trail")
    seen = Q(unit__in=units.values("slug"))
    if user.units_held("see-trail").filter(parent=None).exists():
        seen |= Q(unit="")
    found = Event.objects.filter(seen)
    for word in wanted.words.split():
        named = Q(who__icontains=word) | Q(about__icontains=word) | Q(unit__icontains=word)
        found = found.filter(named | Q(deed__icontains=word) | Q(role__icontains=word))
    if wanted.kind in DEEDS:
        found = found.filter(kind=wanted.kind)
    if wanted.first:
        found = found.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        found = found.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return found.order_by("-at", "-pk")


def page_of(events: QuerySet[Event], number: int) -> "Page[Event]":
    """Return one page of the trail."""
    return Paginator(events, ON_A_PAGE).get_page(number)


def lines_of(events: QuerySet[Event]) -> Iterator[Sequence[str]]:
    """Yield the lines of an exported trail, its header first."""
    yield ("waktu", "jenis", "akun", "peran", "kantor", "perbuatan", "unit", "tentang")
    for event in events.iterator(chunk_size=2000):
        moment = event.at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")
        said = (event.who, event.role, event.office, event.deed, event.unit, event.about)
        yield (moment, DEEDS.get(event.kind, event.kind), *said)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
