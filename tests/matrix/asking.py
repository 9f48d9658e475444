"""Asking the portal thousands of times: through all its layers, without what Django's own client notes."""

from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, RequestFactory

from tera.portal.accounts.models import User
from tera.portal.ledger.models import Event


class Asking:
    """One person's browser, or a stranger's; whatever a question changes is taken back."""

    def __init__(self, user: User | None) -> None:
        """Log in, where there is somebody to."""
        self._factory, self._handler = RequestFactory(), BaseHandler()
        self._handler.load_middleware()
        if user is not None:
            client = Client()
            client.force_login(user)
            self._factory.cookies = client.cookies
        self._before = self._deeds()  # as before each question, for all that it changes is taken back

    def ask(self, method: str, where: str) -> tuple[HttpResponseBase, bool]:
        """Return the answer of the portal, and whether it did something that the trail tells of."""
        request = self._factory.generic(method, where)
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # as Django's client does
        with transaction.atomic():
            reply = self._handler.get_response(request)
            has_done = self._deeds() > self._before
            transaction.set_rollback(True)
        return reply, has_done

    @staticmethod
    def _deeds() -> int:
        return Event.objects.filter(kind="DEED").count()
