"""The screen in the room: the board, then one survey after another, as the chair shows them."""

import hashlib
from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.parts import parts_for, shown
from tera.portal.review.dossier.queries import PERMISSION as DOSSIER
from tera.portal.review.meetings import queries
from tera.portal.review.meetings.board import Tile, board_of
from tera.portal.review.meetings.item.returned import returned_before
from tera.portal.review.meetings.views import entered, meeting_with
from tera.portal.review.models import Finding, Meeting, Question
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

LONG = 5  # digits of a place that no agenda has


@login_required
@require_safe
@never_cache
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show to a room what the chair shows to all: the board, or one survey.

    With a place of the agenda in `unit` it shows that survey and follows nobody; `bagian` names a part of
    the dossier that is shown below the figures.
    """
    found = meeting_with(pk)
    user = entered(request, found.office, f"{found}: screen")
    tag = state_of(found)[1]  # before all that is read: what changes meanwhile changes the next tag
    board = board_of(found)
    asked = _place(request.GET.get("unit", ""), len(board.tiles))
    place = asked if asked is not None else (board.shown.item.place if board.shown else 0)
    tile = _at(board.tiles, place)
    is_led = asked is None and found.opened_at is not None and found.ended_at is None
    context = {
        "meeting": found,
        "board": board,
        "tile": tile,
        "place": place,
        "before": _at(board.tiles, place - 1),
        "after": _at(board.tiles, place + 1),
        "may_lead": is_led and user.may(queries.HOLDING, found.office),
        "is_following": is_led,
        "is_own": asked is not None,
        "tag": tag,
        **(_noted(tile) if tile else {}),
        **(_dossier(request, user, tile.item.campaign) if tile else {}),
    }
    return render(request, "review/meetings/screen.html", context)


@login_required
@require_safe
@never_cache
def now(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say in a few bytes what is shown now. Screens ask every few seconds, so the trail has no line of it."""
    found = meeting_with(pk)
    require(signed_in(request), queries.PERMISSION, found.office)
    state, tag = state_of(found)
    reply = JsonResponse(state, headers={"ETag": quote_etag(tag)})
    return get_conditional_response(request, etag=quote_etag(tag), response=reply) or reply


def state_of(found: Meeting) -> tuple[dict[str, object], str]:
    """Return how far a meeting is, and a tag that changes whenever a screen shows something else."""
    items = list(found.items.values_list("place", "pk", "decision", "campaign__code", "note", "due_on"))
    state: dict[str, object] = {
        "shown": next((place for place, pk, *_ in items if pk == found.shown_id), 0),
        "items": len(items),
        "decided": sum(bool(decision) for _, _, decision, *_ in items),
        "is_open": found.opened_at is not None and found.ended_at is None,
    }
    asked = Question.objects.filter(campaign__agenda_items__meeting=found)
    noted = asked.aggregate(n=Count("pk"), answered=Count("answered_at"), withdrawn=Count("withdrawn_at"))
    findings = Finding.objects.filter(item__meeting=found).count()
    text = repr((state, items, sorted(noted.items()), findings))
    return state, hashlib.sha256(text.encode()).hexdigest()[:16]


def _noted(tile: Tile) -> dict[str, object]:
    """Return what a meeting noted of a survey so far, and what its unit mended for it."""
    asked = tile.item.campaign.questions.filter(withdrawn_at=None).select_related("answered_by")
    return {
        "returned": returned_before(tile.item),
        "findings": tile.item.findings.order_by("number"),
        "questions": [(question, None) for question in asked.order_by("number")],
    }


def _dossier(request: HttpRequest, user: User, campaign: Campaign) -> dict[str, object]:
    """Return the parts of a dossier, and the one that is asked for; a look at it is noted as one."""
    if not gate.may(user, DOSSIER, campaign):
        return {}
    case, asked = Case(campaign, user), request.GET.get("bagian", "")
    every = parts_for(case)
    part = next((one for one in every if one.id == asked), None)
    if part is not None:
        gate.look(request, part.permission or DOSSIER, campaign)
    context = {"campaign": campaign, "case": case, "every": every}
    return {**context, "part": shown(part, case) if part else None}


def _place(text: str, last: int) -> int | None:
    """Return the place that somebody asked for, 0 for the board; None where the agenda has none like it."""
    place = int(text) if text.isdecimal() and len(text) < LONG else None
    return place if place is not None and place <= last else None


def _at(tiles: Sequence[Tile], place: int) -> Tile | None:
    return next((tile for tile in tiles if tile.item.place == place), None)
