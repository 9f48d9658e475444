"""Pages on which an office writes: its texts for a kind of letter, and a letter."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.portal.accounts.gate import look, require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.invitations.actions import keep_logo, remove_logo
from tera.portal.invitations.forms import LogoForm
from tera.portal.invitations.models import Logo
from tera.portal.proposals.letters import actions
from tera.portal.proposals.letters.choosing import PERMISSION, Candidate, candidates, chosen_of, kinds_for
from tera.portal.proposals.letters.document import Draft, logo_of, units_of, written
from tera.portal.proposals.letters.filling import NUMBER_NAMES, TEXT_NAMES
from tera.portal.proposals.letters.forms import LABELS, LetterForm, TemplateForm
from tera.portal.proposals.letters.paper import print_draft
from tera.portal.proposals.letters.queries import next_number
from tera.portal.proposals.letters.refusing import CannotWrite
from tera.portal.proposals.letters.sample import sample_units
from tera.portal.proposals.letters.texts import ONE_OFF, Texts, missing, texts_of
from tera.portal.proposals.models import LetterKind
from tera.portal.units.models import Unit, UnitKind

LOGO_DEEDS = ("logo", "remove-logo")
DONE: dict[str, Promise] = {
    "tersimpan": _("Naskah tersimpan. Surat yang sudah ada tidak berubah."),
    "logo": _("Logo tersimpan."),
    "tanpa-logo": _("Surat dicetak tanpa logo mulai sekarang."),
}


def _entered(request: HttpRequest, slug: str, kind: str) -> tuple[Unit, LetterKind, User]:
    """Return the office and the kind of its letters, to whoever writes them."""
    office = get_object_or_404(Unit, slug=slug)
    if kind not in LetterKind.values:
        raise Http404(kind)
    if request.method == "POST":
        user = signed_in(request)
        require(user, PERMISSION, office)
    else:
        user = look(request, PERMISSION, office, f"letters, {kind}")
    return office, LetterKind(kind), user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def letter_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Show and keep the texts of an office for a kind of letter, show how they print, and take its logo."""
    office, kind_, user = _entered(request, slug, kind)
    page, deed = reverse("letter-template", args=[slug, kind]), request.POST.get("deed", "")
    in_region = office.kind == UnitKind.REGION
    form = TemplateForm(initial=dict(texts_of(office, kind_)), in_region=in_region)
    logo_form, problem = LogoForm(), ""
    if deed in LOGO_DEEDS:
        logo_form = LogoForm(request.POST, request.FILES)
        if done := _take_logo(office, user, logo_form, deed):
            return redirect(f"{page}?{done}")
    elif request.method == "POST":
        form = TemplateForm(request.POST, in_region=in_region)
        if form.is_valid() and deed == "preview":
            try:
                return _preview(_draft(request, office, kind_, form.texts()), [])
            except CannotWrite as error:
                problem = error.words
        elif form.is_valid():
            for_all, now = form.cleaned_data["for_all"], timezone.now()
            actions.keep_texts(office, kind_, form.texts(), by=user, at=now, for_all=for_all)
            return redirect(f"{page}?tersimpan")
    context = {
        "office": office,
        "kind": kind_,
        "form": form,
        "names": {**NUMBER_NAMES, **TEXT_NAMES},
        "logo_form": logo_form,
        "has_logo": Logo.objects.filter(unit=office).exists(),
        "problem": problem,
        "may_write": actions.may_write(user, office),
        "done": next((words for name, words in DONE.items() if name in request.GET), None),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "proposals/letters/template.html", context, status=status)


def _take_logo(office: Unit, user: User, form: LogoForm, deed: str) -> str:
    """Take the logo that is sent, or take it off; return what was done, nothing if the form is wrong."""
    require(user, PERMISSION, office, office=office)
    if deed == "remove-logo":
        remove_logo(office, by=user, permission=PERMISSION)
        return "tanpa-logo"
    if not form.is_valid():
        return ""
    keep_logo(office, form.cleaned_data["picture"], by=user, permission=PERMISSION)
    return "logo"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write_letter(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Offer what a letter may name, show how it prints, and write it."""
    office, kind_, user = _entered(request, slug, kind)
    texts, today = texts_of(office, kind_), timezone.localdate()
    found, problem = candidates(office, kind_), ""
    chosen = {
        int(pk) for pk in request.POST.getlist("case") if pk.isascii() and pk.isdigit() and len(pk) < 19
    }
    first = {"dated_on": today, "number": next_number(office, today.year)}
    form = LetterForm(request.POST or None, initial={**first, **{name: texts[name] for name in ONE_OFF}})
    if request.method == "POST" and form.is_valid():
        try:
            draft = _draft(request, office, kind_, {**texts, **form.texts()})
            draft = replace(draft, dated_on=form.dated())
            if request.POST.get("deed") == "preview":
                return _preview(draft, chosen_of(found, chosen))
            wish = actions.Wish(chosen, form.cleaned_data["number"], form.cleaned_data["skips"])
            made = actions.write(draft, wish, by=user, at=timezone.now())
        except CannotWrite as error:
            problem = error.words
        else:
            return redirect(f"{reverse('letter', args=[made.pk])}?tertulis")
    context = {
        "office": office,
        "kind": kind_,
        "form": form,
        "names": TEXT_NAMES,
        "found": found,
        "chosen": chosen,
        "problem": problem,
        "missing": [LABELS[name][0] for name in missing(texts)],
        "may_write": kind_ in kinds_for(user, office),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "proposals/letters/write.html", context, status=status)


def _draft(request: HttpRequest, office: Unit, kind: LetterKind, texts: Texts) -> Draft:
    """Return what is written so far; CannotWrite if the logo of the office cannot be printed."""
    site = request.build_absolute_uri("/").rstrip("/")
    return Draft(office, kind, timezone.localdate(), texts, site, logo_of(office))


def _preview(draft: Draft, chosen: list[Candidate]) -> HttpResponse:
    """Print a letter that is not written yet; without proposals, with invented ones."""
    units = units_of(draft, chosen) if chosen else sample_units(draft.kind)
    pdf = print_draft(written(draft, units, None))
    headers = {"Content-Disposition": 'inline; filename="rancangan.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
