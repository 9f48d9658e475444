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
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from tera.engine.disclosure import K
from tera.intake.blocks import list_blocks
from tera.intake.sealing import HELD_BACK, LEAST_WAITING
from tera.portal.accounts.gate import LOOK, look, note, require
from tera.portal.accounts.queries import signed_in
from tera.portal.surveys import actions, gate, planning, scheduling, scripts
from tera.portal.surveys.forms import ExtendForm, ListForm, OpenForm, year_asked
from tera.portal.surveys.models import Campaign, Schedule
from tera.portal.surveys.periods import MONTHS
from tera.portal.surveys.queries import count_answers, last_of
from tera.portal.units.models import Unit
from tera.portal.units.queries import offices_right_above


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
    rows = [
        (campaign, counts[campaign.code], campaign.is_open(now), campaign.form.is_before(now))
        for campaign in campaigns
    ]
    regions = offices_right_above(user.units_with("compare-units"), timezone.localdate(now)).order_by("name")
    openers = user.units_held("open-surveys-below").order_by("name")
    schedules = Schedule.objects.filter(ended_on=None).select_related("unit")
    note(LOOK, user, None, "home", "", None)
    context = {
        "units": units,
        "rows": rows,
        "regions": regions,
        "openers": openers,
        "tops": [office for office in openers if office not in regions],
        "overseen": user.units_held("compare-units"),
        "sees_accounts": user.units_held("see-accounts").exists(),
        "sees_trail": user.units_held("see-trail").exists(),
        "schedules": [kept for kept in schedules if scheduling.may_end(user, kept)],
    }
    return render(request, "surveys/home.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_campaign(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the form for a new campaign, and open it; it begins with what the last one asked."""
    user, place = signed_in(request), get_object_or_404(Unit, slug=unit)
    require(user, "open-survey", place)
    today = timezone.localdate(timezone=ZoneInfo(place.zone))
    last = last_of(place)
    form = OpenForm(request.POST or None, unit=place, today=today, last=last)
    if request.method == "POST" and form.is_valid():
        opened = scheduling.open_one(
            place, form.plan(), by=user, at=timezone.now(), repeats_after=form.repeats_after()
        )
        return redirect("campaign", code=opened.code)
    context = {"form": form, "unit": place, "last": last}
    return render(request, "surveys/open.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def open_below(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the form for a survey of all units below an office, and open it for all of them at once."""
    user, office = signed_in(request), get_object_or_404(Unit, slug=unit)
    require(user, "open-surveys-below", office)
    today, opened = timezone.localdate(timezone=ZoneInfo(office.zone)), None
    form = OpenForm(request.POST or None, unit=office, today=today, is_for_all_below=True)
    if request.method == "POST" and form.is_valid():
        opened = scheduling.open_below(
            office, form.plan(), by=user, at=timezone.now(), repeats_after=form.repeats_after()
        )
    context = {
        "form": form,
        "unit": office,
        "opened": opened,
        "count": len(scheduling.units_to_survey(office, today)),
    }
    return render(request, "surveys/open_below.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def end_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Open no more surveys by a schedule."""
    kept = get_object_or_404(Schedule.objects.select_related("unit"), pk=pk)
    scheduling.end_schedule(kept, by=signed_in(request), today=timezone.localdate())
    return redirect("home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form with which the office above extends a campaign, and extend it."""
    found = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    gate.require(signed_in(request), "extend-survey", found)
    if not found.days_left(timezone.now()) or found.source:
        return redirect("campaign", code=code)
    form = ExtendForm(request.POST or None, campaign=found)
    if request.method == "POST" and form.is_valid():
        until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
        actions.extend(found, until, reason=reason, by=signed_in(request), at=timezone.now())
        return redirect("campaign", code=code)
    context = {"form": form, "campaign": found}
    return render(request, "surveys/extend.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
@never_cache
def calendar(request: HttpRequest, unit: str) -> HttpResponse:
    """Show the surveys of a unit and of all units below it, month by month."""
    office = get_object_or_404(Unit, slug=unit)
    look(request, "see-surveys", office, "calendar")
    today = timezone.localdate(timezone=ZoneInfo(office.zone))
    year = year_asked(request.GET.get("tahun", ""), today)
    rows = planning.rows_of(office, year, timezone.now())
    context = {"office": office, "year": year, "rows": rows, "months": MONTHS, "today": today}
    return render(request, "surveys/calendar.html", context)


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """List all surveys that this person may see: filtered, sorted, a page at a time."""
    user = signed_in(request)
    note(LOOK, user, None, "see-surveys", "list", None)
    wanted = ListForm(request.GET)
    listed = planning.page_of(user, wanted.asked(), timezone.now())
    return render(request, "surveys/list.html", {"listed": listed, "form": wanted})


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
        "quotas": [(name, found.quotas.get(code, 0)) for code, name in found.services.items()],
        "may_extend": found.days_left(now) and gate.may(user, "extend-survey", found),
        "may_fill": settings.IS_DEMO and found.is_open(now) and user.may("open-survey", found.unit),
        "k": K,
    }
    return render(request, "surveys/campaign.html", context)


@require_safe
@condition(etag_func=lambda *_, **__: scripts.page().tag)
def script(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the script of the respondents' page; for good only under the address that names this text."""
    lasting = "public, max-age=31536000, immutable"
    return served(request, scripts.page(), lasting if digest == scripts.page().digest else "no-cache")


@require_safe
@condition(etag_func=lambda *_, **__: scripts.worker().tag)
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker, which browsers ask for again to see whether there is a newer one."""
    return served(request, scripts.worker(), "no-cache")


def served(request: HttpRequest, found: scripts.Script, lasting: str) -> HttpResponse:
    """Serve a script, compressed where the browser takes that."""
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
