"""What people do with a dossier: covering words of comments."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tera.engine import masking
from tera.intake.comments import find_comment
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.review.dossier.queries import are_comments_shown
from tera.portal.review.models import Masked
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

MASK = "mask-comments"


class NoSuchWord(ValueError):
    """The survey has no such comment, or the comment no such word."""


@transaction.atomic
def mask_word(campaign: Campaign, comment: str, word: int, *, by: User, at: datetime) -> None:
    """Cover a word of a comment for everybody, for good; covering it again adds nothing.

    Raises:
        PermissionDenied: this person does not cover words in comments of this unit.
        NoSuchWord: there is no such word, or comments are not shown yet.
    """
    role = gate.require(by, MASK, campaign)
    text = _text_of(campaign, comment)
    if not 0 <= word < len(masking.words(text)):
        raise NoSuchWord(f"{campaign.code} has no word {word} in this comment")
    mine = {"by": by, "office": role.acts_for, "at": at}
    _, is_new = Masked.objects.get_or_create(campaign=campaign, comment=comment, word=word, defaults=mine)
    if is_new:
        done(by, role, MASK, campaign.code, campaign.unit)


def _text_of(campaign: Campaign, comment: str) -> str:
    try:
        name = bytes.fromhex(comment)
    except ValueError as error:
        raise NoSuchWord("the id of a comment is hexadecimal") from error
    found = find_comment(settings.INTAKE, campaign.code, name) if are_comments_shown(campaign) else None
    if found is None or found.id.hex() != comment:
        raise NoSuchWord(f"{campaign.code} has no such comment")
    return found.text
