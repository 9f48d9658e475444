"""Filters for roles."""

from datetime import timedelta

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tera.portal.accounts.models import Assignment
from tera.portal.accounts.permissions import rules
from tera.portal.accounts.queries import language_in_force
from tera.portal.people.wording import wording_of
from tera.portal.units.models import EVER, FOREVER

register = template.Library()


@register.filter
def role(code: str) -> str:
    """Return the title of a role in the language of the page; the code itself of one that is no more."""
    known = rules().roles.get(code)
    return known.title[language_in_force()] if known else code


@register.filter
def deed(code: str) -> str:
    """Return what a deed is called in the language of the page."""
    return wording_of(code, language_in_force())


@register.filter
def days(held: Assignment) -> str:
    """Return from and until when a role is held, its last day included."""
    first = date_format(held.valid_from, "j F Y")
    if held.valid_until == FOREVER:
        return _("tanpa batas waktu") if held.valid_from == EVER else _("mulai %(day)s") % {"day": first}
    last = date_format(held.valid_until - timedelta(days=1), "j F Y")
    return _("sampai %(day)s") % {"day": last} if held.valid_from == EVER else f"{first} – {last}"
