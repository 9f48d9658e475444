"""Keeps what a dossier shows of a closed survey. The worker does it, one campaign at a time."""

from datetime import datetime

from django.db import transaction

from tera import __version__
from tera.portal.results.models import Certification
from tera.portal.results.queries import list_removed
from tera.portal.review.dossier.like import summaries_like
from tera.portal.review.dossier.queries import next_for_summary
from tera.portal.review.dossier.summary.comparing import compare_all
from tera.portal.review.dossier.summary.computing import values_of
from tera.portal.review.models import Summary
from tera.portal.surveys.models import Campaign


def summarise_next(at: datetime) -> bool:
    """Prepare the dossier of a campaign that waits for it, and say whether one did.

    Twice does no harm, nor do two workers.
    """
    campaign = next_for_summary()
    if campaign is not None:
        summarise(campaign, at)
    return campaign is not None


def summarise(campaign: Campaign, at: datetime) -> None:
    """Keep what is found in the blocks of a closed campaign, and compare it with units like its own.

    What is taken off is counted first: whatever is excluded meanwhile makes it wait again.
    """
    certified = Certification.objects.filter(campaign=campaign).values_list("certified_at", flat=True)
    made_at = max([at, *certified])
    removed = len(list_removed([campaign]))
    values = values_of(campaign)
    with transaction.atomic():
        list(summaries_like(campaign).select_for_update(of=("self",)))  # another worker waits here
        kept = {"values": values, "excluded": removed, "version": __version__, "made_at": made_at}
        Summary.objects.update_or_create(campaign=campaign, defaults=kept)
        compare_all(campaign)
