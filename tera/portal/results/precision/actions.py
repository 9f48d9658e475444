"""Keeps what statistics say of certified results, one at a time."""

from datetime import datetime

from tera.engine.disclosure import K
from tera.portal.results.models import Analysis, Certification
from tera.portal.results.precision.computing import analysis_of


def analyse_next(at: datetime) -> bool:
    """Analyse a certified result that was not yet, and say whether there was one; twice does no harm."""
    waiting = Certification.objects.filter(analysis=None, count__gte=K).exclude(means={})
    found = waiting.select_related("campaign__unit").order_by("certified_at", "pk").first()
    if found is None:
        return False
    values = {"made_at": at, "values": analysis_of(found)}
    Analysis.objects.get_or_create(certification=found, defaults=values)
    return True
