"""`/s/{code}`: the page that respondents answer, without an account and without JavaScript.

A post of the page without a client key stores nothing: it answers the review, which carries a fresh key. The
post of the review stores the response. Programs send JSON with their own key.
"""

import base64
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tera.engine.explain import said
from tera.intake import inbox
from tera.intake.inbox import Arrival, Receipt
from tera.intake.submission import BODY_BYTES, Refused, Submission, read_fields, read_json
from tera.intake.tables import Unavailable
from tera.intake.writer import writer_of
from tera.portal.surveys import page
from tera.portal.surveys.models import Campaign

TRY_AGAIN = {
    "id": "Belum tersimpan karena server sibuk. Kirim lagi sebentar lagi; tidak akan terhitung dua kali.",
    "en": "Not stored yet, the server is busy. Send it again in a moment; it will not count twice.",
}


@csrf_exempt  # No session here: the unguessable client key and the origin check stand in for a token.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # The review holds answers, and a device may be shared.
def answer(request: HttpRequest, code: str, language: str = "id") -> HttpResponse:
    """Show the page, its review, or the receipt."""
    campaign = get_object_or_404(Campaign.objects.select_related("unit"), code=code.lower(), source="")
    if language not in campaign.languages:
        raise Http404(f"no wording in {language}")
    with translation.override(language):
        if request.method == "POST":
            return _post(request, campaign, language, timezone.now())
        return _get(request, campaign, language, timezone.now())


def _get(request: HttpRequest, campaign: Campaign, language: str, at: datetime) -> HttpResponse:
    try:
        inbox.require_open(campaign.form, None, at)
    except Refused as refused:
        return _closed(request, campaign, language, refused)
    return render(request, "surveys/form.html", {"page": page.build(campaign, language)})


def _post(request: HttpRequest, campaign: Campaign, language: str, at: datetime) -> HttpResponse:
    is_json = request.content_type == "application/json"
    given: Mapping[str, str] = {}
    try:
        _require_plain_body(request)
        if is_json:
            return _store_json(read_json(request.body, campaign.form), campaign, at)
        given = request.POST.dict()
        if given.get("edit"):
            return render(request, "surveys/form.html", {"page": page.build(campaign, language, given)})
        return _store_fields(request, read_fields(given, campaign.form), campaign, language, given, at)
    except Refused as refused:
        return _problem(refused, language) if is_json else _again(request, campaign, language, given, refused)
    except Unavailable:
        busy = Refused(503, TRY_AGAIN)
        reply = _problem(busy, language) if is_json else _closed(request, campaign, language, busy)
        reply.headers["Retry-After"] = "2"
        return reply


def _require_plain_body(request: HttpRequest) -> None:
    """Refuse a body of unknown or too great length, in a wrapping, or from another site's page."""
    length = request.headers.get("Content-Length", "")
    if not length.isascii() or not length.isdigit():
        raise Refused(411, {"id": "Panjang isi tidak disebut.", "en": "Content-Length is missing."})
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(415, {"id": "Isi tidak boleh dimampatkan.", "en": "A compressed body is not read."})
    if int(length[:9]) > BODY_BYTES or len(request.body) > BODY_BYTES:
        raise Refused(413, {"id": "Jawaban terlalu besar.", "en": "The answers are too large."})
    origin = request.headers.get("Origin", "null")
    is_own = origin in ("null", f"{request.scheme}://{request.get_host()}")
    if not is_own or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, {"id": "Kiriman dari situs lain.", "en": "Sent from another site."})


def _store_json(submission: Submission, campaign: Campaign, at: datetime) -> JsonResponse:
    receipt = _store(submission, campaign, at)
    body = {"receipt": receipt.code, "campaign": receipt.campaign, "day": receipt.day}
    return JsonResponse(body, status=201 if receipt.is_new else 200)


def _store_fields(
    request: HttpRequest,
    submission: Submission,
    campaign: Campaign,
    language: str,
    given: Mapping[str, str],
    at: datetime,
) -> HttpResponse:
    if submission.key is None:
        inbox.require_open(campaign.form, None, at)
        key = base64.urlsafe_b64encode(inbox.new_key(at)).rstrip(b"=").decode("ascii")
        shown = page.build(campaign, language, given)
        return render(request, "surveys/review.html", {"page": shown, "key": key})
    receipt = _store(submission, campaign, at)
    shown = page.build(campaign, language)
    status = 201 if receipt.is_new else 200
    return render(request, "surveys/thanks.html", {"page": shown, "receipt": receipt}, status=status)


def _store(submission: Submission, campaign: Campaign, at: datetime) -> Receipt:
    """Return the receipt once the response is stored durably."""
    return writer_of(settings.INTAKE).submit(Arrival.of(campaign.form, submission, at)).result()


def _problem(refused: Refused, language: str) -> JsonResponse:
    body: dict[str, object] = {
        "title": said(refused.reason, language),
        "status": refused.status,
        "detail": refused.reason["en"],
    }
    if refused.item:
        body["item"] = refused.item
    if refused.allowed:
        body["allowed"] = list(refused.allowed)
    return JsonResponse(body, status=refused.status, content_type="application/problem+json")


def _again(
    request: HttpRequest, campaign: Campaign, language: str, given: Mapping[str, str], refused: Refused
) -> HttpResponse:
    """Answer a refused page: the filled-in form where it can be mended, a plain page where it cannot."""
    if refused.status not in (413, 422):
        return _closed(request, campaign, language, refused)
    shown = page.build(campaign, language, given, refused)
    return render(request, "surveys/form.html", {"page": shown}, status=refused.status)


def _closed(request: HttpRequest, campaign: Campaign, language: str, refused: Refused) -> HttpResponse:
    context = {
        "page": page.build(campaign, language),
        "status": refused.status,
        "reason": said(refused.reason, language),
        "is_before": campaign.form.is_before(timezone.now()),
    }
    return render(request, "surveys/closed.html", context, status=refused.status)
