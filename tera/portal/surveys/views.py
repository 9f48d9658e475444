"""Pages for the people who run surveys: the list, the opening, and one campaign with its link and QR code."""

from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe

from tera.engine.disclosure import K
from tera.intake.blocks import list_blocks
from tera.intake.sealing import HELD_BACK, LEAST_WAITING
from tera.portal.accounts.gate import LOOK, note, require
from tera.portal.accounts.queries import signed_in
from tera.portal.surveys import actions, gate, scripts
from tera.portal.surveys.forms import OpenForm
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import count_answers
from tera.portal.units.models import Unit


@login_required
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """List the campaigns of the units that this person runs, and the regions that they oversee."""
    user, now = signed_in(request), timezone.now()
    units = user.units_held("open-survey").order_by("name")
    campaigns = list(
        Campaign.objects.filter(unit__in=units).select_related("unit").order_by("-ends_on", "code")
    )
    counts = count_answers(campaigns)
    rows = [(campaign, counts[campaign.code], campaign.is_open(now)) for campaign in campaigns]
    regions = user.units_held("compare-units").order_by("name")
    note(LOOK, user, None, "home", "", None)
    return render(request, "surveys/home.html", {"units": units, "rows": rows, "regions": regions})


@login_required
def open_campaign(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the form for a new campaign, and open it."""
    user, place = signed_in(request), get_object_or_404(Unit, slug=unit)
    require(user, "open-survey", place)
    today = timezone.localdate(timezone=ZoneInfo(place.zone))
    form = OpenForm(request.POST or None, unit=place, today=today)
    if request.method == "POST" and form.is_valid():
        campaign = actions.open_campaign(unit=place, plan=form.plan(), by=user, at=timezone.now())
        return redirect("campaign", code=campaign.code)
    return render(request, "surveys/open.html", {"form": form, "unit": place})


@login_required
@require_safe
@never_cache
def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """Show one campaign: its link, its QR code, and how many have answered."""
    found = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    user = gate.look(request, "see-surveys", found)
    link = request.build_absolute_uri(reverse("answer", args=[found.code]))
    now, blocks = timezone.now(), list_blocks(settings.INTAKE, [found.code])
    count, certification = count_answers([found], blocks)[found.code], getattr(found, "certification", None)
    is_whole = certification is not None and certification.count == count.sealed >= K
    context = {
        "campaign": found,
        "certification": certification,
        "has_ended": any(block.is_last for block in blocks),
        "reached": certification.count if certification else count.sealed,
        "may_export": is_whole or any(not block.is_last for block in blocks),
        "held_back": HELD_BACK,
        "first_needs": LEAST_WAITING,
        "link": link,
        "qr": segno.make(link, error="m").svg_inline(border=2, omitsize=True),
        "count": count,
        "is_open": found.is_open(now),
        "is_before": found.form.is_before(now),
        "days_left": found.days_left(now),
        "may_fill": settings.IS_DEMO and found.is_open(now) and user.may("open-survey", found.unit),
        "k": K,
    }
    return render(request, "surveys/campaign.html", context)


@require_safe
@condition(etag_func=lambda *_, **__: scripts.page().tag)
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the script of the respondents' page; for good only under the address that names this text."""
    lasting = "public, max-age=31536000, immutable"
    return _script(request, scripts.page(), lasting if digest == scripts.page().digest else "no-cache")


@require_safe
@condition(etag_func=lambda *_, **__: scripts.worker().tag)
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker, which browsers ask for again to see whether there is a newer one."""
    return _script(request, scripts.worker(), "no-cache")


def _script(request: HttpRequest, found: scripts.Script, lasting: str) -> HttpResponse:
    headers = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": lasting,
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HttpResponse(found.packed, headers={**headers, "Content-Encoding": "gzip"})
    return HttpResponse(found.text, headers=headers)


def no_campaign(request: HttpRequest, code: str, language: str = "id") -> HttpResponse:
    """Say that there is no such survey; those that there are, the intake answers itself."""
    raise Http404(f"no survey {code!r} in {language!r}")
