"""What waits for those who run the surveys of a unit."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.workflow import Stage
from tera.portal.results.methods.fields import fields
from tera.portal.results.models import Written
from tera.portal.review.asking.actions import DECIDED
from tera.portal.review.meetings.queries import open_items
from tera.portal.review.models import Item, Question
from tera.portal.review.waiting.line import Line, naming, when_and_where
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import latest_steps
from tera.portal.units.models import Unit

_DONE = (Stage.REJECTED, Stage.CERTIFIED, Stage.PUBLISHED)


def lines_of_units(units: QuerySet[Unit], at: datetime) -> Iterator[Line]:
    """Yield what is to be done about the surveys of units that are closed and not certified, urgent first."""
    mine = Campaign.objects.filter(unit__in=units, source="", certification=None)
    found = list(mine.select_related("unit").order_by("ends_on", "code"))
    steps = latest_steps(found)
    closed = [one for one in found if one.code in steps and steps[one.code].stage not in _DONE]
    if not found:
        return
    for campaign in closed:
        yield from _returned(campaign, steps[campaign.code], at)
    yield from _asked([one for one in found if one.code not in steps or steps[one.code].stage not in DECIDED])
    yield from _discussed(found)
    yield from _unfilled(closed)


def _returned(campaign: Campaign, step: Step, at: datetime) -> Iterator[Line]:
    if step.stage != Stage.RETURNED or step.due_on is None:
        return
    words = {**naming(campaign), "day": date_format(step.due_on, "j F Y")}
    if step.due_on < timezone.localdate(at, ZoneInfo(campaign.unit.zone)):
        said = _("Survei %(unit)s, %(period)s dikembalikan; tenggat %(day)s sudah lewat.")
    else:
        said = _("Survei %(unit)s, %(period)s dikembalikan: perbaiki paling lambat %(day)s.")
    yield Line(said % words, reverse("resubmit", args=[campaign.code]), _("Perbaiki dan kirim ulang"))


def _asked(found: list[Campaign]) -> Iterator[Line]:
    waiting = Question.objects.filter(campaign__in=found, answered_at=None, withdrawn_at=None)
    counts = dict(waiting.order_by().values_list("campaign").annotate(n=Count("pk")))
    for campaign in found:
        if n := counts.get(campaign.pk):
            said = ngettext(
                "%(n)s pertanyaan tentang survei %(unit)s, %(period)s belum dijawab.",
                "%(n)s pertanyaan tentang survei %(unit)s, %(period)s belum dijawab.",
                n,
            )
            address = reverse("questions", args=[campaign.code])
            yield Line(said % {**naming(campaign), "n": n}, address, _("Jawab"))


def _discussed(found: list[Campaign]) -> Iterator[Line]:
    items = Item.objects.filter(open_items(), campaign__in=found).select_related("meeting__office")
    by_code = {campaign.pk: campaign for campaign in found}
    for item in items.order_by("meeting__held_on", "meeting__begins_at", "place", "pk"):
        campaign, meeting = by_code[item.campaign_id], item.meeting
        words = {**naming(campaign), "office": meeting.office.short_name, "when": when_and_where(meeting)}
        said = _("Survei %(unit)s, %(period)s dibahas dalam rapat %(office)s: %(when)s.") % words
        yield Line(said, reverse("dossier", args=[campaign.code]), _("Buka berkas"))


def _unfilled(closed: list[Campaign]) -> Iterator[Line]:
    texts: defaultdict[int, dict[str, str]] = defaultdict(dict)
    rows = Written.objects.filter(campaign__in=closed).order_by("number")
    for pk, field, text in rows.values_list("campaign", "field", "text"):
        texts[pk][field] = text
    for campaign in closed:
        if not all(texts[campaign.pk].get(field.id) for field in fields().written):
            said = _("Lembar metode survei %(unit)s, %(period)s belum lengkap.") % naming(campaign)
            yield Line(said, reverse("fill-methods", args=[campaign.code]), _("Isi lembar metode"))
