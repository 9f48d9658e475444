"""What is done with accounts and roles. Nobody gives themselves a role, or one that theirs does not grant."""

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import FOREVER, Unit
from tera.portal.units.queries import line_above

FIRST = "ADMINISTRATOR"
SHORT = 80  # letters of a short name


class Begun(ValueError):
    """The installation has its first unit and administrator."""


class LastAdministrator(ValueError):
    """Nobody would be left who gives roles."""


class CannotDelegate(ValueError):
    """This role cannot be delegated so; the message says why."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that is given: for a unit and below, from a day up to and without another, at which office."""

    role: str
    unit: Unit
    valid_from: date
    valid_until: date = FOREVER
    office: Unit | None = None


def granting(by: User, role: str, unit: Unit) -> Assignment | None:
    """Return the role by which somebody may give another role for a unit, or None."""
    line = {unit.pk, *line_above(unit, timezone.localdate())}
    givers = rules().permissions["give-roles"].roles
    for held in by.assignments_on().filter(delegated_from=None):  # what is lent is not handed on
        if held.role in givers and held.unit_id in line and role in rules().roles[held.role].grants:
            return held
    return None


@transaction.atomic
def begin(slug: str, name: str, kind: str, admin: str) -> str:
    """Make the first unit and its administrator; return the address at which their password is set.

    Raises:
        Begun: the installation has an administrator, who does all of this.
        CannotReorganise, ValidationError: the unit or the account cannot be so.
    """
    if _administrators().exists():
        raise Begun("this installation has an administrator already, who makes units and accounts")
    unit = found(Founding(slug, {"name": name, "short_name": name[:SHORT], "kind": kind}))
    user = _account(admin, "", "")
    Assignment.objects.create(user=user, role=FIRST, unit=unit)
    done(user, None, "begin", slug, unit)
    return password_link(user)


@transaction.atomic
def make_account(name: str, email: str, full_name: str, grant: Grant, *, by: User) -> User:
    """Make an account with one role. It has no password yet: `password_link` leads to where it is set.

    Raises:
        PermissionDenied: this person does not give this role for this unit.
        ValidationError: the name is taken or no name, or the address is none.
    """
    user = _account(name, email, full_name)
    _give(user, grant, by)
    return user


@transaction.atomic
def give_role(user: User, grant: Grant, *, by: User) -> Assignment:
    """Give somebody a role.

    Raises:
        PermissionDenied: this person does not give this role for this unit, or it is for themselves.
    """
    return _give(user, grant, by)


@transaction.atomic
def end_role(held: Assignment, *, by: User, today: date) -> None:
    """Let a role end at once; who holds or has lent it may end it too. What never began is taken away.

    Raises:
        PermissionDenied: this person neither holds, lent nor gives this role.
        LastAdministrator: nobody else could give roles.
    """
    role = granting(by, held.role, held.unit)
    if role is None and by not in held.owners:
        raise PermissionDenied("give-roles")
    if held.is_ended or held.valid_until <= today:
        return
    _require_another(_administrators().exclude(pk=held.pk), held.role)
    if held.valid_from > today:
        held.delete()
    else:
        until = max(today, held.valid_from + timedelta(days=1))
        Assignment.objects.filter(pk=held.pk).update(valid_until=until, is_ended=True)
    done(by, role, "end-role", f"{held.user.username}: {held.role}", held.unit)


@transaction.atomic
def delegate(held: Assignment, to: User, first: date, until: date, *, by: User) -> Assignment:
    """Let somebody else act by one's own role for a time, which never lasts longer than the role itself.

    Raises:
        PermissionDenied: the role is somebody else's.
        CannotDelegate: it was delegated itself, or ends before, or goes to oneself.
    """
    if held.user != by:
        raise PermissionDenied("delegate")
    if held.delegated_from is not None or to == by or not to.is_active:
        raise CannotDelegate("a role is delegated once, to somebody else")
    if not (max(held.valid_from, timezone.localdate()) <= first < until <= held.valid_until):
        raise CannotDelegate(f"it can be delegated between {held.valid_from} and {held.valid_until}")
    grant = Grant(held.role, held.unit, first, until, held.office)
    lent = _hold(to, grant, held)
    done(by, held, "delegate", f"{to.username}: {held.role}, {first} – {until}", held.unit)
    return lent


