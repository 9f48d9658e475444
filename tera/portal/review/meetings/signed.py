"""What a meeting that has ended shows of its surveys: what its minutes say, which people signed.

What is counted, asked and answered since then stands on the surveys' own pages.
"""

from dataclasses import dataclass

from tera.portal.results.present import in_order
from tera.portal.review.minutes.document import Json, decode
from tera.portal.review.minutes.present import present
from tera.portal.review.models import Item, Meeting, Minutes


@dataclass(frozen=True, slots=True)
class Signed:
    """A survey as minutes have it, in words; its own indices first, then those of the integrity zone.

    `numbers` are those of its tile on the board.
    """

    shown: Json
    indices: tuple[Json, ...]
    numbers: tuple[tuple[str, str], ...]


def signed_of(meeting: Meeting, items: list[Item]) -> dict[str, Signed]:
    """Return what the minutes of a meeting say of each survey, by code; nothing before it has ended."""
    kept = Minutes.objects.filter(meeting=meeting).first() if meeting.ended_at else None
    if kept is None:
        return {}
    document = decode(kept.document)
    said = {one["campaign"]: one for one in present(document)["items"]}
    in_zone = {one["campaign"]: len(one["zone"]) for one in document["items"]}
    return {code: _signed(item, said[code], in_zone[code]) for item in items if (code := item.campaign.code)}


def _signed(item: Item, said: Json, in_zone: int) -> Signed:
    """Return a survey as minutes have it; so many of its indices, the first, are those of the zone."""
    zone, own = said["indices"][:in_zone], said["indices"][in_zone:]
    indices = (*own, *({**one, "is_zone": True} for one in zone))
    return Signed(said, indices, _numbers(item, _values(zone), _values(own)))


def _values(indices: list[Json]) -> dict[str, str]:
    return {one["measure"]: one["shown"] for one in indices}


def _numbers(item: Item, zone: dict[str, str], own: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what each measure of the integrity zone is called, and its value as the board showed it.

    That is the index of the survey's own rulebook where that measures the same.
    """
    found, measures = [], item.campaign.survey_rulebook.measures
    for measure in in_order(item.campaign.zone_rulebook):
        value = zone.get(measure.id, "")
        same = [one.id for one in measures if set(one.constructs) & set(measure.constructs)]
        best = next((own[one] for one in same if one in own), value)
        found.append((measure.short, best if value else ""))
    return tuple(found)
