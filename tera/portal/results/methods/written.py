"""What people wrote in the methods sheet of a campaign, and what they may write."""

import unicodedata

from django.utils.translation import gettext as _

from tera.portal.results.methods.fields import Field, fields
from tera.portal.results.models import Written
from tera.portal.surveys.models import Campaign

FEWEST_LETTERS = 5  # so that a dash or "ada" does not pass for an answer
ALLOWED_CONTROLS = "\n\t"
UNSEEN = ("C", "Zl", "Zp")  # controls, what turns writing round, private signs
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters and signs that show nothing


def written_of(campaign: Campaign) -> dict[str, Written]:
    """Return the last entry of each field that was ever written, by field id."""
    entries = Written.objects.filter(campaign=campaign).select_related("written_for").order_by("number")
    return {entry.field: entry for entry in entries}


def texts_of(campaign: Campaign) -> dict[str, str]:
    """Return what stands in each written field, empty where nothing does."""
    entries = written_of(campaign)
    return {field.id: entries[field.id].text if field.id in entries else "" for field in fields().written}


def tidied(text: str) -> str:
    """Return a text without blanks around it and with one kind of line end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def problem_with(field: Field, text: str) -> str:
    """Return why a text cannot stand in a field, or nothing where it can; an empty one can."""
    if not text:
        return ""
    if len(text) > field.longest:
        message = _("Paling banyak %(most)s huruf; ini %(given)s.")
        return message % {"most": field.longest, "given": len(text)}
    if any(_is_unseen(sign) for sign in text):
        return _("Ada tanda yang tidak dapat dicetak; ketik ulang teksnya.")
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return _("Tulis dengan kata. Bila tidak ada yang perlu disebut, tulis: Tidak ada.")
    return ""


def _is_unseen(sign: str) -> bool:
    return sign not in ALLOWED_CONTROLS and (unicodedata.category(sign).startswith(UNSEEN) or sign in FILLERS)
