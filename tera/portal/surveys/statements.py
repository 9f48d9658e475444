"""What the ledger says of campaigns and blocks; docs/protocol.md is the contract."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tera.engine.catalogue import get_notice
from tera.engine.disclosure import K
from tera.engine.index import mapped
from tera.engine.instrument import Instrument
from tera.engine.rulebook import Rulebook
from tera.engine.tally import Tally
from tera.intake.blocks import IMPORTED, Block
from tera.intake.erasing import Erased
from tera.portal.ledger.models import Statement as Said
from tera.portal.surveys.models import Campaign, Extension

Statement = dict[str, object]


def opened(campaign: Campaign) -> Statement:
    """Return what is fixed before the first answer, down to how an index will be computed."""
    rulebooks = {entry.id: entry for entry in (campaign.survey_rulebook, campaign.zone_rulebook)}
    return {
        "kind": "opened",
        "id": f"opened/{campaign.code}",
        "campaign": campaign.code,
        "unit": campaign.unit.slug,
        "period": campaign.period,
        "zone": campaign.zone,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "grace_seconds": int(campaign.form.grace.total_seconds()),
        "population": campaign.population,
        "target": campaign.target_sample,
        "weighting": "none",
        "instruments": _fingerprints(campaign, campaign.instrument_ids),
        "rulebooks": _fingerprints(campaign, list(rulebooks)),
        **_told(campaign),
        "measures": [
            measure
            for rulebook in rulebooks.values()
            for instrument in campaign.instruments
            for measure in _measure(rulebook, instrument)
        ],
    }


def _told(campaign: Campaign) -> Statement:
    """Return what respondents are told before, and who of them may answer."""
    if not campaign.notice:
        return {}
    notice = get_notice(campaign.notice)
    return {"notice": {"id": notice.id, "sha256": notice.sha256}, "levels": campaign.levels}


def _fingerprints(campaign: Campaign, names: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": name, "sha256": campaign.rules[name]} for name in names]


def _measure(rulebook: Rulebook, instrument: Instrument) -> list[dict[str, object]]:
    """Return how a rulebook measures what an instrument asks; nothing where it does not."""
    measure = rulebook.measure_of(instrument.construct)
    if measure is None:
        return []
    offset = mapped(Fraction(0), instrument, rulebook)  # the map is a line
    return [
        {
            "measure": f"{measure.id}/{rulebook.id}",
            "weight": "equal" if measure.weights.value is None else str(measure.weights.value),
            "scale": str(mapped(Fraction(1), instrument, rulebook) - offset),
            "offset": str(offset),
            "elements": [
                {"element": element.code, "items": [item.code for item in instrument.items_of(element)]}
                for element in instrument.elements
            ],
        }
    ]


def extended(extension: Extension) -> Statement:
    """Return that a campaign ends later than it said at first, by whom and why."""
    code = extension.campaign.code
    return {
        "kind": "extended",
        "id": f"extended/{code}/{extension.number}",
        "campaign": code,
        "ends_on": extension.ends_on.isoformat(),
        "until": extension.until.isoformat(),
        "by_unit": extension.by_office.slug,
        "reason": extension.reason,
    }


def sealed(block: Block, source: str) -> Statement:
    """Return what a block is: count, root, and the salted hash of its tally."""
    said: Statement = {
        "kind": "sealed",
        "id": f"sealed/{block.campaign}/{block.number}",
        "campaign": block.campaign,
        "block": block.number,
        "count": block.responses,
        "root": block.root.hex(),
        "tally": block.tally_hash.hex(),
    }
    if block.kind == IMPORTED:
        said |= {"kind": "imported", "id": f"imported/{block.campaign}", "source": source}
    return said


def erased(found: Erased) -> Statement:
    """Return that a response was erased at the respondent's wish, and from which block."""
    return {
        "kind": "erased",
        "id": f"erased/{found.campaign}/{found.number}",
        "campaign": found.campaign,
        "block": found.block,
        "count": 1,
    }


def closed(campaign: Campaign, blocks: Sequence[Block]) -> Statement:
    """Return how much was sealed; what was answered is revealed when it is certified."""
    return {
        "kind": "closed",
        "id": f"closed/{campaign.code}",
        "campaign": campaign.code,
        "blocks": len(blocks),
        "count": sum(block.responses for block in blocks),
    }


def revealed(codes: Sequence[str], tally: Tally) -> list[Statement]:
    """Return how often each score of each item was chosen, without items that fewer than k answered."""
    return [_item(code, tally) for code in codes if _answers(code, tally) >= K]


def _answers(code: str, tally: Tally) -> int:
    return sum(tally.counts.get(code, {}).values())


def _item(code: str, tally: Tally) -> Statement:
    row = sorted(tally.counts[code].items())
    return {"item": code, "counts": [{"score": score, "count": times} for score, times in row if times]}


def faults_of(campaign: Campaign, blocks: Sequence[Block]) -> Iterator[str]:
    """Yield where the ledger and the blocks of a campaign differ; what is not said yet may still come."""
    said = [opened(campaign), *(sealed(block, campaign.source) for block in blocks)]
    if blocks and blocks[-1].is_last:
        said.append(closed(campaign, blocks))
    names = [str(entry["id"]) for entry in said]
    known = {entry.name: entry.as_said() for entry in Said.objects.filter(name__in=names)}
    for entry in said:
        name = str(entry["id"])
        if name in known and known[name] != entry:
            yield f"the ledger says something else under {name} than the database holds"
    if names[0] not in known:
        yield f"the ledger does not say that {campaign.code} was opened"
