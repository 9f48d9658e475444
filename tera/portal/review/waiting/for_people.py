"""What waits for one person: exclusions of which their office is the second, and minutes to sign."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tera.portal.accounts.models import User
from tera.portal.results.models import Exclusion
from tera.portal.review.exclusions.queries import PERMISSION, offices_of
from tera.portal.review.minutes.queries import run_by
from tera.portal.review.models import Item, Minutes
from tera.portal.review.waiting.line import Line, naming
from tera.portal.units.models import Unit

MOST = 10  # of each kind; the oldest


def proposals_for(user: User) -> Iterator[Line]:
    """Yield the proposed exclusions that wait for an office of theirs."""
    if not user.units_held(PERMISSION).exists():
        return
    open_ones = Exclusion.objects.filter(
        confirmed_by=None,
        declined_by=None,
        campaign__source="",
        campaign__unit__in=user.units_with(PERMISSION),
    ).exclude(proposed_by=user)
    others = open_ones.exclude(proposed_for__in=user.own_offices())
    rows = others.select_related("campaign__unit", "proposed_for", "proposed_by").order_by("pk")
    for entry in rows[:MOST]:
        if not any(entry.is_answered_by_others(user, office) for office in offices_of(user, entry.campaign)):
            continue
        words = {**naming(entry.campaign), "office": entry.proposed_for.short_name}
        said = _("Usul %(office)s untuk tidak menghitung jawaban survei %(unit)s, %(period)s menunggu Anda.")
        yield Line(said % words, reverse("exclusions", args=[entry.campaign.code]), _("Periksa usul"))


def minutes_for(user: User, units: QuerySet[Unit]) -> Iterator[Line]:
    """Yield the minutes of meetings that somebody attended, and has not signed: for an office, or a unit."""
    attended = Minutes.objects.filter(meeting__attendances__user=user).exclude(signatures__user=user)
    found = list(attended.select_related("meeting__office").order_by("pk")[:MOST])
    if not found:
        return
    items = Item.objects.filter(meeting__in=[entry.meeting_id for entry in found], campaign__unit__in=units)
    codes = {item.meeting_id: item.campaign.code for item in items.select_related("campaign")}
    for entry in found:
        words = {
            "office": entry.meeting.office.short_name,
            "day": date_format(entry.meeting.held_on, "j F Y"),
        }
        said = _("Berita acara rapat %(office)s, %(day)s menunggu tanda tangan Anda.") % words
        if user.may("sign-minutes", entry.meeting.office) and not run_by(entry, user):
            yield Line(said, reverse("minutes", args=[entry.meeting_id]), _("Tanda tangani"))
        elif code := codes.get(entry.meeting_id):
            yield Line(said, reverse("unit-minutes", args=[code]), _("Tanda tangani"))
