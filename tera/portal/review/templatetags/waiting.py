"""What waits for whoever looks at a page, and when a survey is discussed."""

from django import template
from django.utils import timezone

from tera.portal.accounts.models import User
from tera.portal.review.meetings.queries import next_meeting_of
from tera.portal.review.models import Meeting
from tera.portal.review.waiting.queries import Waiting, waiting_for
from tera.portal.surveys.models import Campaign

register = template.Library()


@register.inclusion_tag("review/waiting.html")
def waits_for(user: User) -> dict[str, Waiting]:
    """Show what waits for somebody; nothing where nothing does."""
    return {"waiting": waiting_for(user, timezone.now())}


@register.inclusion_tag("review/discussed.html")
def discussed(campaign: Campaign) -> dict[str, Meeting | None]:
    """Show when and where a survey is discussed, where it is on an agenda: its people are shown a screen."""
    return {"meeting": next_meeting_of(campaign)}
