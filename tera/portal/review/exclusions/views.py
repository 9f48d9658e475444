"""The page of the responses that should not count: proposed by one office, answered by another."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.engine.disclosure import K
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.results import actions
from tera.portal.results.models import Exclusion, Reason
from tera.portal.review.exclusions import queries
from tera.portal.review.exclusions.forms import ProposalForm
from tera.portal.review.exclusions.wording import REASONS, in_words
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

REFUSED: dict[str, Promise] = {  # why, in the address of the page
    "jawab": _(
        "Usul itu sudah dijawab, atau jawabannya baru saja diusulkan orang lain. Tidak ada yang berubah."
    ),
    "hapus": _(
        "Semua jawaban dalam usul ini sudah dihapus atas permintaan pengisinya. Usul ini hanya dapat ditolak."
    ),
    "sisa": _("Bila disetujui, kurang dari sepuluh jawaban di blok terakhir dihitung, sehingga terbaca."),
    "alasan": _("Tulis mengapa usul itu tidak disetujui. Tidak ada yang berubah."),
}
DONE: dict[str, Promise] = {
    "setuju": _("Usul disetujui. Berlaku saat hasil disahkan."),
    "setuju-koreksi": _("Usul disetujui. Berlaku saat hasil dikoreksi, mulai sepuluh jawaban bersama."),
    "tolak": _("Usul tidak disetujui. Jawabannya tetap dihitung."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def exclusions(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was proposed and became of it; take proposals, and the answers of second offices."""
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    if request.method != "POST":
        return _page(request, campaign, gate.look(request, "see-dossier", campaign))
    user = signed_in(request)
    gate.require(user, queries.PERMISSION, campaign)
    if request.POST.get("deed") == "propose":
        return _propose(request, campaign, user)
    if request.POST.get("deed") in {"confirm", "decline"}:
        return _answer(request, campaign, user)
    return HttpResponseBadRequest("deed: propose, confirm, decline")


def _propose(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    offices = queries.offices_of(user, campaign)
    if not offices:  # by a lent role only
        raise PermissionDenied(queries.PERMISSION)
    form = ProposalForm(request.POST, offices=offices)
    if not form.is_valid():
        return _page(request, campaign, user, form)
    lines = queries.read_lines(campaign, form.cleaned_data["lines"])
    if lines.faults:
        return _page(request, campaign, user, form, lines)
    reasons = dict.fromkeys(lines.found, Reason(form.cleaned_data["reason"]))
    page, note = reverse("exclusions", args=[campaign.code]), form.cleaned_data["note"].strip()
    try:
        proposed = actions.propose_exclusion(campaign, reasons, by=user, office=form.proposer, note=note)
    except actions.CannotExclude:
        return redirect(f"{page}?ditolak=jawab")  # named by somebody else, this moment
    return redirect(f"{page}?diusulkan={proposed.number}")


def _answer(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    number, answer = request.POST.get("number", ""), request.POST.get("answer", "").strip()
    exclusion = get_object_or_404(
        Exclusion.objects.select_related("campaign__unit"),
        campaign=campaign,
        number=int(number) if number.isdecimal() and len(number) < 10 else 0,
    )
    page = reverse("exclusions", args=[campaign.code])
    offices = {office.slug: office for office in queries.offices_of(user, campaign)}
    office = offices.get(request.POST.get("office", ""))
    if office is None:
        return HttpResponseBadRequest(f"office: {', '.join(offices)}")
    is_declined = request.POST["deed"] == "decline"
    if is_declined and not answer:
        return redirect(f"{page}?ditolak=alasan")
    decide = actions.decline_exclusion if is_declined else actions.confirm_exclusion
    try:
        decide(exclusion, by=user, office=office, answer=answer)
    except actions.CannotExclude as error:
        why = {actions.NobodyLeft: "hapus", actions.LeavesTooFew: "sisa"}.get(type(error), "jawab")
        return redirect(f"{page}?ditolak={why}")
    if is_declined:
        return redirect(f"{page}?tolak")
    return redirect(f"{page}?{'setuju' if exclusion.since == 1 else 'setuju-koreksi'}")


def _page(
    request: HttpRequest,
    campaign: Campaign,
    user: User,
    form: ProposalForm | None = None,
    lines: queries.Lines | None = None,
) -> HttpResponse:
    offices = queries.offices_of(user, campaign)
    if form is None and offices and not campaign.source:
        form = ProposalForm(offices=offices)
    proposals, asked = queries.list_proposals(campaign, user), request.GET.get("diusulkan", "")
    context = {
        "campaign": campaign,
        "rows": [(one, [(REASONS[reason], n) for reason, n in one.reasons]) for one in proposals],
        "certification": getattr(campaign, "certification", None),
        "form": form,
        "found": len(lines.found) if lines else 0,
        "faults": in_words(lines.faults) if lines else [],
        "proposed": next((one.exclusion for one in proposals if str(one.exclusion.number) == asked), None),
        "refused": REFUSED.get(request.GET.get("ditolak", "")),
        "done": next((words for name, words in DONE.items() if name in request.GET), None),
        "reads_notes": gate.may(user, "see-signals", campaign),
        "k": K,
    }
    is_wrong = bool(form and form.errors) or bool(lines)
    status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
    return render(request, "review/exclusions/exclusions.html", context, status=status)
