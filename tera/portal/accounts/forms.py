"""Forms of allauth, changed where we want it otherwise."""

from allauth.account.forms import LoginForm
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


class NameAndPassword(LoginForm):
    """The field is called `username` in the page, as browsers and password managers know it."""

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else field_name


class Code(AuthenticateForm):
    """A code of the second factor."""

    def clean_code(self) -> str:
        """Take a code once.

        allauth remembers used codes in the memory of a process, and the portal has several. A code belongs to
        30 seconds, so whoever logged in with one in the same 30 seconds used the same.
        """
        used = {found.pk: found.last_used_at for found in Authenticator.objects.filter(user=self.user)}
        code: str = super().clean_code()
        last, now, period = used[self.authenticator.pk], timezone.now(), app_settings.TOTP_PERIOD
        is_code = self.authenticator.type == Authenticator.Type.TOTP
        if is_code and last and last.timestamp() // period == now.timestamp() // period:
            raise ValidationError(_("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya."))
        return code
