"""Writing to a unit by e-mail: of what it must mend, and of questions that it has not answered."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tera.portal.ledger.models import Event
from tera.portal.review.asking.letters import Letter, holders, send_once
from tera.portal.review.asking.reminding import remind_due
from tera.portal.review.models import Item, Question
from tera.portal.surveys.models import Campaign

TELL = "tell-of-questions"


def write_due(at: datetime) -> int:
    """Write whatever is due to units about surveys that are verified; return of how many."""
    return remind_due(at) + tell_of_questions(at)


def tell_of_questions(at: datetime) -> int:
    """Tell units of open questions, once a day at most and never twice of the same; return how many.

    What is asked in a meeting is told once that has ended: until then it may be answered there.
    """
    if not settings.HAS_MAIL:
        return 0
    under_way = Item.objects.filter(meeting__opened_at__isnull=False, meeting__ended_at=None)
    waiting = Question.objects.filter(answered_at=None, withdrawn_at=None, campaign__is_invented=False)
    found: defaultdict[Campaign, list[Question]] = defaultdict(list)
    told_of = waiting.exclude(campaign__in=under_way.values("campaign"))
    for question in told_of.select_related("campaign__unit", "office").order_by("number"):
        found[question.campaign].append(question)
    return sum(_tell(campaign, questions, at) for campaign, questions in found.items())


def _tell(campaign: Campaign, questions: list[Question], at: datetime) -> bool:
    about, newest = f"{campaign.code}/", questions[-1].number
    told = Event.objects.filter(deed=TELL, unit=campaign.unit.slug, about__startswith=about)
    today = Q(about__endswith=f": {timezone.localdate(at)}")
    if told.filter(today | Q(about__startswith=f"{about}{newest}: ")).exists():
        return False
    letter = Letter(TELL, f"{about}{newest}: {timezone.localdate(at)}", "review/asking/asked")
    people = holders("answer-questions", campaign.unit, at)
    return send_once(letter, campaign, people, {"questions": questions})
