"""Ending sessions."""

from django.contrib.auth.models import AbstractUser

from tera.portal.accounts.sessions.models import Session
from tera.portal.accounts.sessions.queries import visits_of


def end(user: AbstractUser, name: str) -> None:
    """End one session of this person by its name; one that is gone already is no error."""
    keys = [visit.key for visit in visits_of(user, None) if visit.id == name]
    Session.objects.filter(user_id=user.pk, session_key__in=keys).delete()


def end_others(user: AbstractUser, here: str) -> None:
    """End every session of this person except the one with this key."""
    Session.objects.filter(user_id=user.pk).exclude(session_key=here).delete()
