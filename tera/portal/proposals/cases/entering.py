"""Pages on which a layer gives its values, hands in evidence and reads it, and says what it thinks."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tera.portal.proposals import gate
from tera.portal.proposals.cases import wording
from tera.portal.proposals.cases.acting import acts_for_one_layer
from tera.portal.proposals.cases.filling import fill, form_of
from tera.portal.proposals.cases.hints import hints_of
from tera.portal.proposals.cases.notes import OpinionForm
from tera.portal.proposals.cases.open import PERMISSIONS, CannotScore, OtherLayer, is_open
from tera.portal.proposals.cases.scoring import give_opinion
from tera.portal.proposals.cases.views import case_of, render_page, told
from tera.portal.proposals.models import Evidence
from tera.portal.proposals.queries import is_in_conflict
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models.checks import Layer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def score(request: HttpRequest, pk: int, layer: str) -> HttpResponse:
    """Show what a layer gave and keep what it gives now: what is sound is kept, the rest is asked again."""
    if layer not in Layer.values:
        raise Http404(layer)
    case, mine = case_of(pk), Layer(layer)
    user = gate.look(request, case)
    gate.require(user, PERMISSIONS[mine], case)
    context = {"case": case, "name": layer_name(mine), "layer": layer, "target": case.target}
    if not acts_for_one_layer(case, user, mine):
        context["closed"] = wording.OTHER_LAYER
        return render(request, "proposals/cases/scores.html", context, status=400)
    if not is_open(case, mine, in_conflict=is_in_conflict(case)):
        context["closed"] = wording.CLOSED[mine]
        status = 400 if request.method == "POST" else 200
        return render(request, "proposals/cases/scores.html", context, status=status)
    form, kept = form_of(case, mine), 0
    if request.method == "POST":
        had_some = case.scores.filter(layer=mine).exists()
        form, kept = fill(case, mine, request.POST, request.FILES, by=user)
        if not form.errors:
            return told(case, ("diubah" if had_some else "tersimpan") if kept else "sama")
    rules = case.rulebook
    judged = [given.id for given in rules.given]
    other, hints = [name for name in form.names if name not in judged], hints_of(case, mine)
    context |= {
        "form": form,
        "kept": kept,
        "judged": [(row, hints[row.given.id]) for row in form.rows(judged)],
        "recorded": [(row, hints[row.given.id]) for row in form.rows(other)],
        "evidence": form.files_kept.values(),
    }
    return render(request, "proposals/cases/scores.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
@never_cache
def evidence(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out a file as it was handed in, never to be shown as a page of ours."""
    case = case_of(pk)
    kept = get_object_or_404(Evidence, pk=number, case=case)
    gate.look(request, case, f"{case}: {kept.pk}")
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(True, kept.name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(bytes(kept.content), content_type=kept.kind, headers=headers)


@login_required
@require_POST
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the inspectorate says of a proposal, for or against it, with a reason."""
    case = case_of(pk)
    user = gate.look(request, case)
    gate.require(user, PERMISSIONS[Layer.INSPECTORATE], case)
    typed, form = {"opinion": request.POST}, OpinionForm(request.POST)
    if not form.is_valid():
        return render_page(request, case, user, {"problem": wording.OPINION_LACKS, **typed}, 400)
    said = form.cleaned_data
    try:
        give_opinion(case, is_for=said["stand"] == "1", reason=said["reason"], by=user, at=timezone.now())
    except CannotScore as error:
        is_other = isinstance(error, OtherLayer)
        problem = wording.OTHER_LAYER if is_other else wording.CLOSED[Layer.INSPECTORATE]
        return render_page(request, case, user, {"problem": problem, **typed}, 400)
    return told(case, "pendapat")
