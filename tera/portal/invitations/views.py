"""The page with which an office invites people to answer: posters, a logo, texts to copy, and sending."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tera.portal.accounts.gate import LOOK, note, require
from tera.portal.accounts.queries import signed_in
from tera.portal.invitations import actions, wording
from tera.portal.invitations.actions import Report
from tera.portal.invitations.forms import LANGUAGES, WAYS, LogoForm, PosterForm, SendForm
from tera.portal.invitations.models import Logo
from tera.portal.invitations.posters import print_poster
from tera.portal.invitations.printing import UNKNOWN, spell
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {  # of a file, by the ending of its name
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An invitation to copy, and the address that opens it in a program of the reader's."""

    way: str
    name: str
    text: str
    subject: str
    href: str


def _visible(request: HttpRequest, code: str) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    gate.look(request, "see-surveys", campaign)
    if campaign.source:
        raise Http404("nobody is invited to answers that were imported")
    return campaign


def _operated(request: HttpRequest, code: str) -> Campaign:
    campaign = _visible(request, code)
    require(signed_in(request), "invite", campaign.unit)
    return campaign


def _link(request: HttpRequest, campaign: Campaign, language: str = "id") -> str:
    if language == "id" or language not in campaign.languages:
        return request.build_absolute_uri(reverse("answer", args=[campaign.code]))
    return request.build_absolute_uri(reverse("answer-in", args=[campaign.code, language]))


def _drafts(request: HttpRequest, campaign: Campaign, language: str) -> list[Draft]:
    drafts = []
    for way, name in WAYS.items():
        message = wording.write(way, campaign, _link(request, campaign, language), language)
        subject, text = quote(message.subject, safe=""), quote(message.text, safe="")
        href = {
            "EMAIL": f"mailto:?subject={subject}&body={text}",
            "WHATSAPP": f"https://wa.me/?text={text}",
            "SMS": f"sms:?body={text}",
        }[way]
        drafts.append(Draft(way, str(name), message.text, message.subject, href))
    return drafts


def _page(request: HttpRequest, campaign: Campaign, status: int = 200, **forms: object) -> HttpResponse:
    printed = "".join([campaign.unit.name, *campaign.services.values()])
    context = {
        "campaign": campaign,
        "may_operate": signed_in(request).may("invite", campaign.unit),
        "is_open": campaign.is_open(timezone.now()),
        "is_over": not campaign.days_left(timezone.now()),
        "has_logo": Logo.objects.filter(unit=campaign.unit).exists(),
        "unprinted": "".join(dict.fromkeys(letter for letter in printed if UNKNOWN in spell(letter))),
        "drafts": [(code, name, _drafts(request, campaign, code)) for code, name in LANGUAGES.items()],
        "missing": [way for way in WAYS if way not in settings.SENDERS],
        "has_senders": bool(settings.SENDERS),
        "poster_form": PosterForm(campaign=campaign),
        "logo_form": LogoForm(),
        "send_form": SendForm(ways=settings.SENDERS),
        **forms,
    }
    return render(request, "invitations/invitations.html", context, status=status)


@login_required
@require_safe
@never_cache
def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """Show what invites people to answer a campaign."""
    return _page(request, _visible(request, code))


@login_required
@require_safe
@never_cache
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """Print a poster or a counter card."""
    campaign = _visible(request, code)
    if not campaign.days_left(timezone.now()):
        return redirect("invitations", code=campaign.code)
    form = PosterForm(request.GET, campaign=campaign)
    if not form.is_valid():
        return _page(request, campaign, 400, poster_form=form, wrong=form)
    wanted, user = form.poster(), signed_in(request)
    pdf = print_poster(campaign, _link(request, campaign), wanted)
    role = gate.acting(user, "see-surveys", campaign)
    note(LOOK, user, role, "print-poster", campaign.code, campaign.unit)
    return as_download(pdf, "poster", campaign.code, wanted.paper, wanted.service.lower())


def as_download(content: bytes, *parts: str, ending: str = "pdf") -> HttpResponse:
    """Return a file for the reader to keep, under a name of these parts without those that are empty."""
    name = "-".join(filter(None, parts))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[ending], headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def logo(request: HttpRequest, code: str) -> HttpResponse:
    """Show the logo of the unit, take another, or remove it."""
    if request.method != "POST":
        kept = get_object_or_404(Logo, unit=_visible(request, code).unit)
        return HttpResponse(bytes(kept.picture), content_type=kept.media_type)
    campaign, user = _operated(request, code), signed_in(request)
    if "remove" in request.POST:
        actions.remove_logo(campaign.unit, by=user)
    else:
        form = LogoForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, campaign, 400, logo_form=form, wrong=form)
        actions.keep_logo(campaign.unit, form.cleaned_data["picture"], by=user)
    return redirect(f"{reverse('invitations', args=[campaign.code])}#logo")


@sensitive_post_parameters()
@login_required
@require_POST
@never_cache
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Send invitations and say how that went; the list comes back without those that were sent."""
    campaign = _operated(request, code)
    if not campaign.is_open(timezone.now()):
        return redirect("invitations", code=campaign.code)
    form = SendForm(request.POST, ways=settings.SENDERS)
    if not form.is_valid():
        return _page(request, campaign, 400, send_form=form, wrong=form)
    way, language = form.cleaned_data["way"], form.cleaned_data["language"]
    message = wording.write(way, campaign, _link(request, campaign, language), language)
    recipients, problems = form.recipients_and_problems()
    sender = settings.SENDERS[way]
    done = actions.send(campaign, sender, message, recipients, by=signed_in(request))
    report = Report(done.sent, tuple(sorted([*problems, *done.problems], key=lambda each: each.line.number)))
    left = "\n".join(problem.line.text for problem in report.problems)
    again = SendForm(initial={"way": way, "language": language, "recipients": left}, ways=settings.SENDERS)
    return _page(request, campaign, send_form=again, report=report)
