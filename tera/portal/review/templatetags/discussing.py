"""When a survey is discussed, for the page that shows it."""

from django import template

from tera.portal.review.meetings.queries import next_meeting_of
from tera.portal.review.models import Meeting
from tera.portal.surveys.models import Campaign

register = template.Library()


@register.inclusion_tag("review/discussed.html")
def discussed(campaign: Campaign) -> dict[str, Meeting | None]:
    """Show when and where a survey is discussed, where it is on an agenda: its people are shown a screen."""
    return {"meeting": next_meeting_of(campaign)}
