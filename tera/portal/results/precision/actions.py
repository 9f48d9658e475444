"""Keeps what statistics say of certified results, one at a time."""

from datetime import datetime

from django.db import transaction

from tera.portal.results.models import Analysis, Certification
from tera.portal.results.precision.computing import analysis_of
from tera.portal.results.queries import waiting_for_analysis


def analyse_next(at: datetime) -> bool:
    """Analyse a certified result that was not yet, and say whether there was one; twice does no harm.

    Where it was corrected meanwhile, what was found of the former is dropped, and it waits again.
    """
    found = waiting_for_analysis().select_related("campaign__unit").first()
    if found is None:
        return False
    values = {"made_at": at, "values": analysis_of(found)}
    with transaction.atomic():
        same = Certification.objects.select_for_update().filter(pk=found.pk, number=found.number)
        if same.first() is not None:
            Analysis.objects.get_or_create(certification=found, defaults=values)
    return True
