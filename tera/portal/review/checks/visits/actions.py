"""What is done with visits: one is recorded, once, however often a phone sends it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tera.engine.checklist import Checklist, Item
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import Assignment, User
from tera.portal.accounts.permissions import rules
from tera.portal.review.checks.actions import CannotAssess, Filled, require_sound
from tera.portal.review.checks.pictures import Picture
from tera.portal.review.checks.queries import PERMISSIONS
from tera.portal.review.models import Photo, Visit
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

PERMISSION = "visit-unit"
MOST_PHOTOS = 12
MOST_BYTES_TOGETHER = 30_000_000  # what the server takes at once
KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes as base64url


class CannotVisit(ValueError):
    """The visit cannot be kept like this; the message says why."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo and the item that it shows."""

    item: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody brings back from a visit, under the key that their phone gave it."""

    key: str
    visited_on: date
    checklist: Checklist
    filled: Filled
    shots: Sequence[Shot] = ()


def layer_of(role: Assignment) -> Layer:
    """Return for which layer somebody visits: the one whose checklist their role answers."""
    for layer in Layer:
        if layer != Layer.UNIT and role.role in rules().permissions[PERMISSIONS[layer]].roles:
            return layer
    raise CannotVisit(f"{role.role} answers no checklist")


def items_of(checklist: Checklist, layer: Layer) -> tuple[Item, ...]:
    """Return the items that a layer looks at on the spot."""
    return tuple(item for item in checklist.items_of(layer) if item.on_site)


@transaction.atomic
def record_visit(campaign: Campaign, report: Report, *, by: User, at: datetime) -> tuple[Visit, bool]:
    """Keep what was seen at an office, and say whether this was new: under the same key it counts once.

    It is taken at any stage of the survey: what waited on a phone is not lost because somebody decided
    meanwhile.

    Raises:
        PermissionDenied: this person does not visit this unit.
        CannotVisit: the key is none or somebody else's, nothing was written, or the day cannot be.
    """
    role = gate.require(by, PERMISSION, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not KEY.fullmatch(report.key):
        raise CannotVisit("a key has 43 letters and digits")
    if known := Visit.objects.filter(key=report.key).first():
        if (known.campaign_id, known.by_id) != (campaign.pk, by.pk):
            raise CannotVisit("another visit has this key")
        return known, False
    layer = layer_of(role)
    _require_sound(campaign, layer, report, at)
    visit = Visit.objects.create(
        campaign=campaign,
        layer=layer,
        key=report.key,
        visited_on=report.visited_on,
        checklist=report.checklist.id,
        sha256=report.checklist.sha256,
        answers=dict(report.filled.answers),
        remarks=dict(report.filled.remarks),
        note=report.filled.note,
        by=by,
        office=role.acts_for,
        at=at,
    )
    Photo.objects.bulk_create(
        Photo(
            visit=visit,
            number=number,
            item=shot.item,
            kind=shot.picture.kind,
            picture=shot.picture.content,
            sha256=hashlib.sha256(shot.picture.content).hexdigest(),
        )
        for number, shot in enumerate(report.shots, start=1)
    )
    about = f"{campaign.code} {report.visited_on}: {len(report.shots)}"
    done(by, role, PERMISSION, about, campaign.unit)
    return visit, True


def _require_sound(campaign: Campaign, layer: Layer, report: Report, at: datetime) -> None:
    items = {item.code: item for item in items_of(report.checklist, layer)}
    if not report.shots or not report.filled.is_empty:
        try:
            require_sound(report.checklist, layer, report.filled)
        except CannotAssess as error:
            raise CannotVisit(str(error)) from error
    named = {*report.filled.answers, *report.filled.remarks}
    if unknown := sorted(named - items.keys()):
        raise CannotVisit(f"{unknown[0]} is not looked at on the spot")
    if [shot for shot in report.shots if shot.item not in items or not items[shot.item].wants_photo]:
        raise CannotVisit("a photo shows an item that asks for one")
    if len(report.shots) > MOST_PHOTOS:
        raise CannotVisit(f"a visit has at most {MOST_PHOTOS} photos")
    if not campaign.starts_on <= report.visited_on <= campaign.form.local_day(at):
        raise CannotVisit(f"{report.visited_on} lies before the survey, or has not come yet")
