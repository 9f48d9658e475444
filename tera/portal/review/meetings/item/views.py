"""The page of one survey in a meeting."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.portal.accounts.models import User
from tera.portal.results.present import show_verdicts
from tera.portal.review.conditions import holds_of
from tera.portal.review.meetings import queries
from tera.portal.review.meetings.board import Tile, board_of
from tera.portal.review.meetings.choices import choices
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.meetings.item import actions
from tera.portal.review.meetings.item.forms import AnswerForm, AskForm, DecisionForm, FindingForm, drafted
from tera.portal.review.meetings.views import entered, meeting_with
from tera.portal.review.meetings.wording import ASKS, DECISIONS, said_of, why
from tera.portal.review.models import Meeting
from tera.portal.surveys import gate


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one survey of the agenda with what is asked, found and decided of it, and note more."""
    meeting = meeting_with(pk)
    user = entered(request, meeting.office, f"{meeting}/{number}")
    tile = _tile(meeting, number)
    deed, problem = request.POST.get("deed", ""), ""
    forms = _forms(request, tile, deed)
    if request.method == "POST":
        if deed not in DEEDS:
            return HttpResponseBadRequest(f"deed: {', '.join(DEEDS)}")
        try:
            if forms[deed].is_valid():
                # Whatever stands at this place now, the survey is the one that was on the page.
                code = request.POST.get("code", "")
                if code != tile.item.campaign.code:
                    raise Refused(Reason.NOT_ON_AGENDA, code)
                DEEDS[deed](meeting, code, forms[deed], user)
                return redirect("meeting-item", pk, number)
        except Refused as refused:
            problem = why(refused)
        meeting, tile = meeting_with(pk), _tile(meeting, number)
    context = {**_context(meeting, tile, user), "forms": forms, "problem": problem}
    is_wrong = request.method == "POST"
    return render(request, "review/meetings/item.html", context, status=400 if is_wrong else 200)


def _tile(meeting: Meeting, number: int) -> Tile:
    """Return the survey at a place of the agenda."""
    found = next((one for one in board_of(meeting).tiles if one.item.place == number), None)
    if found is None:
        raise Http404(f"{meeting} has no {number}")
    return found


def _forms(request: HttpRequest, tile: Tile, deed: str) -> dict[str, Form]:
    """Return the forms of the page, that of the deed with what was sent."""

    def sent(name: str) -> QueryDict | None:
        return request.POST if deed == name else None

    return {
        "decide": DecisionForm(sent("decide"), item=tile.item),
        "ask": AskForm(sent("ask"), auto_id="ask_%s"),
        "answer": AnswerForm(sent("answer"), auto_id="answer_%s"),
        "find": FindingForm(sent("find"), auto_id="find_%s"),
    }


def _context(meeting: Meeting, tile: Tile, user: User) -> dict[str, object]:
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
        "verdicts": show_verdicts(tile.result),
        "questions": campaign.questions.filter(withdrawn_at=None).order_by("number"),
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
    }


def _decide(meeting: Meeting, code: str, form: Form, user: User) -> None:
    decision, words = drafted(form.cleaned_data)
    actions.decide(meeting, code, decision, words, by=user, at=timezone.now())


def _ask(meeting: Meeting, code: str, form: Form, user: User) -> None:
    said = form.cleaned_data
    actions.ask(meeting, code, said["text"], said["answer"], by=user, at=timezone.now())


def _answer(meeting: Meeting, code: str, form: Form, user: User) -> None:
    said = form.cleaned_data
    actions.note_answer(meeting, code, said["number"], said["answer"], by=user, at=timezone.now())


def _find(meeting: Meeting, code: str, form: Form, user: User) -> None:
    actions.find(meeting, code, form.cleaned_data["text"], by=user, at=timezone.now())


DEEDS: dict[str, Callable[[Meeting, str, Form, User], None]] = {
    "decide": _decide,
    "ask": _ask,
    "answer": _answer,
    "find": _find,
}
