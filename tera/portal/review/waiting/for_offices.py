"""What waits for those who verify and certify for an office."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.workflow import Stage
from tera.portal.accounts.models import User
from tera.portal.results.queries import correctable
from tera.portal.review.checks.queries import answered_by_region
from tera.portal.review.meetings.queries import barred, takeable, today_at
from tera.portal.review.models import Item, Meeting
from tera.portal.review.waiting.line import Line, naming, when_and_where
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import decided_by
from tera.portal.surveys.stages import stages_of
from tera.portal.units.models import Unit

FEW = 3  # so many are named one by one


def lines_of_offices(user: User, offices: Sequence[Unit], at: datetime) -> Iterator[Line]:
    """Yield what an office has to do about the surveys of which it decides, urgent first."""
    if not offices:
        return
    open_ones = Meeting.objects.filter(office__in=offices, ended_at=None).select_related("office")
    meetings = list(open_ones.order_by("held_on", "begins_at", "pk"))
    yield from map(_planned, meetings)
    yield from _unchecked(meetings)
    for office in offices:
        today = today_at(office, at)
        yield from _ready(user, office, today)
        yield from _verified(user, office, today)
        yield from _late(user, office, today)


def _planned(meeting: Meeting) -> Line:
    words = {"office": meeting.office.short_name, "when": when_and_where(meeting)}
    if meeting.opened_at:
        said = _("Rapat %(office)s sedang berlangsung: %(when)s.")
    else:
        said = _("Rapat %(office)s direncanakan: %(when)s.")
    return Line(said % words, reverse("meeting", args=[meeting.pk]), _("Buka rapat"))


def _unchecked(meetings: list[Meeting]) -> Iterator[Line]:
    """Yield for each meeting how many surveys of its agenda lack answers of the office's checklist."""
    listed: defaultdict[int, list[Campaign]] = defaultdict(list)
    items = Item.objects.filter(meeting__in=meetings, decision="").select_related("campaign__unit")
    for item in items:
        listed[item.meeting_id].append(item.campaign)
    named = [campaign for campaigns in listed.values() for campaign in campaigns]
    complete = answered_by_region(named)
    for meeting in meetings:
        lacking = [campaign for campaign in listed[meeting.pk] if campaign.pk not in complete]
        if len(lacking) == 1:
            said = _("Daftar periksa kantor untuk survei %(unit)s, %(period)s belum lengkap.")
            address = reverse("checks", args=[lacking[0].code])
            yield Line(said % naming(lacking[0]), address, _("Isi daftar periksa"))
        elif lacking:
            words = {"n": len(lacking), "office": meeting.office.short_name}
            said = _("Daftar periksa kantor belum lengkap untuk %(n)s survei di agenda rapat %(office)s.")
            yield Line(said % words, reverse("meeting", args=[meeting.pk]), _("Lihat yang mana"))


def _ready(user: User, office: Unit, today: date) -> Iterator[Line]:
    found = takeable(office, today)
    if n := len(found) - len(barred(user, found)):
        said = ngettext(
            "%(n)s survei siap dimasukkan ke agenda rapat %(office)s.",
            "%(n)s survei siap dimasukkan ke agenda rapat %(office)s.",
            n,
        )
        address = reverse("meetings", args=[office.slug])
        yield Line(said % {"n": n, "office": office.short_name}, address, _("Ke rapat verifikasi"))


def _verified(user: User, office: Unit, today: date) -> Iterator[Line]:
    mine = Campaign.objects.filter(decided_by(office, today), certification=None, source="")
    once = list(mine.filter(steps__stage=Stage.VERIFIED).select_related("unit").order_by("code").distinct())
    stages = stages_of(once)
    found = [campaign for campaign in once if stages[campaign.code] == Stage.VERIFIED]
    own = barred(user, found)
    found = [campaign for campaign in found if campaign.pk not in own]
    if len(found) > FEW:
        said = _("%(n)s survei terverifikasi menunggu pengesahan oleh %(office)s.")
        address = reverse("region", args=[office.slug])
        yield Line(said % {"n": len(found), "office": office.short_name}, address, _("Lihat yang mana"))
        return
    for campaign in found:
        said = _("Survei %(unit)s, %(period)s terverifikasi dan menunggu pengesahan.") % naming(campaign)
        yield Line(said, reverse("result", args=[campaign.code]), _("Buka hasil"))


def _late(user: User, office: Unit, today: date) -> Iterator[Line]:
    """Yield the certified results that can be corrected: two offices excluded enough responses since."""
    found = list(correctable().filter(decided_by(office, today)).select_related("unit").order_by("code"))
    own = barred(user, found)
    for campaign in found:
        if campaign.pk not in own:
            said = _(
                "Jawaban survei %(unit)s, %(period)s dikecualikan setelah disahkan; hasilnya dapat dikoreksi."
            )
            yield Line(said % naming(campaign), reverse("correct", args=[campaign.code]), _("Koreksi hasil"))
