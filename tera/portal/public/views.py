"""Pages for everybody. They read and never write."""

import re
from io import BytesIO

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.engine.response import BadCode
from tera.engine.tile import CHECKPOINT
from tera.portal.ledger.files import Files
from tera.portal.ledger.publishing import KEY, RECEIPT_KEY
from tera.portal.public import announced
from tera.portal.public.minutes import check_minutes, verified_in
from tera.portal.public.queries import check_receipt
from tera.portal.results.correcting.queries import document_of
from tera.portal.results.methods.sheet import sheet_of
from tera.portal.results.methods.views import sheet_context
from tera.portal.results.queries import result_of
from tera.portal.results.views import context_of, precision_context
from tera.portal.review.minutes.codes import read as read_code
from tera.portal.review.models import Minutes
from tera.portal.surveys.models import Campaign

MOST_TYPED, RESULTS_A_PAGE = 60, 50
RECEIPT = re.compile(r"[a-z0-9-]{1,64}\.[0-9]{4}-[0-9]{2}-[0-9]{2}\.[\w-]{43}\.[\w-]{86}", re.ASCII)
TILE = re.compile(r"tile/([0-9]{1,2}|entries)(/x[0-9]{3})*/[0-9]{3}(\.p/[0-9]{1,3})?")


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what Tera is and where to go."""
    published = _published().order_by("-certification__certified_at", "code")[:5]
    demo = Campaign.objects.filter(code="demo").first() if settings.IS_DEMO else None
    return render(request, "public/landing.html", {"published": published, "demo": demo})


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """List every published result, the newest first."""
    published = _published().order_by("-ends_on", "unit__name", "code")
    page = Paginator(published, RESULTS_A_PAGE).get_page(request.GET.get("halaman"))
    return render(request, "public/results.html", {"page": page})


def _published() -> QuerySet[Campaign]:
    return Campaign.objects.filter(certification__isnull=False).select_related("unit")


@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """Show a certified result: its certification publishes it."""
    campaign = get_object_or_404(_published(), code=code)
    context = {
        **context_of(result_of([campaign])),
        "is_public": True,
        "verified": verified_in(campaign),
        "proposals": announced.upon(campaign),
    }
    return render(request, "results/result.html", context)


@require_safe
def precision(request: HttpRequest, code: str) -> HttpResponse:
    """Show how far the numbers of a certified result can be trusted."""
    context = precision_context(get_object_or_404(_published(), code=code))
    return render(request, "results/precision.html", {**context, "is_public": True})


@require_safe
def methods(request: HttpRequest, code: str) -> HttpResponse:
    """Show the methods sheet of a certified result."""
    context = sheet_context(get_object_or_404(_published(), code=code))
    return render(request, "results/methods/sheet.html", {**context, "is_public": True})


@require_safe
def methods_data(request: HttpRequest, code: str) -> HttpResponse:
    """Give the methods sheet of a certified result to programs."""
    campaign = get_object_or_404(_published(), code=code)
    written = {"indent": 1, "ensure_ascii": False}
    return JsonResponse(sheet_of(campaign).as_data(), json_dumps_params=written)


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Give the certificate of a result, byte for byte as it was certified."""
    document = get_object_or_404(_published(), code=code).certification.document
    if not document:
        raise Http404(code)  # certified before there were certificates
    return HttpResponse(document, content_type="application/json")


@require_safe
def former_certificate(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give a certificate of a result by its number, also where it was corrected since."""
    document = document_of(get_object_or_404(_published(), code=code), number)
    if not document:
        raise Http404(code)
    return HttpResponse(document, content_type="application/json")


@require_safe
@never_cache
def minutes_start(request: HttpRequest) -> HttpResponse:
    """Ask for the code of minutes, for whoever has the paper and nothing that scans it."""
    asked = request.GET.get("kode", "")
    context: dict[str, object] = {"asked": asked[:MOST_TYPED]}
    try:
        code = read_code(asked) if asked else ""
    except BadCode:
        return render(request, "public/minutes_start.html", {**context, "is_no_code": True}, status=400)
    if code and Minutes.objects.filter(code=code).exists():
        return redirect("check-minutes", code)
    context["is_unknown"] = bool(code)
    return render(request, "public/minutes_start.html", context, status=404 if code else 200)


@require_safe
@never_cache
def minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether minutes are as they were drawn up, for whoever has the address that stands on them."""
    try:
        code = read_code(code)
    except BadCode as error:
        raise Http404(code) from error
    kept = get_object_or_404(Minutes.objects.select_related("meeting__office"), code=code)
    context = {"found": check_minutes(kept), "hide_login": True}
    response = render(request, "public/minutes.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@never_cache
def receipt(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show where the response of a receipt is, for anybody who has its code."""
    asked = code or request.GET.get("kode", "")
    context: dict[str, object] = {"asked": asked[:MOST_TYPED]}
    try:
        found = check_receipt(asked) if asked else None
    except BadCode:
        return render(request, "public/receipt.html", {**context, "is_no_code": True}, status=400)
    if asked and found is None:
        return render(request, "public/receipt.html", {**context, "is_unknown": True}, status=404)
    return render(request, "public/receipt.html", {**context, "found": found})


@require_safe
def receipt_qr(request: HttpRequest) -> HttpResponse:
    """Draw the QR code of a receipt: the page that checks it, with the receipt behind the address."""
    written = request.GET.get("isi", "")
    if not RECEIPT.fullmatch(written):
        raise Http404("this is no receipt")
    link = f"{request.build_absolute_uri(reverse('verify'))}#{written}"
    stream = BytesIO()
    segno.make(link, error="m").save(stream, kind="svg", border=2, omitsize=True)
    response = HttpResponse(stream.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Show the page on which a browser checks a receipt by itself."""
    return render(request, "public/verify.html")


@require_safe
@never_cache
def proof(request: HttpRequest, code: str) -> HttpResponse:
    """Give the proof that a response is in the ledger, to be checked without this site.

    While it waits there is none; whoever holds a signed receipt of an unknown response holds evidence.
    """
    try:
        found = check_receipt(code)
    except BadCode as error:
        raise Http404(code) from error
    if found is None or found.proof is None:
        return JsonResponse({"state": "waiting" if found else "unknown"}, status=404)
    response = JsonResponse(found.proof, json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="bukti-{found.code}.json"'
    return response


@require_safe
def log(request: HttpRequest, path: str) -> HttpResponse:
    """Show a file of the ledger: those that change are asked for again, the others are kept for ever."""
    changes = path in {CHECKPOINT, KEY, RECEIPT_KEY}
    if not changes and not TILE.fullmatch(path):
        raise Http404(path)
    try:
        content = Files(settings.LOG).read(path)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404(path) from error
    kind = "text/plain; charset=utf-8" if changes else "application/octet-stream"
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = "no-cache" if changes else "public, max-age=31536000, immutable"
    response["Access-Control-Allow-Origin"] = "*"  # anybody's page may check it
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that the portal and its databases answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with settings.INTAKE.transaction(writes=False) as intake:
        intake.rows("SELECT COUNT(*) FROM blocks")
    return HttpResponse("sehat\n", content_type="text/plain")
