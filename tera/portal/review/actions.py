"""Keeps what screening finds. The worker does it, one campaign at a time; nobody can ask for it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from tera import __version__
from tera.portal.accounts.gate import DEED
from tera.portal.ledger.actions import record
from tera.portal.review.arriving import Elsewhere
from tera.portal.review.computing import program_sha256, seed_of, seen_in
from tera.portal.review.heaps import heaps_of
from tera.portal.review.models import Heaping, Screening
from tera.portal.review.queries import are_heaps_due, certified_here, waiting_for_screening
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import advance
from tera.statistics.screening import screen as library
from tera.statistics.screening import wording

WHO = "tera worker"  # no account has a space in its name
JUDGED = ("q", "status", "together", "arrivals", "judged_at")


def screen_next(at: datetime) -> bool:
    """Screen a campaign that is closed in the ledger and was not yet, and say whether there was any work.

    Once none waits, the periods with new ones are judged. Twice does no harm, nor do two workers.
    """
    if campaign := waiting_for_screening().first():
        screen(campaign, at)
        return True
    unjudged = Screening.objects.filter(judged_at=None).values_list("campaign__period", flat=True)
    period = unjudged.first()
    if period is not None:
        judge(period, at)
    return period is not None


def screen(campaign: Campaign, at: datetime) -> None:
    """Keep what is seen in a closed campaign; program and result are in the trail before anybody can look.

    What is kept already stays as it is.
    """
    seen, program = seen_in(campaign), program_sha256()
    kept = {"values": seen.values, "counts": seen.counts, "p": seen.p, "e": seen.e}
    result = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        _, is_new = Screening.objects.get_or_create(
            campaign=campaign,
            defaults={**kept, "program": program, "version": __version__, "made_at": at},
        )
        if is_new:
            about = f"{campaign.code} {program} {result}"
            record(kind=DEED, who=WHO, deed="screen", unit=campaign.unit.slug, about=about)
            advance(campaign, "screen", (), at=at)


@transaction.atomic
def judge(period: str, at: datetime) -> None:
    """Judge all screened campaigns of a period together: what is rare among many is not rare by itself."""
    mine = Screening.objects.select_for_update(of=("self",)).filter(campaign__period=period)
    rows = list(mine.select_related("campaign").order_by("pk"))
    elsewhere = Elsewhere(Screening.objects.values_list("counts", flat=True).iterator())
    for row, found in zip(rows, _together(rows), strict=True):
        row.q, row.status = found.q, found.status.value
        row.together = sum(each.p is not None for each in rows)
        row.arrivals = elsewhere.judge(row.counts, seed_of(row.campaign))
        row.judged_at = at
    Screening.objects.bulk_update(rows, JUDGED, batch_size=200)


def _together(rows: Sequence[Screening]) -> list[library.Screening]:
    """Return what is said of rows only together, by the library that screened them."""
    return library.together(
        [
            library.Screening(
                row.campaign.code, "", 0, library.Status.UNSCREENED, wording.QUIET, p=row.p, e=row.e
            )
            for row in rows
        ]
    )


def find_heaps_next(at: datetime) -> bool:
    """Look at the thresholds again where results were certified since, once a day at most."""
    if not are_heaps_due(at):
        return False
    answered = certified_here()
    newest = answered.latest("pk").pk
    by_year = answered.values_list("campaign__ends_on__year").annotate(n=Count("pk")).order_by()
    known = dict(Heaping.objects.values_list("year", "certified"))
    with transaction.atomic():
        for year, count in by_year:
            if known.get(year) != count:
                values = {"certified": count, "values": heaps_of(year)}
                Heaping.objects.update_or_create(
                    year=year, defaults={**values, "newest": newest, "made_at": at}
                )
        Heaping.objects.update(newest=newest, made_at=at)
    return True
