"""The one thing that a demo can do and a real installation cannot: invent respondents."""

import random

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tera.portal.accounts.models import User
from tera.portal.demo import actions
from tera.portal.surveys.models import Campaign


@login_required
@require_POST
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Let invented respondents answer an open campaign."""
    campaign, now = get_object_or_404(Campaign.objects.select_related("unit"), code=code), timezone.now()
    if not settings.IS_DEMO or not campaign.is_open(now):
        raise Http404
    if not isinstance(request.user, User) or not request.user.may("open-survey", campaign.unit):
        raise PermissionDenied
    actions.fill(campaign, now, random.SystemRandom())
    return redirect("campaign", code=code)
