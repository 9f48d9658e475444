"""Pages of minutes: for the offices that hold and see meetings, and for the units on the agenda."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.portal.accounts.gate import look, require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.invitations.views import as_download
from tera.portal.review.minutes import queries
from tera.portal.review.minutes.certifying import CertifierFailed, has_certifier
from tera.portal.review.minutes.checking import faults_of
from tera.portal.review.minutes.codes import grouped
from tera.portal.review.minutes.document import decode, excerpt
from tera.portal.review.minutes.present import present, signatures_of
from tera.portal.review.minutes.printing import print_minutes
from tera.portal.review.minutes.proof import is_fresh, method_for, way_to_show
from tera.portal.review.minutes.signing import FOR_OFFICE, FOR_UNIT, CannotSign, Hand, sign
from tera.portal.review.models import Meeting, Minutes
from tera.portal.review.models.minutes import Method
from tera.portal.surveys import gate as surveys
from tera.portal.surveys.models import Campaign

SIGNED = "ditandatangani"


@login_required
@require_safe
@never_cache
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the minutes of a meeting, who signed them, and the form to sign."""
    meeting = _meeting(pk)
    user = look(request, "see-meetings", meeting.office, str(meeting))
    return _page(request, _minutes(meeting), user)


@login_required
@require_safe
@never_cache
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the minutes, or give the file of a certified signature under them."""
    meeting = _meeting(pk)
    look(request, "see-meetings", meeting.office, str(meeting))
    found = _minutes(meeting)
    return _signed_file(request, found) or as_download(_pdf(request, found), *_name(found))


@login_required
@require_safe
@never_cache
def minutes_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the document of which the ledger has the sha256, byte for byte."""
    meeting = _meeting(pk)
    look(request, "see-meetings", meeting.office, str(meeting))
    found = _minutes(meeting)
    name = "-".join(_name(found))
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(found.document.encode(), content_type="application/json", headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the minutes for an office; whoever only comes by is led to them."""
    meeting, user = _meeting(pk), signed_in(request)
    require(user, FOR_OFFICE, meeting.office)
    found = _minutes(meeting)
    if request.method != "POST":
        return redirect(_here(found, None))
    return _sign(request, found, user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unit_minutes(request: HttpRequest, code: str) -> HttpResponse:
    """Show what minutes say of a survey, and sign them for its unit."""
    campaign = _campaign(code)
    if request.method == "POST":
        user = signed_in(request)
        surveys.require(user, FOR_UNIT, campaign)
        return _sign(request, _about(request, campaign), user, campaign)
    user = surveys.look(request, "see-dossier", campaign)
    return _page(request, _about(request, campaign), user, campaign)


@login_required
@require_safe
@never_cache
def unit_minutes_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Print the excerpt about a survey; sections of other units are not in it."""
    campaign = _campaign(code)
    surveys.look(request, "see-dossier", campaign)
    found = _about(request, campaign)
    mine = _signed_file(request, found, campaign)
    return mine or as_download(_pdf(request, found, campaign), *_name(found), campaign.code)


def _meeting(pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("office"), pk=pk)


def _minutes(meeting: Meeting) -> Minutes:
    return get_object_or_404(Minutes.objects.select_related("meeting__office"), meeting=meeting)


def _campaign(code: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("unit"), code=code)


def _about(request: HttpRequest, campaign: Campaign) -> Minutes:
    """Return the newest minutes about a survey, or those of the meeting that is asked for."""
    found, asked = queries.minutes_about(campaign), request.GET.get("rapat", "")
    chosen = found.filter(meeting=int(asked)).first() if _is_number(asked) else found.first()
    if chosen is None:
        raise Http404(campaign.code)
    return chosen


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _here(minutes: Minutes, campaign: Campaign | None) -> str:
    if campaign is None:
        return reverse("minutes", args=[minutes.meeting_id])
    return f"{reverse('unit-minutes', args=[campaign.code])}?rapat={minutes.meeting_id}"


def _link(request: HttpRequest, minutes: Minutes) -> str:
    return request.build_absolute_uri(reverse("check-minutes", args=[minutes.code]))


def _pdf(request: HttpRequest, minutes: Minutes, campaign: Campaign | None = None) -> bytes:
    return print_minutes(minutes, _link(request, minutes), campaign.code if campaign else "")


def _name(minutes: Minutes) -> tuple[str, str, str]:
    return "berita-acara", minutes.meeting.office.slug, str(minutes.meeting.number)


def _signed_file(
    request: HttpRequest, minutes: Minutes, campaign: Campaign | None = None
) -> HttpResponse | None:
    """Return what a certification authority made of a signature, if its number is asked for."""
    asked = request.GET.get("tanda", "")
    if not asked:
        return None
    under = queries.signatures_under(minutes).filter(method=Method.CERTIFIED)
    if campaign is not None:  # what others signed holds more than this excerpt
        under = under.filter(office=campaign.unit)
    signature = get_object_or_404(under, number=int(asked) if _is_number(asked) else 0)
    content = bytes(signature.content)
    kind, end = (
        ("application/pdf", "pdf") if content.startswith(b"%PDF") else ("application/octet-stream", "p7s")
    )
    name = "-".join((*_name(minutes), "tanda", asked))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{end}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _sign(
    request: HttpRequest, minutes: Minutes, user: User, campaign: Campaign | None = None
) -> HttpResponse:
    """Sign, once who signs has shown a moment ago that it is them; otherwise lead them to where they do."""
    page = _here(minutes, campaign)
    if not is_fresh(request, user):
        return redirect(way_to_show(request, user, page))
    is_certified = has_certifier() and "certified" in request.POST
    method = Method.CERTIFIED if is_certified else method_for(user)
    hand = Hand(user, method, campaign, request.POST.get("passphrase", ""))
    try:
        sign(minutes, hand, at=timezone.now(), pdf=lambda: _pdf(request, minutes, campaign))
    except CertifierFailed as error:
        return _page(request, minutes, user, campaign, 400, failed=str(error))
    except CannotSign:
        return _page(request, minutes, user, campaign, 400)  # which says why
    return redirect(f"{page}{'&' if '?' in page else '?'}{SIGNED}")


def _page(
    request: HttpRequest,
    minutes: Minutes,
    user: User,
    campaign: Campaign | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    document = decode(minutes.document)
    may_sign = (
        surveys.may(user, FOR_UNIT, campaign) if campaign else user.may(FOR_OFFICE, minutes.meeting.office)
    )
    shown = present(excerpt(document, campaign.code) if campaign else document)
    context = {
        "minutes": minutes,
        "code": grouped(minutes.code),
        "meeting": minutes.meeting,
        "campaign": campaign,
        "document": shown,
        "signatures": signatures_of(queries.signatures_under(minutes)),
        "waiting": queries.not_signed_yet(minutes),
        "earlier": queries.minutes_about(campaign).exclude(pk=minutes.pk) if campaign else (),
        "faults": list(faults_of(minutes)),
        "may_sign": may_sign,
        "why_not": queries.why_not(minutes, user, is_for_unit=campaign is not None),
        "is_fresh": is_fresh(request, user),
        "way": method_for(user),
        "has_certifier": has_certifier(),
        "is_refused": status != 200,
        "is_signed": SIGNED in request.GET,
        "here": _here(minutes, campaign),
        "chosen": f"?rapat={minutes.meeting_id}" if campaign else "",
        **more,
    }
    return render(request, "review/minutes/minutes.html", context, status=status)
