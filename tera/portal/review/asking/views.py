"""Pages of questions to a unit, and of sending a returned survey in again."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tera.engine.transition import NotAllowed
from tera.engine.workflow import Condition
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.review.asking import actions, queries
from tera.portal.review.asking.forms import AnswerForm, AskForm, ResubmitForm
from tera.portal.review.models import Question
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import stage_of
from tera.portal.surveys.way import way_of
from tera.portal.surveys.wording import STAGES, wording_of

DIGITS = 9  # of a number that fits its column
DONE: dict[str, Promise] = {
    "diajukan": _("Pertanyaan dikirim kepada unit."),
    "ditarik": _("Pertanyaan ditarik."),
    "dijawab": _("Jawaban dikirim kepada kantor."),
}


def _campaign(code: str) -> Campaign:
    return get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)


@login_required
@require_safe
@never_cache
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was asked of the unit, and what it answered."""
    campaign = _campaign(code)
    return _page(request, campaign, gate.look(request, "see-dossier", campaign))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the unit something, or take a question back; whoever only comes by is led to the questions."""
    campaign, user = _campaign(code), signed_in(request)
    gate.require(user, actions.ASK, campaign)
    page = reverse("questions", args=[campaign.code])
    if request.method != "POST":
        return redirect(page)
    try:
        if request.POST.get("deed") == "withdraw":
            actions.withdraw(_question(request, campaign), by=user, at=timezone.now())
            return redirect(f"{page}?ditarik")
        form = AskForm(request.POST)
        if not form.is_valid():
            return _page(request, campaign, user, asking=form)
        actions.ask(campaign, form.cleaned_data["text"], by=user, at=timezone.now())
    except actions.CannotAsk:
        return redirect(f"{page}?ditolak")
    return redirect(f"{page}?diajukan")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_questions(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a question for the unit; whoever only comes by is led to the questions."""
    campaign, user = _campaign(code), signed_in(request)
    gate.require(user, actions.ANSWER, campaign)
    page = reverse("questions", args=[campaign.code])
    if request.method != "POST":
        return redirect(page)
    if "number" not in request.POST:
        return HttpResponseBadRequest("number: that of a question")
    question, form = _question(request, campaign), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, user, answering=(question, form))
    try:
        actions.answer(question, form.cleaned_data["text"], by=user, at=timezone.now())
    except actions.CannotAsk:
        return redirect(f"{page}?ditolak")
    return redirect(f"{page}?dijawab")


def _question(request: HttpRequest, campaign: Campaign) -> Question:
    number = request.POST.get("number", "")
    return get_object_or_404(
        Question.objects.select_related("campaign__unit", "office"),
        campaign=campaign,
        number=int(number) if number.isdecimal() and len(number) <= DIGITS else 0,
    )


def _page(
    request: HttpRequest,
    campaign: Campaign,
    user: User,
    asking: AskForm | None = None,
    answering: tuple[Question, AnswerForm] | None = None,
) -> HttpResponse:
    found, stage = queries.list_questions(campaign, user), stage_of(campaign)
    may_answer = gate.may(user, actions.ANSWER, campaign)
    wrong = {answering[0].number: answering[1]} if answering else {}
    rows = [(one, _form_for(one, wrong) if may_answer and one.is_open else None) for one in found]
    may_ask = stage not in actions.DECIDED and gate.may(user, actions.ASK, campaign)
    context = {
        "campaign": campaign,
        "rows": rows,
        "is_decided": stage in actions.DECIDED,
        "form": asking or AskForm(auto_id="ask_%s") if may_ask else None,
        "done": next((words for name, words in DONE.items() if name in request.GET), None),
        "is_refused": "ditolak" in request.GET,
        "may_resubmit": stage == "RETURNED" and gate.may(user, actions.RESUBMIT, campaign),
    }
    status = HTTPStatus.BAD_REQUEST if asking or answering else HTTPStatus.OK
    return render(request, "review/asking/questions.html", context, status=status)


def _form_for(one: queries.Asked, wrong: dict[int, AnswerForm]) -> AnswerForm:
    number = one.question.number
    form = wrong.get(number, AnswerForm())
    form.auto_id = f"answer-{number}-%s"
    return form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def resubmit(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the unit must mend and by when, and take the survey back once it says what it mended."""
    campaign = _campaign(code)
    user = gate.look(request, actions.RESUBMIT, campaign)
    form = ResubmitForm(request.POST if request.method == "POST" else None)
    missing: Sequence[Condition] = ()
    if request.method == "POST" and form.is_valid():
        try:
            actions.resubmit(campaign, form.cleaned_data["mended"], by=user, at=timezone.now())
        except NotAllowed as error:
            missing = error.missing
        else:
            return redirect(f"{reverse('resubmit', args=[campaign.code])}?dikirim")
    context = {
        "campaign": campaign,
        "mend": queries.to_mend(campaign, timezone.now()),
        "stage": STAGES[stage_of(campaign)],
        "way": way_of(campaign),
        "form": form,
        "missing": wording_of(missing),
        "is_sent": "dikirim" in request.GET,
        "may_fill_methods": gate.may(user, "fill-methods", campaign),
    }
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "review/asking/resubmit.html", context, status=status)
