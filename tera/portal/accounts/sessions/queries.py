"""Where somebody is logged in."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tera.portal.accounts.sessions.models import BROWSER, SINCE, Session


@dataclass(frozen=True, slots=True)
class Visit:
    """A session as its owner sees it; `id` names it without giving its key away."""

    id: str
    key: str
    browser: str
    since: datetime | None
    is_here: bool


def visits_of(user: AbstractUser, here: str | None) -> list[Visit]:
    """Return the sessions that are still good, this one (whose key is `here`) first, then the newest.

    After a change of the password those before it are not.
    """
    found = []
    for session in Session.objects.filter(user_id=user.pk, expire_date__gt=timezone.now()):
        data = session.get_decoded()
        if data.get(HASH_SESSION_KEY) != user.get_session_auth_hash():
            continue
        since = datetime.fromisoformat(data[SINCE]) if SINCE in data else None
        key = session.session_key
        found.append(Visit(_name(key), key, data.get(BROWSER, ""), since, key == here))
    return sorted(
        found, key=lambda visit: (visit.is_here, visit.since.timestamp() if visit.since else 0), reverse=True
    )


def _name(key: str) -> str:
    return salted_hmac("tera.portal.accounts.sessions", key, algorithm="sha256").hexdigest()[:24]
