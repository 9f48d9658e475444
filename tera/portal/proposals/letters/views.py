"""Pages of letters: the register of an office, and one letter with its files."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tera.portal.accounts.gate import require
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.invitations.views import as_download
from tera.portal.proposals.letters import actions, queries
from tera.portal.proposals.letters.choosing import PERMISSION, kinds_for
from tera.portal.proposals.letters.document import FORMAT, Json, decode
from tera.portal.proposals.letters.forms import VoidForm
from tera.portal.proposals.letters.paper import print_letter
from tera.portal.proposals.letters.present import present
from tera.portal.proposals.letters.reading import look_at
from tera.portal.proposals.letters.refusing import CannotWrite
from tera.portal.proposals.letters.word import word_letter
from tera.portal.proposals.models import Letter
from tera.portal.units.models import Unit

ON_A_PAGE = 25


@login_required
@require_safe
@never_cache
def letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the register of an office, year by year."""
    office = get_object_or_404(Unit, slug=slug)
    user = look_at(request, office, "letters")
    years = queries.years_of(office)
    asked = request.GET.get("tahun", "")
    year = next((one for one in years if str(one) == asked), years[0] if years else timezone.localdate().year)
    page = Paginator(queries.register(office, year), ON_A_PAGE).get_page(request.GET.get("hal"))
    context = {
        "office": office,
        "years": years,
        "year": year,
        "page": page,
        "rows": [(one, decode(one.document)) for one in page],
        "kinds": kinds_for(user, office),
    }
    return render(request, "proposals/letters/letters.html", context)


@login_required
@require_safe
@never_cache
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a letter says, which proposals it names, and its files."""
    found = _letter(pk)
    user = look_at(request, found.office, actions.about(found))
    return _page(request, found, user)


@login_required
@require_safe
@never_cache
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a letter."""
    found = _letter(pk)
    look_at(request, found.office, actions.about(found))
    _document(found)
    return as_download(print_letter(found), *_name(found))


@login_required
@require_safe
@never_cache
def letter_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a letter for a word processor."""
    found = _letter(pk)
    look_at(request, found.office, actions.about(found))
    _document(found)
    return as_download(word_letter(found), *_name(found), ending="docx")


@login_required
@require_POST
@never_cache
def void_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Void a letter."""
    found, user = _letter(pk), signed_in(request)
    require(user, PERMISSION, found.office)
    form, problem = VoidForm(request.POST), ""
    if form.is_valid():
        try:
            actions.void(found, form.cleaned_data["reason"], by=user, at=timezone.now())
        except CannotWrite as error:
            problem = error.words
        else:
            return redirect(f"{reverse('letter', args=[found.pk])}?batal")
    return _page(request, found, user, form, problem)


def _letter(pk: int) -> Letter:
    return get_object_or_404(Letter.objects.select_related("office", "by", "voided_by"), pk=pk)


def _document(found: Letter) -> Json:
    """Return what a letter says; there is no such page of a letter in which nothing stands."""
    document = decode(found.document)
    if document.get("format") != FORMAT:
        raise Http404(actions.about(found))
    return document


def _name(found: Letter) -> tuple[str, ...]:
    name = ("surat", found.office.slug, str(found.year), str(found.number))
    return (*name, "batal") if found.voided_at else name


def _page(
    request: HttpRequest, found: Letter, user: User, form: VoidForm | None = None, problem: str = ""
) -> HttpResponse:
    context = {
        "letter": found,
        "office": found.office,
        "it": present(_document(found), found.sha256),
        "listed": queries.listed_in(found),
        "form": form or VoidForm(),
        "problem": problem,
        "may_write": actions.may_write(user, found.office),
        "no_void": actions.no_void(found),
        "is_written": "tertulis" in request.GET,
    }
    return render(request, "proposals/letters/letter.html", context, status=400 if form else 200)
