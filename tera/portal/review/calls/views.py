"""The page of call-backs: drawing a round, calling one after the other, and what finished rounds show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tera.engine.explain import said
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import language_in_force
from tera.portal.review.calls import actions, queries
from tera.portal.review.calls.actions import CannotCall
from tera.portal.review.calls.forms import NEEDED, ContactsForm, OutcomeForm, RegisterForm
from tera.portal.review.calls.naming import OUTCOMES
from tera.portal.review.calls.queries import PERMISSION
from tera.portal.review.checks.views import campaign_of
from tera.portal.review.models import Call, CallRound
from tera.portal.review.models.calls import Outcome, Source
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import count_answers

TELEPHONE = re.compile(r"\+?[0-9 ().-]{6,30}")


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the script, with the names in it."""

    text: str
    then: str


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Show the round that is under way to the office that drew it, and what finished ones found."""
    campaign = campaign_of(code)
    user = gate.look(request, PERMISSION, campaign)
    if request.method != "POST":
        return _page(request, campaign, user)
    deed = DEEDS.get(request.POST.get("deed", ""), _unknown)
    try:
        return deed(request, campaign, user)
    except CannotCall:
        return redirect("calls", campaign.code)  # somebody else was faster, and the page says so


def _draw(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    is_list = request.POST.get("source") == Source.CONTACTS
    form = (
        ContactsForm(request.POST, request.FILES)
        if is_list
        else RegisterForm(request.POST, takes_tickets=campaign.takes_tickets)
    )
    if not form.is_valid():
        named = {"contacts_form" if is_list else "register_form": form}
        return _page(request, campaign, user, status=400, **named)
    values = form.cleaned_data
    actions.draw(campaign, values["pool"], values["sample"], by=user, at=timezone.now())
    return redirect("calls", campaign.code)


def _note(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    form, found = OutcomeForm(request.POST), _open(campaign)
    if not form.is_valid():
        return _page(request, campaign, user, status=400)
    values = form.cleaned_data
    actions.note(found, values["place"], Outcome(values["outcome"]), by=user)
    return redirect("calls", campaign.code)


def _finish(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    actions.finish(_open(campaign), by=user, at=timezone.now())
    return redirect("calls", campaign.code)


def _unknown(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    return _page(request, campaign, user, status=400)


DEEDS = {"draw": _draw, "note": _note, "finish": _finish}


def _open(campaign: Campaign) -> CallRound:
    found = queries.open_round(campaign)
    if found is None:
        raise CannotCall("no round is under way")
    return found


def _page(
    request: HttpRequest, campaign: Campaign, user: User, status: int = 200, **forms: object
) -> HttpResponse:
    found = queries.open_round(campaign)
    is_ours = found is not None and queries.is_of(found, user)
    context = {
        "campaign": campaign,
        "round": found,
        "is_ours": is_ours,
        "finished": queries.finished_rounds(campaign),
        "responses": count_answers([campaign])[campaign.code].total,
        "needed": NEEDED.items(),
        "contacts_form": ContactsForm(),
        "register_form": RegisterForm(takes_tickets=campaign.takes_tickets),
        **forms,
        **(_under_way(request, found) if found is not None and is_ours else {}),
    }
    return render(request, "review/calls/calls.html", context, status=status)


def _under_way(request: HttpRequest, found: CallRound) -> dict[str, object]:
    every = queries.calls_of(found)
    call = _shown(every, request.GET.get("nomor", ""))
    return {
        "lines": _lines(found),
        "calls": [(one, OUTCOMES[Outcome(one.outcome)] if one.outcome else "") for one in every],
        "called": sum(bool(one.outcome) for one in every),
        "call": call,
        "telephone": re.sub(r"[^+0-9]", "", call.contact) if call and _is_telephone(call.contact) else "",
        "outcomes": OUTCOMES.items(),
    }


def _shown(every: Sequence[Call], wanted: str) -> Call | None:
    """Return the call that is asked for, or the next that was not made."""
    named = (one for one in every if str(one.place) == wanted)
    return next(named, next((one for one in every if not one.outcome), None))


def _is_telephone(contact: str) -> bool:
    return TELEPHONE.fullmatch(contact) is not None


def _lines(found: CallRound) -> list[Said]:
    campaign, language = found.campaign, language_in_force()
    names = {"office": found.office.name, "unit": campaign.unit.name, "period": campaign.period}
    return [
        Said(said(line.says, language).format(**names), said(line.then, language) if line.then else "")
        for line in queries.script().lines
    ]
