"""The units that somebody may see: as a tree, as a table when they search, and as a file."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import LOOK, note
from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.offices.exchange import writing
from tera.portal.offices.exchange.cells import read_day
from tera.portal.offices.forms.search import SORTS, SearchForm
from tera.portal.offices.queries import branches, load_tree, offices_of, search, visible

PAGE = 50
FILES = {
    "csv": (writing.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (writing.as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _form(request: HttpRequest, user: User, today: date) -> SearchForm:
    day = read_day(request.GET.get("hari", "")) or today
    form = SearchForm(request.GET, offices=offices_of(user, day), today=today)
    form.is_valid()
    return form


@login_required
@require_safe
@never_cache
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree, or a table of what was searched for, as of a day."""
    user, today = signed_in(request), timezone.localdate()
    form = _form(request, user, today)
    note(LOOK, user, None, "see-units", f"list {form.day}", None)
    context = {
        "form": form,
        "day": form.day,
        "today": today,
        "may_reorganise": user.units_held("reorganise").exists(),
        "query": _query(request),
    }
    if form.is_filtered:
        sort = form.value("urut") or "nama"
        found = search(visible(user, form.day), form.day, form.cleaned_data).order_by(
            ("-" if sort.startswith("-") else "") + SORTS[sort.lstrip("-")], "name", "pk"
        )
        page = Paginator(found, PAGE).get_page(request.GET.get("halaman"))
        return render(
            request, "offices/table.html", {**context, "page": page, "sort": sort, "columns": _columns(sort)}
        )
    roots, total = branches(visible(user, form.day))
    return render(request, "offices/tree.html", {**context, "roots": roots, "total": total})


def _columns(sort: str) -> list[dict[str, object]]:
    """Return the columns of the table: how each sorts now, and how it would when it is chosen."""
    names = {
        "nama": _("Nama"),
        "kode": _("Kode"),
        "jenis": _("Jenis"),
        "induk": _("Induk"),
        "zona": _("Zona"),
    }
    order = {"-": "descending"}.get(sort[0], "ascending")
    return [
        {
            "name": name,
            "order": order if sort.lstrip("-") == key else "",
            "next": f"-{key}" if sort == key else key,
        }
        for key, name in names.items()
    ]


def _query(request: HttpRequest) -> str:
    """Return what was searched for as an address, without the page and the order."""
    kept = request.GET.copy()
    for name in ("halaman", "urut"):
        kept.pop(name, None)
    return kept.urlencode()


@login_required
@require_safe
@never_cache
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Hand over the units that somebody may see as the file that the import reads."""
    if form not in FILES:
        raise Http404(form)
    user, today = signed_in(request), timezone.localdate()
    wanted = _form(request, user, today)
    found = search(visible(user, wanted.day), wanted.day, wanted.cleaned_data)
    tree, slugs = load_tree(), set(found.values_list("unit__slug", flat=True))
    write, kind = FILES[form]
    note(LOOK, user, None, "export-units", f"{len(slugs)} {wanted.day}", None)
    name = f"unit-{wanted.day.isoformat()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(writing.rows(tree, slugs, wanted.day)), content_type=kind, headers=headers)
