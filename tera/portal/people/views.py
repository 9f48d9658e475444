"""Pages of accounts, roles, permissions and the audit trail."""

from collections.abc import Iterator, Sequence

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tera.portal.accounts.gate import LOOK, granted, note
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import signed_in
from tera.portal.people import actions, queries
from tera.portal.people.forms import AccountForm, DelegateForm, RoleForm, TrailForm
from tera.recount.export import delimited

BOTH = ("GET", "HEAD", "POST")
LAST = gettext_lazy("Harus ada satu pengelola sistem. Beri peran itu kepada orang lain dahulu.")


def _somebody_with(request: HttpRequest, permission: str, about: str) -> User:
    """Return who is asking, if they may do this for any unit at all; what they see is limited to those."""
    user = signed_in(request)
    note(LOOK, user, granted(user.holding(permission), permission), permission, about, None)
    return user


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


@login_required
@require_safe
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts of the units that this person looks after."""
    user = _somebody_with(request, "see-accounts", "")
    words, role = request.GET.get("q", "").replace("\0", "")[:100], request.GET.get("peran", "")
    page = queries.list_people(user, words, role, _whole(request.GET.get("hal", "")))
    context = {
        "page": page,
        "words": words,
        "role": role,
        "roles": rules().roles,
        "may_give": user.units_held("give-roles").exists(),
    }
    return render(request, "people/people.html", context)


@login_required
@require_http_methods(BOTH)
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Make an account, and show the link with which its owner sets the password, this once."""
    user, link = _somebody_with(request, "give-roles", ""), ""
    form = AccountForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        who = (values["username"], values["email"], values["full_name"])
        try:
            made = actions.make_account(*who, form.grant(), by=user)
            link = request.build_absolute_uri(actions.password_link(made))
        except ValidationError as error:
            form.add_error("username", error.messages[0])
    context = {"form": form, "link": link}
    return render(request, "people/new.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(BOTH)
@never_cache
def person(request: HttpRequest, name: str) -> HttpResponse:
    """Show the roles of an account, and give it another."""
    user = _somebody_with(request, "see-accounts", name)
    found = get_object_or_404(queries.people_seen_by(user), username=name)
    may_give = user.units_held("give-roles").exists() and found != user
    form = RoleForm(request.POST or None, by=user)
    if request.method == "POST":
        if not may_give:
            raise PermissionDenied("give-roles")
        if form.is_valid():
            actions.give_role(found, form.grant(), by=user)
            return redirect("person", name=name)
    held = queries.roles_of(found)
    context = {
        "person": found,
        "held": [(entry, actions.granting(user, entry.role, entry.unit) is not None) for entry in held],
        "today": timezone.localdate(),
        "has_factor": is_mfa_enabled(found),
        "form": form if may_give else None,
    }
    return render(request, "people/person.html", context, status=400 if request.POST else 200)


@login_required
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role."""
    held = get_object_or_404(Assignment.objects.select_related("user", "unit", "delegated_from__user"), pk=pk)
    user = signed_in(request)
    try:
        actions.end_role(held, by=user, today=timezone.localdate())
    except actions.LastAdministrator:
        messages.error(request, LAST)
    return redirect("my-roles") if user in held.owners else redirect("person", name=held.user.username)


@login_required
@require_POST
def close(request: HttpRequest, name: str) -> HttpResponse:
    """Close an account."""
    user = signed_in(request)
    found = get_object_or_404(queries.people_seen_by(user), username=name)
    try:
        actions.close_account(found, by=user)
    except actions.LastAdministrator:
        messages.error(request, LAST)
    return redirect("person", name=name)


@login_required
@require_POST
def reopen(request: HttpRequest, name: str) -> HttpResponse:
    """Open a closed account again."""
    user = signed_in(request)
    actions.open_account(get_object_or_404(queries.people_seen_by(user), username=name), by=user)
    return redirect("person", name=name)


@login_required
@require_POST
def password(request: HttpRequest, name: str) -> HttpResponse:
    """Show the link with which the owner of an account sets a new password, this once."""
    user = signed_in(request)
    found = get_object_or_404(queries.people_seen_by(user), username=name)
    actions.allow_new_password(found, by=user)
    link = request.build_absolute_uri(actions.password_link(found))
    return render(request, "people/link.html", {"person": found, "link": link})


@login_required
@require_POST
def take_factors_off(request: HttpRequest, name: str) -> HttpResponse:
    """Take the second step off an account."""
    user = signed_in(request)
    found = get_object_or_404(queries.people_seen_by(user), username=name)
    actions.take_factors_off(found, by=user)
    return redirect("person", name=name)


@login_required
@require_http_methods(BOTH)
@never_cache
def my_roles(request: HttpRequest) -> HttpResponse:
    """Show one's own roles, and lend one to somebody else for a time."""
    user = signed_in(request)
    held = queries.roles_of(user)
    form = DelegateForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        lent = get_object_or_404(user.assignments, pk=_whole(request.POST.get("role", "")))
        try:
            actions.delegate(lent, form.cleaned_data["to"], *form.days(), by=user)
            return redirect("my-roles")
        except actions.CannotDelegate:
            form.add_error(
                None, _("Peran ini tidak dapat didelegasikan kepada akun itu, atau tidak selama itu.")
            )
    today = timezone.localdate()
    context = {
        "held": held,
        "lendable": [
            one for one in user.assignments_on(today).order_by("unit__name") if not one.delegated_from_id
        ],
        "lent": Assignment.objects.filter(
            delegated_from__user=user, is_ended=False, valid_until__gt=today
        ).select_related("user", "unit"),
        "today": today,
        "form": form,
    }
    return render(request, "people/my_roles.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """Show the list of permissions as a table."""
    _somebody_with(request, "see-accounts", "")
    roles, rows = queries.table_of_permissions()
    return render(request, "people/permissions.html", {"roles": roles, "rows": rows})


@login_required
@require_safe
@never_cache
def trail(request: HttpRequest) -> HttpResponse:
    """Show the audit trail of the units that this person looks after."""
    user = _somebody_with(request, "see-trail", "")
    form = TrailForm(request.GET)
    page = queries.page_of(queries.trail_for(user, form.wanted()), _whole(request.GET.get("hal", "")))
    context = {"page": page, "form": form}
    return render(request, "people/trail.html", context)


@login_required
@require_safe
@never_cache
def trail_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Export the same lines of the trail, all of them."""
    user = _somebody_with(request, "see-trail", "CSV")
    lines = queries.lines_of(queries.trail_for(user, TrailForm(request.GET).wanted()))
    headers = {"Content-Disposition": 'attachment; filename="jejak-audit.csv"'}
    return StreamingHttpResponse(_written(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _written(lines: Iterator[Sequence[str]]) -> Iterator[str]:
    """Yield a CSV that Excel reads as UTF-8 and in which it takes no text for a formula."""
    yield "\ufeff"
    for line in lines:
        yield delimited.text([line])
