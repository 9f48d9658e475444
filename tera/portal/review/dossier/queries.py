"""Reads of what is prepared for a dossier, and of comments."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from tera import __version__
from tera.engine.disclosure import K
from tera.intake.blocks import list_moving
from tera.portal.ledger.models import Statement
from tera.portal.results.models import Removed
from tera.portal.results.queries import IS_OFF
from tera.portal.review.models import Masked, Summary
from tera.portal.surveys.models import Campaign

PERMISSION = "see-dossier"


def waiting_for_summary() -> QuerySet[Campaign]:
    """Return the campaigns that are closed in the ledger and have no summary, or one of before.

    It is one of before where other responses are taken off by now, where the result was certified since, or
    where another version of the program made it.
    """
    said = Statement.objects.filter(name=Concat(Value("closed/"), OuterRef("code")))
    off = Removed.objects.filter(IS_OFF, campaign=OuterRef("pk")).order_by().values("campaign")
    taken_off = Coalesce(Subquery(off.annotate(n=Count("pk")).values("n")), 0)
    is_of_before = (
        Q(summary=None)
        | ~Q(summary__version=__version__)
        | ~Q(summary__excluded=F("taken_off"))
        | Q(summary__made_at__lt=F("certification__certified_at"))
    )
    closed = Campaign.objects.filter(Exists(said)).annotate(taken_off=taken_off)
    return closed.filter(is_of_before).select_related("unit").order_by("starts_on", "pk")


def next_for_summary() -> Campaign | None:
    """Return a campaign that waits for its summary, and whose last block has all its responses by now."""
    waiting = waiting_for_summary()
    if not waiting.exists():
        return None
    return waiting.exclude(code__in=list_moving(settings.INTAKE)).first()


def waits_for_summary() -> bool:
    """Say whether a campaign waits for its summary."""
    return next_for_summary() is not None


def summary_of(campaign: Campaign) -> Summary | None:
    """Return what is prepared of a campaign, as far as it is."""
    return Summary.objects.filter(campaign=campaign).first()


def closed_count(campaign: Campaign) -> int | None:
    """Return how many responses a closed campaign has as the ledger says; None until it is closed."""
    said = Statement.objects.filter(name=f"closed/{campaign.code}").first()
    return int(said.as_said()["count"]) if said else None


def are_comments_shown(campaign: Campaign) -> bool:
    """Say whether comments may be shown: after the last block, and of k responses or more."""
    return (closed_count(campaign) or 0) >= K


def masked_words(campaign: Campaign, names: Iterable[str]) -> dict[str, set[int]]:
    """Return which words were covered by hand in comments, by the id of the comment in hexadecimal."""
    found: dict[str, set[int]] = {}
    rows = Masked.objects.filter(campaign=campaign, comment__in=list(names))
    for comment, word in rows.values_list("comment", "word"):
        found.setdefault(comment, set()).add(word)
    return found
