"""Pages of the ministry's SSO in the tests, and what it says about people."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

from tests.journeys.provider import PEOPLE

urlpatterns = [path("o/", include("oauth2_provider.urls")), path("masuk/", LoginView.as_view())]


class Claims(OAuth2Validator):
    """Names a person's mail address, and whether it was verified."""

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Return what is said beyond the number of the account."""
        email, is_verified = PEOPLE[request.user.username]
        return {"email": email, "email_verified": is_verified, "preferred_username": request.user.username}
