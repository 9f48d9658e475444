"""The dated deeds: a page asks, says what will happen from which day on, and does it once confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.portal.accounts.models import User
from tera.portal.accounts.queries import signed_in
from tera.portal.offices import actions, sentences
from tera.portal.offices.actions import When
from tera.portal.offices.forms import deeds as forms
from tera.portal.offices.queries import reorganised_by, standing_day
from tera.portal.offices.wording import field_name, refusal
from tera.portal.units.actions import CannotReorganise, Founding
from tera.portal.units.models import Unit, Version
from tera.portal.units.queries import holds, version_of


@dataclass(frozen=True, slots=True)
class Page:
    """A deed as its page needs it; `says` and `does` are asked once the form is sound."""

    title: str
    button: str
    form: forms.DeedForm
    says: Callable[[], list[str]]
    does: Callable[[When], Unit]
    unit: Unit | None = None
    template: str = "offices/deed.html"
    warns: bool = False


def _respond(request: HttpRequest, page: Page, user: User, today: date) -> HttpResponse:
    """Show the form, what it will do, and do it; what cannot be done is known before it is confirmed."""
    form, back = page.form, reverse("unit", args=[page.unit.slug]) if page.unit else reverse("units")
    context = {"page": page, "form": form, "back": back, "unit": page.unit}
    if request.method != "POST" or "kembali" in request.POST:
        return render(request, page.template, context)
    if form.is_valid():
        is_confirmed = "yakin" in request.POST
        try:
            with transaction.atomic():
                told = page.says()
                unit = page.does(When(user, form.cleaned_data["on"], today))
                transaction.set_rollback(not is_confirmed)
        except CannotReorganise as error:
            form.add_error(None, refusal(error))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            if is_confirmed:
                messages.success(request, " ".join(told))
                return redirect("unit", slug=unit.slug)
            return render(request, "offices/confirm.html", {**context, "told": told})
    return render(request, page.template, context, status=400)


def _data(request: HttpRequest) -> "dict[str, object] | None":
    return request.POST if request.method == "POST" else None  # type: ignore[return-value]


def _opened(request: HttpRequest, slug: str, permission: str) -> tuple[Unit, Version, User, date]:
    """Return a unit, what is true of it now or when it begins, and who asks; 404 where it has ended."""
    unit, user, today = get_object_or_404(Unit, slug=slug), signed_in(request), timezone.localdate()
    When(user, today, today).role(unit, permission)
    version = get_object_or_404(
        unit.versions.select_related("parent", "unit"), holds(max(today, standing_day(unit, today)))
    )
    return unit, version, user, today


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def found(request: HttpRequest) -> HttpResponse:
    """Begin a unit."""
    user, today = signed_in(request), timezone.localdate()
    actions.holding(user)
    form = forms.FoundForm(
        _data(request),
        today=today,
        offices=reorganised_by(user, today),
        initial={"parent": request.GET.get("induk", "")},
    )
    page = Page(
        _("Unit baru"),
        _("Dirikan unit"),
        form,
        lambda: sentences.of_founding(form.founding(), form.cleaned_data["on"]),
        lambda when: actions.found(form.founding(), when),
    )
    return _respond(request, page, user, today)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename a unit, move it, or change what it is."""
    unit, now, user, today = _opened(request, slug, "reorganise")
    form = forms.ChangeForm(_data(request), today=today, now=now, user=user)

    def does(when: When) -> Unit:
        actions.change(unit, when, form.changes())
        return unit

    def says() -> list[str]:
        return sentences.of_change(form.before() or now, form.changes(), form.cleaned_data["on"])

    return _respond(
        request, Page(_("Ubah atau pindahkan unit"), _("Ubah unit"), form, says, does, unit), user, today
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """End a unit."""
    unit, _now, user, today = _opened(request, slug, "reorganise")
    form = forms.DeedForm(_data(request), today=today)

    def does(when: When) -> Unit:
        actions.end(unit, when)
        return unit

    def says() -> list[str]:
        return sentences.of_end(unit, form.cleaned_data["on"])

    page = Page(_("Akhiri unit"), _("Akhiri unit"), form, says, does, unit, warns=True)
    return _respond(request, page, user, today)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def merge(request: HttpRequest) -> HttpResponse:
    """Let one unit take the place of others."""
    user, today = signed_in(request), timezone.localdate()
    actions.holding(user)
    form = forms.MergeForm(
        _data(request), today=today, user=user, initial={"units": request.GET.get("unit", "")}
    )

    def does(when: When) -> Unit:
        actions.merge(form.cleaned_data["units"], form.cleaned_data["into"], when)
        into: Unit = form.cleaned_data["into"]
        return into

    def says() -> list[str]:
        values = form.cleaned_data
        return sentences.of_merger(values["units"], values["into"], values["on"])

    page = Page(
        _("Gabung unit"), _("Gabung unit"), form, says, does, template="offices/merge.html", warns=True
    )
    return _respond(request, page, user, today)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def split(request: HttpRequest, slug: str) -> HttpResponse:
    """Let several units take the place of one."""
    unit, now, user, today = _opened(request, slug, "reorganise")
    form = forms.SplitForm(_data(request), today=today)

    def plans() -> list[Founding]:
        on = form.cleaned_data["on"]
        given = dict(unit.services.filter(holds(on)).values_list("code", "name"))
        return form.foundings(version_of(unit, on) or now, given)

    def does(when: When) -> Unit:
        actions.split(unit, plans(), when)
        return unit

    def says() -> list[str]:
        return sentences.of_split(unit, plans(), form.cleaned_data["on"])

    page = Page(_("Pecah unit"), _("Pecah unit"), form, says, does, unit, "offices/split.html", warns=True)
    return _respond(request, page, user, today)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Change services and places of a unit."""
    unit, now, user, today = _opened(request, slug, "edit-services")
    form = forms.GivingForm(_data(request), today=today)

    def held(on: date) -> tuple[dict[str, str], dict[str, str]]:
        services = unit.services.filter(holds(on)).order_by("pk").values_list("code", "name")
        return dict(services), dict(
            unit.places.filter(holds(on)).order_by("pk").values_list("name", "address")
        )

    form.propose(*held(max(today, now.valid_from)))

    def does(when: When) -> Unit:
        actions.let_give(unit, form.cleaned_data["services"], form.cleaned_data["places"], when)
        return unit

    def says() -> list[str]:
        values = form.cleaned_data
        services, places = held(values["on"])
        return [
            *sentences.of_giving(field_name("services"), services, values["services"], values["on"]),
            *sentences.of_giving(field_name("places"), places, values["places"], values["on"]),
        ]

    page = Page(_("Layanan dan tempat layanan"), _("Simpan layanan"), form, says, does, unit)
    return _respond(request, page, user, today)
