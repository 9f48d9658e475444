"""In which meetings the results of a proposal were verified, and who may read the minutes of these."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from tera.portal.accounts.models import User
from tera.portal.proposals.models import Case
from tera.portal.review.models import Item, Meeting
from tera.portal.surveys import gate


@dataclass(frozen=True, slots=True)
class Minuted:
    """The minutes of a meeting: the id of their statement, and where somebody reads them, if they may."""

    name: str
    meeting: Meeting
    address: str


def minuted(case: Case, names: Iterable[str], user: User) -> dict[str, Minuted]:
    """Return the meetings of minutes by the ids of their statements."""
    asked = Q(pk=None)
    for _kind, slug, number in (name.rsplit("/", 2) for name in names if name.count("/") == 2):
        asked |= Q(meeting__office__slug=slug, meeting__number=int(number))
    items = Item.objects.filter(asked, campaign__unit=case.unit_id, campaign__period=case.period)
    found: dict[str, Minuted] = {}
    for item in items.select_related("meeting__office", "campaign__unit"):
        meeting = item.meeting
        if user.may("see-meetings", meeting.office):
            address = reverse("minutes", args=[meeting.pk])
        elif gate.may(user, "see-dossier", item.campaign):
            address = f"{reverse('unit-minutes', args=[item.campaign.code])}?rapat={meeting.pk}"
        else:
            address = ""
        found[f"minutes/{meeting}"] = Minuted(f"minutes/{meeting}", meeting, address)
    return found
