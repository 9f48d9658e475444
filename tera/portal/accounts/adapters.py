"""Where allauth asks us: who may log in, how often somebody may guess, and what a mail says."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.intake.buckets import address_of
from tera.portal.accounts.gate import DEED, note
from tera.portal.accounts.models import User
from tera.portal.accounts.sessions.browsers import browser_of
from tera.portal.accounts.sessions.models import BROWSER, SINCE

logger = logging.getLogger(__name__)


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators, so nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "Nama atau kata sandi tidak cocok. Huruf besar dan kecil dibedakan."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Terlalu banyak percobaan yang keliru. Coba lagi setelah lima menit."
        ),
        "incorrect_password": gettext_lazy("Kata sandi tidak cocok. Huruf besar dan kecil dibedakan."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return whom the proxy in front saw, as the intake does; without one it is this machine."""
        forwarded = request.headers.get("X-Forwarded-For")
        return address_of([forwarded] if forwarded else [])

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Account and address: others behind the address go on, and so does the account's owner elsewhere.
        return f"{self.get_client_ip(request)}:{credentials.get('username', '').lower()}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who it is, unless somebody who came by SSO has nothing yet to show."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required and bool(self.get_reauthentication_methods(self.request.user))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and note what the list of one's sessions says; forget sessions that have run out."""
        super().login(request, user)
        if isinstance(user, User):
            note(DEED, user, None, "log-in", "", None)
        request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
        request.session[SINCE] = timezone.now().isoformat()
        request.session.clear_expired()

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Send the link; a failure is said in the log alone, or strangers would learn who is known."""
        text = _(
            "Seseorang, semoga Anda sendiri, meminta kata sandi baru untuk akun %(name)s di %(site)s.\n\n"
            "Buka tautan ini untuk membuatnya:\n%(url)s\n\n"
            "Jika bukan Anda, abaikan surat ini: kata sandi Anda tidak berubah."
        ) % {
            "name": user.get_username(),
            "site": self.request.get_host(),
            "url": context["password_reset_url"],
        }
        try:
            EmailMessage(_("Kata sandi baru untuk Tera"), text, to=[email]).send()
        except (OSError, SMTPException) as error:
            logger.error("the mail for a new password could not be sent: %s", type(error).__name__)


class SecondFactors(DefaultMFAAdapter):
    """A key is named after its number, in the language of the page."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya."),
    }

    def get_totp_issuer(self) -> str:
        return "Tera"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002
        return browser_of(self.request.headers.get("User-Agent", ""))


class SingleSignOn(DefaultSocialAccountAdapter):
    """Whoever comes by SSO must have an account here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Connect who comes for the first time to the account with their verified address.

        Raises:
            ImmediateHttpResponse: there is no such account; the page says so and nothing is kept.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        proven = [address.email for address in sociallogin.email_addresses if address.verified]
        found = list(User.objects.filter(is_active=True, email__iexact=proven[0])[:2]) if proven else []
        if len(found) != 1:
            raise ImmediateHttpResponse(render(request, "accounts/unknown.html", status=403))
        sociallogin.connect(request, found[0])
