"""The pages on which old answers are brought in: where they come from, what the columns are, a last look."""

from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tera.engine.disclosure import K
from tera.portal.accounts.gate import look
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import language_in_force
from tera.portal.imports import actions, queries, uploads, waiting
from tera.portal.imports.choosing import Choosing
from tera.portal.imports.columns import asked_of, columns_of, some_days
from tera.portal.imports.forms import StartForm
from tera.portal.imports.names import AS_ELEMENTS, AS_QUESTIONNAIRE, NEITHER
from tera.portal.imports.table import Table
from tera.portal.imports.uploads import Gone, Upload
from tera.portal.units.models import Unit

STEPS = ["GET", "HEAD", "POST"]


def _visible(request: HttpRequest, slug: str) -> tuple[Unit, User]:
    unit = get_object_or_404(Unit, slug=slug)
    return unit, look(request, "import-answers", unit, "import")


def _upload(request: HttpRequest, slug: str, token: str) -> tuple[Unit, User, Upload]:
    unit, user = _visible(request, slug)
    try:
        return unit, user, uploads.find(token, user, unit)
    except Gone as error:
        raise Http404(slug) from error


def _table(upload: Upload) -> Table:
    try:
        return actions.open_table(upload)
    except Gone as error:
        raise Http404(upload.name) from error


@login_required
@require_http_methods(STEPS)
@never_cache
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask what the answers are and where they come from, and take their file."""
    unit, user = _visible(request, slug)
    today = timezone.localdate(timezone=ZoneInfo(unit.zone))
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StartForm(*posted, unit=unit, today=today)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        upload = actions.keep(found["table"], found["file"].name, found["plan"], unit=unit, by=user)
        return redirect("import-columns", slug=slug, token=uploads.token_of(upload.name, user, unit))
    status = 400 if form.errors else 200
    return render(request, "imports/start.html", {"form": form, "unit": unit}, status=status)


@login_required
@require_http_methods(STEPS)
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def columns(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show every column with what it holds, and ask what it is."""
    unit, _user, upload = _upload(request, slug, token)
    if upload.is_done:
        return redirect("result", code=upload.code)
    setting = queries.setting_of(upload, unit)
    choosing = Choosing(_table(upload), setting, language_in_force())
    if upload.mapped is not None:
        choosing.take(upload.mapped)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        choosing.fill({name: str(value) for name, value in request.POST.items()})
        problems = list(choosing.problems())
        if not problems:
            actions.choose(upload, choosing.mapped)
            return redirect("import-check", slug=slug, token=token)
    shown = columns_of(choosing)
    context = {
        "unit": unit,
        "upload": upload,
        "choosing": choosing,
        "columns": shown,
        "orders_asked": asked_of(choosing, shown),
        "some_days": some_days(choosing),
        "problems": problems,
        "orders": {"questionnaire": AS_QUESTIONNAIRE, "elements": AS_ELEMENTS, "neither": NEITHER},
    }
    return render(request, "imports/columns.html", context, status=400 if problems else 200)


@login_required
@require_http_methods(STEPS)
@never_cache
@sensitive_variables()
def check(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show what would be imported, or every fault of it; and import it, all or nothing."""
    unit, user, upload = _upload(request, slug, token)
    if upload.is_done:
        return redirect("result", code=upload.code)
    if upload.mapped is None:
        return redirect("import-columns", slug=slug, token=token)
    try:
        table, reading = actions.look_into(upload, unit)
    except Gone as error:
        raise Http404(slug) from error
    is_refused = False
    if request.method == "POST":
        if len(table.rows) > waiting.MOST_AT_ONCE and not reading.findings:
            return redirect("job", waiting.order(upload, unit=unit, by=user).pk)
        try:
            return redirect("result", actions.run(upload, unit=unit, by=user, at=timezone.now()).code)
        except actions.CannotImport:
            is_refused = True  # the page says why
    setting = queries.setting_of(upload, unit)
    context = {
        "unit": unit,
        "upload": upload,
        "token": token,
        "is_refused": is_refused,
        "earlier": queries.earlier(unit, upload.plan),
        "reading": reading,
        "hidden": reading.faults - len(reading.findings),
        "rows": len(table.rows),
        "few": len(reading.responses) < K,
        "k": K,
        "indices": queries.indices_of(reading, upload.plan),
        "services": sorted(
            (setting.services.get(code, ""), times) for code, times in reading.services.items()
        ),
        "counts": queries.counts_of(table, reading, upload.mapped, upload.plan),
        "first": queries.first_rows(table, upload.mapped, setting, language_in_force()),
        "unused": [table.name(place) for place, use in enumerate(upload.mapped.uses) if not use],
    }
    return render(request, "imports/check.html", context, status=400 if is_refused else 200)
