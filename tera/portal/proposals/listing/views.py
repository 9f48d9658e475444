"""Lists of units for an office: who is eligible, who nearly, what is missing; as a page and as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import look
from tera.portal.accounts.queries import language_in_force
from tera.portal.invitations.views import as_download
from tera.portal.proposals.letters.listing_paper import ListPaper, list_docx, list_pdf
from tera.portal.proposals.listing import queries
from tera.portal.proposals.listing.below import below
from tera.portal.proposals.listing.choosing import Asked, narrowed, ordered
from tera.portal.proposals.listing.drawing import bars_of, spreads_of
from tera.portal.proposals.listing.forms import ListForm
from tera.portal.proposals.listing.heading import counts_of, headings_of, tiles_of
from tera.portal.proposals.listing.lines import Line, rulebooks_of
from tera.portal.proposals.listing.on_paper import as_paper
from tera.portal.proposals.listing.proposed import Proposed, proposed_in
from tera.portal.proposals.listing.rows import Table, body, columns_for
from tera.portal.proposals.listing.sheets import Sheet
from tera.portal.proposals.listing.wording import TITLES
from tera.portal.proposals.listing.workbook import as_workbook
from tera.portal.surveys.periods import semester_of
from tera.portal.units.models import Unit

PERMISSION, PAGE = "compare-units", 1_000
MOST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What a list holds: `every` unit of it, those that are `narrowed` down to, and the `chosen` state."""

    office: Unit
    scope: queries.Scope
    form: ListForm
    asked: Asked
    offices: Mapping[int, tuple[str, str]]
    every: Sequence[Line]
    narrowed: Sequence[Line]
    chosen: Sequence[Line]
    unknown_period: str = ""


@login_required
@require_safe
@never_cache
def eligible(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every unit below an office in a period, against one title; to a room in larger letters."""
    office = get_object_or_404(Unit, slug=slug)
    look(request, PERMISSION, office, "eligible")
    found = _found(request, office)
    asked, names = found.asked, queries.back_from(found.asked.period)
    page = Paginator(found.chosen, PAGE).get_page(request.GET.get("hal"))
    rulebooks = rulebooks_of(found.narrowed)
    table = Table(
        period=asked.period,
        title=asked.title,
        language=language_in_force(),
        rulebooks=[rulebook.id for rulebook in rulebooks],
        columns=columns_for([rulebook.id for rulebook in rulebooks]),
        offices=found.offices,
        history=queries.history_of([line.unit for line in page], names, asked.title),
        proposed=_proposed(asked, list(page)),
    )
    context = {
        "office": office,
        "form": found.form,
        "asked": asked,
        "title": TITLES[asked.title],
        "titles": TITLES.items(),
        "is_meeting": found.form.is_meeting,
        "unknown_period": found.unknown_period,
        "rulebooks": rulebooks,
        "counts": counts_of(found.narrowed, asked.state),
        "behind": sum(line.is_behind for line in found.narrowed),
        "every": len(found.every),
        "tiles": tiles_of(found.every, found.offices, asked.office) if len(found.offices) > 1 else (),
        "spreads": spreads_of(found.narrowed, rulebooks),
        "bars": bars_of(queries.trend_of(found.scope, names, asked.title)),
        "headings": headings_of(rulebooks, table.columns, asked.order),
        "page": page,
        "body": body(list(page), table),
    }
    return render(request, "proposals/listing/eligible.html", context)


@login_required
@require_safe
@never_cache
def eligible_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the same list, in the same order, as a workbook."""
    office = get_object_or_404(Unit, slug=slug)
    look(request, PERMISSION, office, "eligible-file")
    found = _found(request, office)
    content = as_workbook(
        Sheet(
            lines=found.chosen,
            every=found.every,
            asked=found.asked,
            office=office,
            offices=found.offices,
            proposed=_proposed(found.asked, found.chosen),
            language=language_in_force(),
            made_at=timezone.localtime(timezone=ZoneInfo(office.zone)),
        )
    )
    return as_download(content, *_name(found), ending="xlsx")


@login_required
@require_safe
@never_cache
def eligible_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the same list on paper, under the letterhead of the office."""
    return _printed(request, slug, list_pdf, "pdf")


@login_required
@require_safe
@never_cache
def eligible_docx(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the same paper for a word processor."""
    return _printed(request, slug, list_docx, "docx")


def _printed(
    request: HttpRequest, slug: str, make: Callable[[ListPaper], bytes], ending: str
) -> HttpResponse:
    office = get_object_or_404(Unit, slug=slug)
    look(request, PERMISSION, office, f"eligible-{ending}")
    found, now = _found(request, office), timezone.localtime(timezone=ZoneInfo(office.zone))
    paper = as_paper(found.chosen, found.asked, found.scope, found.offices, now)
    return as_download(make(paper), *_name(found), ending=ending)


def _name(found: Found) -> tuple[str, str, str]:
    return found.office.slug, found.asked.title, slugify(found.asked.period)


def _proposed(asked: Asked, lines: Sequence[Line]) -> Mapping[int, Sequence[Proposed]]:
    return proposed_in(asked.period, asked.title, [line.unit for line in lines])


def _found(request: HttpRequest, office: Unit) -> Found:
    """Read what is asked for; period and title first, for the other choices depend on them."""
    today = timezone.localdate(timezone=ZoneInfo(office.zone))
    now = below(office, today)
    periods = queries.periods_of(now.offices)
    usual = queries.latest_with_standings(now.offices) or next(iter(periods), semester_of(today).name)
    wanted, title = request.GET.get("periode", ""), request.GET.get("predikat", "")
    period, title = wanted if wanted in periods else usual, title if title in TITLES else next(iter(TITLES))
    scope = queries.scope_of(office, period, today, now)
    every = queries.lines_of(scope, title)
    offices = queries.names_of(line.office for line in every)
    query = {**request.GET.dict(), "periode": period}
    form = ListForm(
        query,
        periods=periods or [period],
        kinds={line.kind for line in every},
        offices=sorted(offices.values(), key=lambda one: one[1]),
    )
    asked = form.asked(period, title, {slug: pk for pk, (slug, _) in offices.items()})
    few = narrowed(every, asked)
    unknown = wanted[:MOST_TYPED] if wanted != period else ""
    return Found(office, scope, form, asked, offices, every, few, ordered(few, asked), unknown)
