"""The page of a visit, which a phone keeps and sends later; its photos; its script and service worker."""

import secrets

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_http_methods, require_safe

from tera.portal.review.checks import queries
from tera.portal.review.checks.pictures import MOST_BYTES
from tera.portal.review.checks.views import campaign_of
from tera.portal.review.checks.visits import actions, scripts
from tera.portal.review.checks.visits.actions import MOST_BYTES_TOGETHER, MOST_PHOTOS, PERMISSION, CannotVisit
from tera.portal.review.checks.visits.forms import VisitForm
from tera.portal.review.models import Photo, Visit
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.views import served

JSON = "application/json"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the items that are looked at on the spot, and keep what was seen.

    A phone that sends what it kept asks for JSON: only its key in the answer tells it that it may forget.
    """
    campaign = campaign_of(code)
    user = gate.look(request, PERMISSION, campaign)
    layer = actions.layer_of(gate.require(user, PERMISSION, campaign))
    checklist, now = queries.named(request.POST.get("checklist", "")), timezone.now()
    today = campaign.form.local_day(now)
    form = VisitForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        checklist=checklist,
        layer=layer,
        days=(campaign.starts_on, today),
        initial={"key": secrets.token_urlsafe(32), "visited_on": today, "checklist": checklist.id},
    )
    if request.method != "POST":
        return _page(request, campaign, form)
    if not form.is_valid():
        return _refusal(request, campaign, form)
    try:
        kept, is_new = actions.record_visit(campaign, form.report(), by=user, at=now)
    except CannotVisit as error:
        raise BadRequest(str(error)) from error  # what no form of ours sends
    return _acknowledgement(request, kept, is_new=is_new)


def _page(request: HttpRequest, campaign: Campaign, form: VisitForm, status: int = 200) -> HttpResponse:
    context = {
        "campaign": campaign,
        "form": form,
        "sections": list(form.sections()),
        "saved": request.GET.get("tersimpan", ""),
        "most_photos": MOST_PHOTOS,
        "megabytes": MOST_BYTES // 1_000_000,
        "together": MOST_BYTES_TOGETHER // 1_000_000,
        "script": reverse("visit-script", args=[scripts.page().digest]),
    }
    return render(request, "review/checks/visit.html", context, status=status)


def _refusal(request: HttpRequest, campaign: Campaign, form: VisitForm) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"problem": form.problem()}, status=400)
    return _page(request, campaign, form, 400)


def _acknowledgement(request: HttpRequest, kept: Visit, *, is_new: bool) -> HttpResponse:
    if _wants_json(request):
        told = {"key": kept.key, "photos": kept.photos.count()}
        return JsonResponse(told, status=201 if is_new else 200)
    page = reverse("visit", args=[kept.campaign.code])
    return redirect(f"{page}?tersimpan={'baru' if is_new else 'sudah'}")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("accept") == JSON


@login_required
@require_safe
@never_cache
def photo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show a photo of a visit to this unit."""
    campaign = campaign_of(code)
    gate.look(request, "see-dossier", campaign)
    kept = get_object_or_404(Photo, pk=number, visit__campaign=campaign)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    return HttpResponse(bytes(kept.picture), content_type=kept.kind, headers=headers)


@require_safe
@condition(etag_func=lambda *_, **__: scripts.page().tag)
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the script of the page of a visit; for good only under the address that names this text."""
    lasting = "public, max-age=31536000, immutable"
    return served(request, scripts.page(), lasting if digest == scripts.page().digest else "no-cache")


@require_safe
@condition(etag_func=lambda *_, **__: scripts.worker().tag)
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker, which browsers ask for again to see whether there is a newer one."""
    return served(request, scripts.worker(), "no-cache")
