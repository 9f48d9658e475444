"""The dossier of a survey, for meetings, and its comments."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.engine.disclosure import K
from tera.intake.comments import count_comments
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.review.dossier import actions, queries
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.forms import MaskForm
from tera.portal.review.dossier.parts import Part, parts_for, shown
from tera.portal.review.dossier.showing.comments import ON_A_PAGE, kinds, page_of
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

SIGNALS = "see-signals"


@login_required
@require_safe
@never_cache
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything that a meeting looks at; with `layar`, large and one part at a time.

    It is printed without what explains the numbers, unless `cetak` asks for all of it.
    """
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    case = Case(campaign, gate.look(request, queries.PERMISSION, campaign))
    every = parts_for(case)
    asked = request.GET.get("layar")
    chosen = every if asked is None else [_asked(every, asked)]
    if any(part.permission == SIGNALS for part in chosen):
        gate.look(request, SIGNALS, campaign)  # a look at signals is one here too
    context = {
        "campaign": campaign,
        "case": case,
        "every": every,
        "parts": [shown(part, case) for part in chosen],
        "office": case.office if case.may_compare else None,
        "may_mask": case.may(actions.MASK),
        "is_whole": request.GET.get("cetak") == "lengkap",
        **({} if asked is None else _beside(every, chosen[0])),
    }
    return render(request, "review/dossier/dossier.html", context)


def _asked(parts: list[Part], name: str) -> Part:
    """Return the part of this name, or the first."""
    return next((part for part in parts if part.id == name), parts[0])


def _beside(parts: list[Part], part: Part) -> dict[str, object]:
    """Return which part is on the screen, and those before and behind it."""
    at = parts.index(part)
    return {
        "on_screen": part,
        "before": parts[at - 1] if at else None,
        "behind": parts[at + 1] if at + 1 < len(parts) else None,
        "number": at + 1,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """Show all comments of a closed survey, masked, and let the office above cover further words."""
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    if request.method == "POST":
        return _cover(request, campaign)
    user = gate.look(request, queries.PERMISSION, campaign)
    return render(request, "review/dossier/all_comments.html", _comments(request, campaign, user))


def _comments(request: HttpRequest, campaign: Campaign, user: User) -> dict[str, object]:
    are_shown = queries.are_comments_shown(campaign)
    count = count_comments(settings.INTAKE, campaign.code) if are_shown else 0
    page = Paginator(range(count), ON_A_PAGE).get_page(request.GET.get("halaman"))
    may_mask = gate.may(user, actions.MASK, campaign)
    return {
        "campaign": campaign,
        "are_shown": are_shown,
        "is_closed": queries.closed_count(campaign) is not None,
        "count": count,
        "page": page,
        "comments": page_of(campaign, page.number) if are_shown else [],
        "kinds": kinds(),
        "may_mask": may_mask,
        "opened": request.GET.get("tutup", "") if may_mask else "",
        "k": K,
    }


def _cover(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Cover a word and come back to its comment."""
    user = signed_in(request)
    if not gate.may(user, actions.MASK, campaign):
        raise PermissionDenied(actions.MASK)
    form = MaskForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("comment, word")
    comment, word = form.cleaned_data["comment"], form.cleaned_data["word"]
    try:
        actions.mask_word(campaign, comment, word, by=user, at=timezone.now())
    except actions.NoSuchWord as error:
        raise Http404(str(error)) from error
    page = request.GET.get("halaman", "")
    query = f"?tutup={comment}" + (f"&halaman={int(page)}" if page.isdecimal() else "")
    return redirect(f"{reverse('comments', args=[campaign.code])}{query}#k-{comment}")
