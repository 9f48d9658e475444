"""What waits for whoever looks at the first page."""

from django import template
from django.utils import timezone

from tera.portal.accounts.models import User
from tera.portal.proposals.waiting import lines_of_proposals
from tera.portal.review.waiting.queries import Waiting, waiting_for

register = template.Library()


@register.inclusion_tag("review/waiting.html")
def waits_for(user: User) -> dict[str, Waiting]:
    """Show what waits for somebody, of surveys and proposals; nothing where nothing does."""
    return {"waiting": waiting_for(user, timezone.now(), lines_of_proposals(user))}
