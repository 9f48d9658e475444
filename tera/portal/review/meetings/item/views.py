"""The page of one survey in a meeting."""

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.engine.explain import said
from tera.portal.accounts.models import User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings import queries
from tera.portal.review.meetings.board import Tile, board_of
from tera.portal.review.meetings.choices import choices
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.meetings.item import actions, sheet
from tera.portal.review.meetings.item.forms import AnswerForm, AskForm, DecisionForm, FindingForm, shown
from tera.portal.review.meetings.item.returned import returned_before
from tera.portal.review.meetings.item.sheet import Sheet
from tera.portal.review.meetings.views import entered, meeting_with
from tera.portal.review.meetings.wording import ASKS, DECISIONS, said_of, why
from tera.portal.review.models import Item, Meeting
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

TEMPLATE = "review/meetings/item.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one survey of the agenda with what is asked, found and decided of it, and note more.

    One button saves one thing. What was typed beside it comes back unsaved, on a page that may be sent again.
    """
    meeting = meeting_with(pk)
    user = entered(request, meeting.office, f"{meeting}/{number}")
    tile = _tile(meeting, number)
    if request.method != "POST":
        page = sheet.fresh(tile.item, _waiting(tile.item))
        return render(request, TEMPLATE, _context(meeting, tile, user, page))
    deed, values = request.POST.get("deed", ""), request.POST.dict()
    if not sheet.is_deed(deed):
        return HttpResponseBadRequest(f"deed: {sheet.DECIDE}, {sheet.ASK}, {sheet.FIND}, answer-<number>")
    page = sheet.sent(tile.item, _waiting(tile.item), values, deed)
    problem = _do(meeting, tile.item, request.POST.get("code", ""), page.forms[deed], user)
    if problem is None and not page.left:
        return redirect("meeting-item", pk, number)
    meeting = meeting_with(pk)
    tile = _tile(meeting, number, request.POST.get("code", ""))
    if problem is None:
        values |= dict.fromkeys(page.forms[deed].fields, "")
    elif problem and deed == sheet.DECIDE:
        values |= {"seen": shown(tile.item)["seen"]}  # which the page now shows
    page = sheet.sent(tile.item, _waiting(tile.item), values, "" if problem is None else deed)
    context = {**_context(meeting, tile, user, page), "problem": problem, "is_saved": problem is None}
    return render(request, TEMPLATE, context, status=200 if problem is None else 400)


def _tile(meeting: Meeting, number: int, code: str = "") -> Tile:
    """Return a survey of the agenda by its code, or else at a place."""
    tiles = board_of(meeting).tiles
    found = [one for one in tiles if one.item.campaign.code == code]
    found += [one for one in tiles if one.item.place == number]
    if not found:
        raise Http404(f"{meeting} has no {number}")
    return found[0]


def _waiting(found: Item) -> list[int]:
    """Return the numbers of the open questions to a unit."""
    asked = found.campaign.questions.filter(answered_at=None, withdrawn_at=None)
    return list(asked.order_by("number").values_list("number", flat=True))


def _do(meeting: Meeting, found: Item, code: str, form: Form, user: User) -> str | None:
    """Do what a button means; return None where it is done, otherwise why not, unless its form says it."""
    if not form.is_valid():
        return ""
    try:
        # Whatever stands at this place now, the survey is the one that was on the page.
        if code != found.campaign.code:
            raise Refused(Reason.NOT_ON_AGENDA, code)
        _note(meeting, code, form, user)
    except Refused as refused:
        return why(refused)
    return None


def _note(meeting: Meeting, code: str, form: Form, user: User) -> None:
    """Note what a form says."""
    values, now = form.cleaned_data, timezone.now()
    match form:
        case DecisionForm():
            actions.decide_as_shown(meeting, code, form.draft(), by=user, at=now)
        case AskForm():
            actions.ask(meeting, code, values["text"], values["answer"], by=user, at=now)
        case AnswerForm():
            actions.note_answer(meeting, code, form.number, form.said, by=user, at=now)
        case FindingForm():
            actions.find(meeting, code, values["finding"], by=user, at=now)


def _context(meeting: Meeting, tile: Tile, user: User, page: Sheet) -> dict[str, object]:
    """Return what the page shows of a survey."""
    campaign = tile.item.campaign
    holds = holds_of(campaign, queries.today_at(meeting.office, timezone.now()))
    is_barred = not gate.may(user, queries.DECIDING, campaign)
    is_under_way = meeting.opened_at is not None and meeting.ended_at is None
    may_hold = is_under_way and user.may(queries.HOLDING, meeting.office)
    return {
        "meeting": meeting,
        "office": meeting.office,
        "tile": tile,
        "item": tile.item,
        "campaign": campaign,
        "returned": returned_before(tile.item),
        "page": page,
        "questions": [
            (question, page.answer(question.number))
            for question in campaign.questions.filter(withdrawn_at=None).order_by("number")
        ],
        "findings": tile.item.findings.order_by("number"),
        "choices": [
            (
                one.decision,
                DECISIONS[one.decision],
                said_of(one.missing),
                "; ".join(str(ASKS[a]) for a in one.asks),
            )
            for one in choices(holds)
        ],
        "last": meeting.items.count(),
        "is_under_way": is_under_way,
        "is_barred": may_hold and is_barred,
        "may_decide": may_hold and not is_barred,
        "may_hold": may_hold,
        "may_see_signals": gate.may(user, "see-signals", campaign),
        "deciders": _deciders(meeting, campaign) if is_under_way else None,
    }


def _deciders(meeting: Meeting, campaign: Campaign) -> dict[str, list[str]]:
    """Return by which roles a survey is decided of, and who of those who attend holds one for it."""
    roles, language = rules().permissions[queries.DECIDING].roles, language_in_force()
    here = meeting.attendances.exclude(user=None).select_related("user").order_by("pk")
    return {
        "roles": [said(rules().roles[role].title, language) for role in roles],
        "here": [one.name for one in here if one.user and gate.may(one.user, queries.DECIDING, campaign)],
    }
