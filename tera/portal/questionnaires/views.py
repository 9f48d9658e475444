"""Pages of questionnaires. They are official and no secret: everybody who logs in may read them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from tera.engine.catalogue import list_instruments
from tera.engine.compare import differences
from tera.engine.instrument import CannotCombine, Instrument
from tera.portal.accounts.queries import language_in_force
from tera.portal.questionnaires import queries
from tera.portal.surveys import respondents

USUAL = ("skm-9", "spak-5-4")


def _chosen(request: HttpRequest) -> tuple[tuple[Instrument, ...], bool]:
    """Return what is asked together, and whether what was chosen cannot be."""
    asked = request.GET.getlist("pilih") or list(USUAL)
    try:
        return queries.chosen(asked) or queries.chosen(USUAL), False
    except CannotCombine:
        return queries.chosen(asked[:1]) or queries.chosen(USUAL), True


@login_required
@require_safe
def questionnaires(request: HttpRequest) -> HttpResponse:
    """Show all questionnaires, and those that are chosen as a respondent sees them on a phone."""
    found, cannot_combine = _chosen(request)
    languages = queries.languages_of(found)
    asked = request.GET.get("bahasa", "")
    context = {
        "instruments": list_instruments(),
        "found": found,
        "ids": {entry.id for entry in found},
        "fitting": queries.can_be_asked_with(found),
        "cannot_combine": cannot_combine,
        "languages": languages,
        "language": next((entry for entry in languages if entry.id == asked), languages[0]),
        "count": sum(len(entry.items) for entry in found),
    }
    return render(request, "questionnaires/questionnaires.html", context)


@login_required
@require_safe
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """Show what a respondent sees, to be framed by the page above; nothing in it can be sent."""
    found, _is_wrong = _chosen(request)
    language = request.GET.get("bahasa", "id")
    if language not in {entry.id for entry in queries.languages_of(found)}:
        raise Http404(f"nothing is asked in {language!r}")
    response = HttpResponse(queries.preview(found, language, _("Unit contoh"), _("Periode contoh")))
    framed = respondents.policy().replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = framed.replace("form-action 'self'", "form-action 'none'")
    return response


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show in what two questionnaires differ, word by word."""
    known = {entry.id: entry for entry in list_instruments()}
    before = known.get(request.GET.get("dari", ""), known["spak-5-4"])
    after = known.get(request.GET.get("ke", ""), known["spak-5-4-plain"])
    context = {
        "instruments": known.values(),
        "before": before,
        "after": after,
        "differences": differences(before, after, language_in_force()),
    }
    return render(request, "questionnaires/compare.html", context)
