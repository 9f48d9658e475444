"""How far the campaigns of a result are: what is sealed, what is taken off, and which are certified."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tera.engine.disclosure import K
from tera.portal.ledger.models import Statement
from tera.portal.results.models import CONTROL, Certification, Removed
from tera.portal.results.queries import Result, alike, list_removed
from tera.portal.results.statements import certified_id
from tera.portal.surveys.models import Campaign


class Stage(StrEnum):
    """How final the numbers of a result are."""

    IMPORTED = "imported"
    CERTIFIED = "certified"
    WAITS = "waits"
    INTERIM = "interim"


class Outlook(StrEnum):
    """Whether a result has an index, and otherwise when it gets one."""

    SHOWN = "shown"
    NEVER = "never"
    CERTIFIED = "certified"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Standing:
    """One campaign of a result; `pending` responses are proposed for exclusion, which nobody confirmed.

    `place` is where its certification stands in the ledger, counted from 1; None until it has a place.
    """

    campaign: Campaign
    sealed: int
    excluded: int
    controls: int
    pending: int
    has_ended: bool
    certification: Certification | None
    place: int | None

    @property
    def counted(self) -> int:
        """How many of the sealed responses count, or will once it is certified."""
        return self.sealed - self.removed

    @property
    def removed(self) -> int:
        """How many responses do not count."""
        return self.excluded + self.controls

    @property
    def has_few(self) -> bool:
        """Say whether so few responses count that there is no index of them."""
        return self.counted < K


def standings_of(results: Sequence[Result]) -> dict[str, Standing]:
    """Return how far each campaign of these results is, by code and in their order."""
    campaigns = [campaign for result in results for campaign in result.campaigns]
    certified = {entry.campaign.code: entry for result in results for entry in result.certifications}
    names = {code: certified_id(code, entry.number) for code, entry in certified.items()}
    places = dict(Statement.objects.filter(name__in=names.values()).values_list("name", "place"))
    off = Counter((entry.campaign_id, entry.reason == CONTROL) for entry in list_removed(campaigns))
    proposed = Removed.objects.filter(campaign__in=campaigns, exclusion__confirmed_for=None)
    pending = Counter(proposed.exclude(exclusion=None).values_list("campaign_id", flat=True))
    sealed, ended = Counter[str](), set()
    for block in (block for result in results for block in result.blocks):
        sealed[block.campaign] += block.responses
        if block.is_last:
            ended.add(block.campaign)
    return {
        campaign.code: Standing(
            campaign=campaign,
            sealed=sealed[campaign.code],
            excluded=off[campaign.pk, False],
            controls=off[campaign.pk, True],
            pending=pending[campaign.pk],
            has_ended=campaign.code in ended,
            certification=certified.get(campaign.code),
            place=_place(places.get(names.get(campaign.code, ""))),
        )
        for campaign in campaigns
    }


def _place(index: int | None) -> int | None:
    return None if index is None else index + 1


def total_of(standings: Sequence[Standing]) -> dict[str, object]:
    """Return the counts of certified campaigns together."""
    return {
        "sealed": sum(entry.sealed for entry in standings),
        "excluded": sum(entry.excluded for entry in standings),
        "controls": sum(entry.controls for entry in standings),
        "counted": sum(entry.counted for entry in standings),
        "certification": all(entry.certification for entry in standings),
    }


def stage_of(result: Result) -> Stage:
    """Return how final the numbers of a result are."""
    if result.campaign.source:
        return Stage.IMPORTED
    if result.is_certified:
        return Stage.CERTIFIED
    return Stage.WAITS if result.has_ended else Stage.INTERIM


def outlook_of(result: Result, standings: Sequence[Standing]) -> Outlook:
    """Return whether a result has an index, from how far its campaigns are."""
    if result.has_index:
        return Outlook.SHOWN
    if result.is_certified or (result.has_ended and all(entry.has_few for entry in standings)):
        return Outlook.NEVER
    return Outlook.CERTIFIED if result.has_ended else Outlook.LATER


def list_siblings(result: Result) -> list[tuple[Campaign, bool]]:
    """Return the campaigns of the same unit and period that a result leaves out, and whether certified."""
    own = result.campaign
    left = alike(own).exclude(pk__in=[campaign.pk for campaign in result.campaigns])
    found = left.select_related("certification").order_by("starts_on", "code")
    return [(campaign, hasattr(campaign, "certification")) for campaign in found]
