"""One's own account: what secures it and where it is logged in. The rest of these pages is allauth's."""

from allauth.account.views import logout as allauth_logout
from allauth.account.views import password_reset
from allauth.mfa.models import Authenticator
from allauth.socialaccount.providers.openid_connect.views import login as oidc_login
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tera.portal.accounts.gate import DEED, note
from tera.portal.accounts.queries import signed_in
from tera.portal.accounts.sessions.actions import end, end_others
from tera.portal.accounts.sessions.queries import visits_of

logout = require_POST(allauth_logout)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show what belongs to one's account."""
    user = signed_in(request)
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    has_factor = bool(kinds - {Authenticator.Type.RECOVERY_CODES})
    visits = visits_of(user, request.session.session_key)
    return render(
        request,
        "accounts/mine.html",
        {"has_factor": has_factor, "visits": visits, "has_sso": bool(settings.SOCIALACCOUNT_PROVIDERS)},
    )


@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where somebody is logged in, and end what they want ended."""
    user, here = signed_in(request), request.session.session_key or ""
    if request.method == "POST":
        if "others" in request.POST:
            end_others(user, here)
        else:
            end(user, request.POST.get("end", ""))
        note(DEED, user, None, "end-sessions", "", None)
        return redirect("sessions")
    return render(request, "accounts/sessions.html", {"visits": visits_of(user, here)})


def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Send a link for a new password, or say whom to ask where no mail can be sent."""
    if not settings.HAS_MAIL:
        return render(request, "accounts/no_mail.html")
    return password_reset(request)


@require_POST
@never_cache
def sso(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider by a page that leads on: by our policy no form leads out, not even redirected."""
    reply: HttpResponse = oidc_login(request, provider_id)
    if isinstance(reply, HttpResponseRedirect):
        return render(request, "accounts/onward.html", {"url": reply.url})
    return reply
