"""What is not in the standings yet, and what should be there no longer."""

from django.db.models import Exists, OuterRef, QuerySet

from tera import law
from tera.portal.proposals.basis import surveys
from tera.portal.proposals.models import Judged, Standing
from tera.portal.proposals.standings.judging import rules_of
from tera.portal.results.models import Certification
from tera.portal.surveys.models import Campaign


def due() -> QuerySet[Certification]:
    """Return the certified results, and corrections of them, that are not in the standings yet."""
    same = Judged.objects.filter(campaign=OuterRef("campaign"), number=OuterRef("number"))
    return Certification.objects.filter(~Exists(same), campaign__source="").order_by("certified_at", "pk")


def reopened() -> QuerySet[Campaign]:
    """Return the surveys that are not certified, of a unit and period that has a standing."""
    kept = Standing.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"))
    return surveys().filter(Exists(kept), certification=None).order_by("pk")


def is_due() -> bool:
    """Say whether `refresh_due` has anything to do."""
    return due().exists() or reopened().exists()


def is_outdated() -> bool:
    """Say whether a standing was judged by a rulebook as the program holds it no longer."""
    return Standing.objects.exclude(rules__in=[rules_of(name) for name in law.list_ids()]).exists()
