"""What was excluded after a certification and erased before the correction: nobody can take it off."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tera.intake.exporting import list_commitments_left
from tera.portal.results.actions import number_of
from tera.portal.results.models import Removed
from tera.portal.surveys.models import Campaign


@transaction.atomic
def let_go(code: str) -> int:
    """Name those responses no longer that wait to be taken off a certified result and were erased.

    Their answers stay in the certified numbers, as those of everybody who erased. Returns how many they were.
    """
    campaign = Campaign.objects.get(code=code)
    if not (number := number_of(campaign)):
        return 0
    waits = Q(exclusion__confirmed_for=None) | Q(exclusion__since__gt=number)
    named = Removed.objects.filter(waits, campaign=campaign, exclusion__isnull=False)
    left = list_commitments_left(settings.INTAKE, code)
    gone = {name.hex() for _, name in left} & {*named.values_list("commitment", flat=True)}
    Removed.objects.filter(campaign=campaign, commitment__in=gone).delete()
    return len(gone)
