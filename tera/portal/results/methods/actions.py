"""What is done with the methods sheet: writing what no program knows."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.results.methods.fields import fields
from tera.portal.results.methods.written import problem_with, tidied, written_of
from tera.portal.results.models import Certification, Written
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

PERMISSION = "fill-methods"


class CannotFill(ValueError):
    """The methods sheet cannot be filled like this, or not any more; the message says why."""


@transaction.atomic
def fill(campaign: Campaign, texts: Mapping[str, str], *, by: User, at: datetime) -> list[str]:
    """Write texts into fields of the methods sheet by their ids, and return those that changed.

    What was written before is kept. A field that is not named stays as it is; an empty text empties it.

    Raises:
        PermissionDenied: this person does not run the surveys of this unit.
        CannotFill: it is certified, its answers were imported, no such field, or a text that cannot be.
    """
    role = gate.require(by, PERMISSION, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.source:
        raise CannotFill(f"the answers of {campaign.code} were collected elsewhere")
    if Certification.objects.filter(campaign=campaign).exists():
        raise CannotFill(f"{campaign.code} is certified; its methods sheet does not change any more")
    new, before = _sound(texts), written_of(campaign)
    changed = [name for name, text in new.items() if text != (before[name].text if name in before else "")]
    Written.objects.bulk_create(
        Written(
            campaign=campaign,
            field=name,
            number=before[name].number + 1 if name in before else 1,
            text=new[name],
            written_by=by,
            written_for=role.acts_for,
            written_at=at,
        )
        for name in changed
    )
    if changed:
        done(by, role, PERMISSION, f"{campaign.code}: {', '.join(changed)}", campaign.unit)
    return changed


def _sound(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as they are kept; CannotFill names the first that cannot be."""
    known = {field.id: field for field in fields().written}
    if unknown := sorted(texts.keys() - known.keys()):
        raise CannotFill(f"{unknown[0]} is not written by people; these are: {', '.join(known)}")
    sound = {name: tidied(text) for name, text in texts.items()}
    for name, text in sound.items():
        if problem := problem_with(known[name], text):
            raise CannotFill(f"{name}: {problem}")
    return sound
