"""Django's sessions in the database, with the person beside them. The settings name this module."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

BROWSER, SINCE = "browser", "since"  # what a session notes when somebody logs in


class Session(AbstractBaseSession):
    """A browser in which somebody is logged in, or a stranger on the way to it. It holds no address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Writes the person into a column of its own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for what a session holds."""
        base = super().create_model_instance(data)
        user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        return Session(base.session_key, base.session_data, base.expire_date, user_id)
