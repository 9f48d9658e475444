"""Pages for everybody. They read and never write."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tera.portal.results.queries import result_of
from tera.portal.results.views import context_of
from tera.portal.surveys.models import Campaign


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what Tera is and where to go."""
    published = Campaign.objects.exclude(source="").select_related("unit").order_by("-ends_on")[:5]
    demo = Campaign.objects.filter(code="demo").first() if settings.IS_DEMO else None
    return render(request, "public/landing.html", {"published": published, "demo": demo})


@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """Show a published result. Imported answers were published by the office that collected them."""
    campaign = get_object_or_404(Campaign.objects.exclude(source="").select_related("unit"), code=code)
    return render(request, "results/result.html", {**context_of(result_of([campaign])), "is_public": True})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that the portal and its databases answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with settings.INTAKE.transaction(writes=False) as intake:
        intake.rows("SELECT COUNT(*) FROM blocks")
    return HttpResponse("sehat\n", content_type="text/plain")
