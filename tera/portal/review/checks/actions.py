"""What is done with checklists: a layer answers one. Answers are added, never written over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tera.engine.checklist import Checklist, missing
from tera.engine.workflow import Stage
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.review.checks.queries import PERMISSIONS, latest_of, newest
from tera.portal.review.models import Assessment
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import stage_of

DECIDED = frozenset({Stage.VERIFIED, Stage.REJECTED, Stage.CERTIFIED, Stage.PUBLISHED})
UNTIL_DECIDED = frozenset({Layer.UNIT, Layer.REGION})  # on whose answers the decision rests


class CannotAssess(ValueError):
    """The checklist cannot be answered like this, or not any more; the message says why."""


class Overtaken(CannotAssess):
    """Somebody answered for the same layer since the page was shown: `newer` is what they saved."""

    def __init__(self, newer: Assessment) -> None:
        """Say which it is."""
        super().__init__(f"{newer} was saved meanwhile")
        self.newer = newer


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody wrote into a checklist, by the codes of items; what is not answered is absent."""

    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written."""
        return not (self.answers or self.remarks or self.note)


def may_still(layer: Layer, campaign: Campaign) -> bool:
    """Say whether a layer may still answer: what a decision rests on stays as it was when it was made."""
    return layer not in UNTIL_DECIDED or stage_of(campaign) not in DECIDED


@transaction.atomic
def assess(
    campaign: Campaign, layer: Layer, filled: Filled, *, by: User, at: datetime, begun: int | None = None
) -> Assessment:
    """Keep what a layer answered to the newest checklist, beside all that was answered before.

    It may be half filled. The same again adds nothing. `begun` is the number of the version from which
    somebody went on, 0 where there was none; without it a newer one does not stand in the way.

    Raises:
        PermissionDenied: this person does not answer for this layer.
        CannotAssess: nothing was written, an item or answer is unknown, or the survey is decided.
        Overtaken: there is a version after the one from which this goes on.
    """
    role = gate.require(by, PERMISSIONS[layer], campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    checklist = newest()
    require_sound(checklist, layer, filled)
    if not may_still(layer, campaign):
        raise CannotAssess(f"{campaign.code} is decided; what was answered before stays")
    last = latest_of(campaign, layer)
    if last is not None and _is_same(last, checklist, filled):
        return last
    if begun is not None and last is not None and last.number > begun:
        raise Overtaken(last)
    kept = Assessment.objects.create(
        campaign=campaign,
        layer=layer,
        number=last.number + 1 if last else 1,
        checklist=checklist.id,
        sha256=checklist.sha256,
        answers=dict(filled.answers),
        remarks=dict(filled.remarks),
        note=filled.note,
        by=by,
        office=role.acts_for,
        at=at,
    )
    done(by, role, PERMISSIONS[layer], f"{campaign.code}/{kept.number}", campaign.unit)
    return kept


def require_sound(checklist: Checklist, layer: str, filled: Filled) -> None:
    """Refuse what is empty, or names an item or an answer that the layer's checklist does not have."""
    if filled.is_empty:
        raise CannotAssess("at least one item is answered, or something is noted")
    codes = {item.code for item in checklist.items_of(layer)}
    if unknown := sorted(filled.remarks.keys() - codes):
        raise CannotAssess(f"{unknown[0]} is no item of {checklist.id} for {layer}")
    try:
        missing(checklist, layer, filled.answers)
    except ValueError as error:
        raise CannotAssess(str(error)) from error


def _is_same(last: Assessment, checklist: Checklist, filled: Filled) -> bool:
    before = (last.sha256, last.answers, last.remarks, last.note)
    return before == (checklist.sha256, dict(filled.answers), dict(filled.remarks), filled.note)
