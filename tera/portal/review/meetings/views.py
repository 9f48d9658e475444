"""Pages of the meetings of an office: the list of them, one with its board, and the screen in the room."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.portal.accounts.gate import look, require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.review.meetings import actions, queries
from tera.portal.review.meetings.board import Board, Tile, board_of
from tera.portal.review.meetings.doing import DEEDS, after
from tera.portal.review.meetings.forms import AttendeeForm, MeetingForm
from tera.portal.review.meetings.holding import Reason, Refused
from tera.portal.review.meetings.wording import PARTS, said_of, why
from tera.portal.review.models import Meeting
from tera.portal.review.models.meeting import Part
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit


def entered(request: HttpRequest, office: Unit, about: str) -> User:
    """Return who is here: to do something, whoever holds meetings; to look, which is noted, who sees them.

    Raises:
        PermissionDenied: none of their roles allows it.
    """
    if request.method == "POST":
        user = signed_in(request)
        require(user, queries.HOLDING, office)
        return user
    return look(request, queries.PERMISSION, office, about)


def meeting_with(pk: int) -> Meeting:
    """Return a meeting, or that there is none."""
    return get_object_or_404(Meeting.objects.select_related("office"), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """List the meetings of an office, and plan one."""
    office = get_object_or_404(Unit, slug=slug)
    user, now = entered(request, office, "meetings"), timezone.now()
    today = queries.today_at(office, now)
    found, chosen = queries.takeable(office, today), set(request.POST.getlist("campaign"))
    form, problem = MeetingForm(request.POST or None, today=today), ""
    if request.method == "POST" and form.is_valid():
        try:
            campaigns = _chosen(found, chosen)
            planned = actions.plan(office, form.arrangement(), campaigns, by=user, at=now)
            return redirect("meeting", planned.pk)
        except Refused as refused:
            problem = why(refused)
    context = {
        "office": office,
        "meetings": queries.meetings_of(office),
        "form": form,
        "takeable": found,
        "chosen": chosen,
        "barred": queries.barred(user, found),
        "may_hold": user.may(queries.HOLDING, office),
        "problem": problem,
    }
    is_wrong = request.method == "POST"
    return render(request, "review/meetings/meetings.html", context, status=400 if is_wrong else 200)


def _chosen(found: list[Campaign], codes: set[str]) -> list[Campaign]:
    """Return those that were chosen of what can be taken up; Refused where one cannot any more."""
    if gone := codes - {campaign.code for campaign in found}:
        raise Refused(Reason.NOT_TO_BE_TAKEN_UP, *sorted(gone))
    return [campaign for campaign in found if campaign.code in codes]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the board of a meeting with its agenda and who attends, and do what is asked with it."""
    found = meeting_with(pk)
    user = entered(request, found.office, str(found))
    people = queries.attendable(found.office, queries.today_at(found.office, timezone.now()))
    deed, problem = request.POST.get("deed", ""), ""
    form = AttendeeForm(request.POST if deed == "attend" else None, people=people)
    if request.method == "POST":
        if deed not in DEEDS:
            return HttpResponseBadRequest(f"deed: {', '.join(DEEDS)}")
        try:
            if deed != "attend" or form.is_valid():
                DEEDS[deed](found, request, user, form)
                return redirect(after(request, found, deed))
        except Refused as refused:
            problem = why(refused)
        found = meeting_with(pk)
    context = {**_context(found, user), "form": form, "problem": problem}
    is_wrong = request.method == "POST"
    return render(request, "review/meetings/meeting.html", context, status=400 if is_wrong else 200)


def _context(found: Meeting, user: User) -> dict[str, object]:
    """Return what the page of a meeting shows."""
    board, may_hold = board_of(found), found.ended_at is None and user.may(queries.HOLDING, found.office)
    free = []
    if may_hold:
        free = queries.takeable(found.office, queries.today_at(found.office, timezone.now()))
    listed = [tile.item.campaign for tile in board.tiles]
    barred = queries.barred(user, [*free, *listed]) if may_hold else set()
    opened = found.opened_at
    return {
        "meeting": found,
        "office": found.office,
        "today": queries.today_at(found.office, timezone.now()),
        "opened_on": queries.today_at(found.office, opened) if opened else None,
        "board": board,
        "attendances": [(one, PARTS[Part(one.part)]) for one in found.attendances.order_by("pk")],
        "may_hold": may_hold,
        "takeable": free,
        "barred": barred,
        "hindrances": _hindrances(board, barred),
    }


def _hindrances(board: Board, barred: set[int]) -> list[tuple[str, list[Tile]]]:
    """Return why the meeting cannot be ended, each reason with the surveys of which it is true."""
    found: dict[str, list[Tile]] = {}
    for tile in board.tiles:
        if reason := _hindrance(tile, barred):
            found.setdefault(reason, []).append(tile)
    return list(found.items())


def _hindrance(tile: Tile, barred: set[int]) -> str:
    if not tile.item.decision:
        return gettext("belum ada keputusan")
    if tile.item.campaign.pk in barred:
        return gettext("Anda pernah menjalankan survei unit ini, jadi orang lain yang mengakhiri rapat")
    return said_of(tile.missing)
