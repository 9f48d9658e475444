"""Draws up the minutes of a meeting, in the transaction that ends it."""

from datetime import datetime

from django.db import transaction

from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment
from tera.portal.ledger.actions import say
from tera.portal.review.minutes import statements
from tera.portal.review.minutes.codes import new_code
from tera.portal.review.minutes.document import encode, fingerprint, written
from tera.portal.review.models import Meeting, Minutes


@transaction.atomic
def draw_up(meeting: Meeting, *, role: Assignment, at: datetime) -> Minutes:
    """Keep what a meeting saw and decided, once every survey of its agenda has its decision and its step.

    The ledger says the same moment that there are minutes with this hash, and what was decided.

    Args:
        meeting: it ends in the same transaction.
        role: by which somebody ends it; whoever calls has asked for it.
        at: when it ended.

    Raises:
        BadStatement: a survey of the agenda has no decision, or there is none on it.
    """
    document = encode(written(meeting, at))
    minutes = Minutes.objects.create(
        meeting=meeting,
        code=new_code(),
        document=document,
        sha256=fingerprint(document),
        made_at=at,
    )
    say(statements.minutes(minutes))
    done(role.user, role, "draw-up-minutes", str(meeting), meeting.office)
    return minutes
