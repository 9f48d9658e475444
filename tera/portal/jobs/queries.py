"""Which jobs somebody ordered."""

from django.db.models import QuerySet

from tera.portal.accounts.models import User
from tera.portal.jobs.models import Job


def list_jobs(user: User) -> QuerySet[Job]:
    """Return the jobs that this person ordered, the newest first; nobody sees those of others."""
    return Job.objects.filter(by=user).select_related("unit").order_by("-created_at", "-pk")
