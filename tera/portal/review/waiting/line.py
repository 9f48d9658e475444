"""One thing that waits for somebody."""

from dataclasses import dataclass

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from tera.portal.review.models import Meeting
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Line:
    """A plain sentence, where it is done, and what the link to there is called."""

    words: str
    address: str
    link: str


def naming(campaign: Campaign) -> dict[str, object]:
    """Return what sentences call a survey; its unit must be there already."""
    return {"unit": campaign.unit.short_name, "period": campaign.period}


def when_and_where(meeting: Meeting) -> str:
    """Return when and where a meeting is held; its office must be there already."""
    return _("%(day)s pukul %(hour)s, %(place)s") % {
        "day": date_format(meeting.held_on, "l, j F Y"),
        "hour": time_format(meeting.begins_at, "H.i"),
        "place": meeting.place,
    }
