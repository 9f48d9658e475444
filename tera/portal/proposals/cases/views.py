"""Pages of proposals: those that somebody may see, one of them, and the deeds that are done in it."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tera.engine.proposal import DEEDS, Condition, Stage
from tera.engine.transition import NotAllowed
from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.proposals import gate
from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.cases import actions, listing, wording
from tera.portal.proposals.cases.doing import is_known
from tera.portal.proposals.cases.lacking import lacks_of
from tera.portal.proposals.cases.notes import NoteForm
from tera.portal.proposals.cases.page import context_of
from tera.portal.proposals.cases.why import Why
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import basis_now
from tera.portal.results.correcting.actions import BadReason
from tera.portal.units.models import Unit


def case_of(pk: int) -> Case:
    """Return a proposal, or say that there is none."""
    return get_object_or_404(Case.objects.select_related("unit", "office"), pk=pk)


@login_required
@require_safe
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """Show the proposals that somebody may see, by whom they wait for."""
    user = signed_in(request)
    asked = listing.Asked.of(request.GET)
    page = listing.page_of(user, asked, request.GET.get("hal"))
    context = {
        "page": page,
        "groups": listing.groups_of(page),
        "own_unit": user.units_with("begin-proposal").first(),
        "asked": asked,
        "stages": [(word, name) for word, (name, _stages) in listing.GROUPS.items()],
        "conflict": (listing.CONFLICT, listing.IN_CONFLICT),
        "comparing": user.units_held("compare-units").order_by("name"),
        "registers": user.units_held("write-letters").order_by("name"),
        **listing.choices_of(user),
    }
    return render(request, "proposals/cases/list.html", context)


@login_required
@require_safe
@never_cache
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a proposal: its way, its criteria one by one, and what may be done now."""
    case = case_of(pk)
    user = gate.look(request, case)
    said = wording.SAID.get(request.GET.get("kabar", ""), "")
    return render_page(request, case, user, {"said": said})


def render_page(
    request: HttpRequest, case: Case, user: User, more: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Return the page of a proposal with what happened just now."""
    context = {**context_of(case, user), **more}
    return render(request, "proposals/cases/proposal.html", context, status=status)


def told(case: Case, news: str) -> HttpResponse:
    """Lead back to a proposal, which says what happened."""
    return redirect(f"{reverse('proposal', args=[case.pk])}?{urlencode({'kabar': news})}")


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal one step further, or say on its page what is missing."""
    case = case_of(pk)
    user = gate.look(request, case)
    deed, form = request.POST.get("deed", ""), NoteForm(request.POST)
    if not is_known(deed):
        raise BadRequest(f"deed: {', '.join(name for name in DEEDS if is_known(name))}")
    said: dict[str, object] = {"tried": deed, "typed": request.POST.get("note", "")}
    if not form.is_valid():
        return render_page(request, case, user, {"problem": wording.TOO_LONG, **said}, 400)
    try:
        actions.act(case, deed, by=user, at=timezone.now(), note=form.cleaned_data["note"])
    except NotAllowed as error:
        missing = lacks_of(case, basis_now(case), list(map(Condition, error.missing)))
        said |= {"problem": "" if missing else wording.OTHER_STAGE, "missing": missing}
        return render_page(request, case_of(pk), user, said, 400)
    except BadReason:
        return render_page(request, case, user, {"problem": wording.BAD_REASON, **said}, 400)
    return told(case, "langkah")


@login_required
@require_POST
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what was decided of a proposal."""
    case = case_of(pk)
    user = gate.look(request, case)
    try:
        actions.announce(case, by=user, at=timezone.now())
    except actions.CannotPropose:
        return render_page(request, case, user, {"problem": wording.CANNOT_ANNOUNCE}, 400)
    return told(case, "diumumkan")


@login_required
@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a proposal of a unit, or invite it; what is in the way is said on the page it came from."""
    unit, user = get_object_or_404(Unit, slug=slug), signed_in(request)
    period, target = (request.POST.get(name, "").replace("\0", "") for name in ("period", "target"))
    is_invited = request.POST.get("invite") == "1"
    if not surveys_of(unit, period).exists():
        require(user, DEEDS["invite" if is_invited else "begin"].permission, unit)
        return _refused(unit, period, target, Why.NO_SURVEY)
    try:
        case = actions.begin(unit, period, target, by=user, at=timezone.now(), is_invited=is_invited)
    except actions.CannotPropose as error:
        return _refused(unit, period, target, error.why)
    except NotAllowed:
        return _refused(unit, period, target, Why.NOT_MET)
    return told(case, "diundang" if case.stage == Stage.INVITED else "dimulai")


def _refused(unit: Unit, period: str, target: str, why: Why) -> HttpResponse:
    """Lead back to the page of the unit, which says why: `wording.REFUSED` has the words."""
    asked = urlencode({"periode": period, "gelar": target, "ditolak": why.value})
    return redirect(f"{reverse('eligibility', args=[unit.slug])}?{asked}")
