"""Which jobs somebody ordered."""

from datetime import date

from django.db.models import QuerySet

from tera.portal.accounts.models import User
from tera.portal.jobs.models import Job


def list_jobs(user: User) -> QuerySet[Job]:
    """Return the jobs that this person ordered, the newest first; nobody sees those of others."""
    return Job.objects.filter(by=user).select_related("unit", "by").order_by("-created_at", "-pk")


def tree_day(job: Job, permission: str) -> date | None:
    """Return the day whose tree lets who ordered a job have its file; None for today.

    A survey is seen by who oversaw its unit on its first day, too.
    """
    named = job.arguments.get("day")
    day = date.fromisoformat(named) if named else None
    return day if day and job.by.may(permission, job.unit, day) else None