@transaction.atomic
def allow_new_password(user: User, *, by: User) -> None:
    """Let somebody hand an account's owner the link with which a new password is set.

    Raises:
        PermissionDenied: this person does not give all the roles that the account holds, or it is their own.
    """
    role, unit = _over(user, by)
    done(by, role, "new-password", user.username, unit)


@transaction.atomic
def take_factors_off(user: User, *, by: User) -> None:
    """Take the second step off an account whose owner lost it; the next login asks for a new one.

    Raises:
        PermissionDenied: this person does not give all the roles that the account holds, or it is their own.
    """
    role, unit = _over(user, by)
    Authenticator.objects.filter(user=user).delete()
    done(by, role, "take-factors-off", user.username, unit)


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Let nobody log in to an account any more; what was done with it stays in the trail.

    Raises:
        PermissionDenied: this person does not give all the roles that the account holds, or it is their own.
        LastAdministrator: nobody else could give roles.
    """
    role, unit = _over(user, by)
    if _administrators().filter(user=user).exists():
        _require_another(_administrators().exclude(user=user), FIRST)
    User.objects.filter(pk=user.pk).update(is_active=False)
    done(by, role, "close-account", user.username, unit)


@transaction.atomic
def open_account(user: User, *, by: User) -> None:
    """Let somebody log in again to an account that was closed; they hold what roles have not ended.

    Raises:
        PermissionDenied: as of `close_account`.
    """
    role, unit = _over(user, by)
    User.objects.filter(pk=user.pk).update(is_active=True)
    done(by, role, "open-account", user.username, unit)


def password_link(user: User) -> str:
    """Return where the owner of an account sets its password; the address is good once and for some days."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=key)


def _account(name: str, email: str, full_name: str) -> User:
    user = User(username=name, email=email, first_name=full_name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # somebody made it this moment
        raise ValidationError({"username": _("Nama akun itu sudah ada.")}) from error
    return user


def _over(user: User, by: User) -> tuple[Assignment, Unit]:
    """Return a role by which somebody looks after an account: they could give all that it holds or will hold.

    Of an account without any role it is all that it held.
    """
    today = timezone.localdate()
    every = user.assignments.select_related("unit")
    held = every.filter(is_ended=False, valid_until__gt=today) or every.all()
    found = [(granting(by, entry.role, entry.unit), entry.unit) for entry in held]
    roles = [(role, unit) for role, unit in found if role is not None]
    if user == by or not roles or len(roles) < len(found):
        raise PermissionDenied("give-roles")
    return roles[0]


def _administrators() -> "QuerySet[Assignment]":
    """Return who administers the installation now, wherever; whoever was lent the role gives none."""
    held = Assignment.held_on(timezone.localdate())
    return held.filter(role=FIRST, delegated_from=None, user__is_active=True)


def _require_another(others: "QuerySet[Assignment]", role: str) -> None:
    if role == FIRST and not others.exists():
        raise LastAdministrator("somebody must be left who gives roles")


def _give(user: User, grant: Grant, by: User) -> Assignment:
    role = granting(by, grant.role, grant.unit)
    kinds = rules().roles[grant.role].offices
    if role is None or user == by or (grant.office and grant.office.kind not in kinds):
        raise PermissionDenied("give-roles")
    held = _hold(user, grant)
    done(by, role, "give-role", f"{user.username}: {grant.role}", grant.unit)
    return held


def _hold(user: User, grant: Grant, lent_from: Assignment | None = None) -> Assignment:
    """Let somebody hold a role; a second click, or the same after it was ended that day, is the same row."""
    held, _is_new = Assignment.objects.update_or_create(
        user=user,
        role=grant.role,
        unit=grant.unit,
        valid_from=grant.valid_from,
        delegated_from=lent_from,
        defaults={"valid_until": grant.valid_until, "office": grant.office, "is_ended": False},
    )
    return held
