"""One unit as of a day: what is true of it, what became of it, and what may be done with it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tera.portal.accounts.gate import look
from tera.portal.offices.exchange.cells import read_day
from tera.portal.offices.history import history_of
from tera.portal.offices.queries import standing_day
from tera.portal.units.models import FOREVER, Unit, Version
from tera.portal.units.queries import holds, line_above, version_of


@login_required
@require_safe
@never_cache
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a unit; `hari` is the day as of which."""
    found, today = get_object_or_404(Unit, slug=slug), timezone.localdate()
    day = read_day(request.GET.get("hari", "")) or today
    user = look(request, "see-units", found, f"unit {day}", standing_day(found, day))
    line = line_above(found, day)
    above = {version.unit_id: version for version in Version.objects.filter(holds(day), unit__in=line)}
    now, stays = standing_day(found, today), found.versions.filter(valid_until=FOREVER).exists()
    context = {
        "unit": found,
        "day": day,
        "today": today,
        "state": version_of(found, day),
        "above": [above[pk] for pk in reversed(line) if pk in above],
        "below": Version.objects.filter(holds(day), parent=found).select_related("unit").order_by("name"),
        "codes": found.codes.filter(holds(day)).order_by("scheme"),
        "services": found.services.filter(holds(day)).order_by("name"),
        "places": found.places.filter(holds(day)).order_by("name"),
        "origins": found.origins.select_related("before").order_by("day"),
        "successions": found.successions.select_related("after").order_by("day"),
        "history": history_of(found, today),
        "may_reorganise": stays and user.may("reorganise", found, now),
        "may_edit_services": stays and user.may("edit-services", found, now),
        "may_compare": user.may("compare-units", found, now),
        "may_see_surveys": user.units_held("open-survey").filter(pk=found.pk).exists(),
    }
    return render(request, "offices/unit.html", context)
