"""Pages for everybody about published decisions on proposals. They read and never write."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tera.portal.public import announced, proposals

CASES_A_PAGE = 50


@require_safe
def public_proposals(request: HttpRequest) -> HttpResponse:
    """List every published decision, the newest first."""
    page = Paginator(announced.published_cases(), CASES_A_PAGE).get_page(request.GET.get("hal"))
    return render(request, "public/proposals.html", {"page": page, "rows": announced.listed(list(page))})


@require_safe
def public_proposal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a published decision: the numbers one by one, and their proof."""
    case = get_object_or_404(announced.published_cases(), unit__slug=slug, number=number)
    context = {"found": proposals.published(case), "site": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "public/proposal.html", context)
