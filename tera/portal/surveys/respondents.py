"""The pages of respondents, rendered once per campaign and language; the intake serves them."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from tera.intake.publishing import CLOSED, FORM, REVIEW, THANKS, Texts
from tera.portal.surveys import page, scripts
from tera.portal.surveys.models import Campaign

STYLE = Path(__file__).with_name("respondents.css")


def texts(campaign: Campaign) -> Texts:
    """Return the text of every page, by language and kind."""
    return {
        (language, kind): render(campaign, language, kind)
        for language in campaign.languages
        for kind in (FORM, REVIEW, THANKS, CLOSED)
    }


def policy() -> str:
    """Return the Content-Security-Policy of these pages: their own style and script, nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; "
        "script-src 'self'; worker-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def render(campaign: Campaign, language: str, kind: str) -> str:
    """Return the text of one page, with the slots that the intake fills."""
    with translation.override(language):
        context = {
            "page": page.build(campaign, language),
            "is_demo": settings.IS_DEMO,
            "style": _style(),
            "script": scripts.address(),
        }
        return render_to_string(f"surveys/{kind}.html", context)


@cache
def _style() -> str:
    """Return the style sheet without what only people need who write it."""
    return re.sub(r"/\*.*?\*/|\n\s*", "", STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)
