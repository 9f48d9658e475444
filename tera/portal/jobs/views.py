"""Pages of the jobs that somebody ordered: how far they are, and their files. Nobody sees those of others."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import look
from tera.portal.accounts.queries import signed_in
from tera.portal.jobs.models import Job
from tera.portal.jobs.queries import list_jobs, tree_day


def _own(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(list_jobs(signed_in(request)), pk=pk)


@login_required
@require_safe
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    """List what this person ordered."""
    context = {"jobs": list_jobs(signed_in(request)), "hours": settings.JOB_FILE_HOURS}
    return render(request, "jobs/jobs.html", context)


@login_required
@require_safe
@never_cache
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a job is."""
    return render(request, "jobs/job.html", {"job": _own(request, pk), "hours": settings.JOB_FILE_HOURS})


@login_required
@require_safe
@never_cache
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of that page that changes, for its script."""
    return render(request, "jobs/state.html", {"job": _own(request, pk), "hours": settings.JOB_FILE_HOURS})


@login_required
@require_safe
@never_cache
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file of a job, to who ordered it and may still have it."""
    found = _own(request, pk)
    if permission := settings.JOB_PERMISSIONS.get(found.kind):
        look(request, permission, found.unit, f"{found.about}: {found.name}", tree_day(found, permission))
    try:
        return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404("there is no such file, or no more") from error
