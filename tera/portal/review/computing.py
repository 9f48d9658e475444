"""What screening sees in the sealed blocks of a campaign. Only the worker computes: scipy is large.

The seed is the sha256 of the campaign's code, so that everybody who computes again finds the same. Only sums
are looked at, those of all sealed responses: screening knows no response, so it can exclude none.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from importlib.resources import files

import numpy as np
from django.conf import settings

from tera.engine.breakdown import Breakdown, Spread
from tera.engine.instrument import Instrument
from tera.engine.tally import Tally
from tera.intake.blocks import Block, list_blocks, list_breakdowns
from tera.intake.paradata import list_paradata
from tera.portal.surveys.models import Campaign
from tera.statistics import screening
from tera.statistics.screening import wording
from tera.statistics.screening.calibration import MOST
from tera.statistics.screening.channels import HOME, KIOSK, Gap, compare_channels
from tera.statistics.screening.evidence import LEVEL
from tera.statistics.screening.sample import MOST_FORMS, Sample
from tera.statistics.screening.screen import screen

Values = dict[str, object]
BEFORE_STAFF = frozenset({"KIOSK", "PAPER", "ASSISTED"})
"""Channels by which people answer under the eyes of the office: its screen, its paper, with help of staff."""
BY_THEMSELVES = frozenset({"WEB", "QR"})
GAP_SOURCE = 1_000  # of chance, beside those of the questionnaires


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a campaign; p and e are None where no questionnaire could be screened."""

    values: Values
    counts: Mapping[str, Mapping[str, int]]
    p: float | None
    e: float | None


def seed_of(campaign: Campaign) -> int:
    """Return the seed of all chance about a campaign."""
    return int.from_bytes(hashlib.sha256(campaign.code.encode()).digest()[:8])


def program_sha256() -> str:
    """Return the sha256 over the name and text of every module that screens."""
    digest = hashlib.sha256()
    for path in sorted(files(screening).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".py"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def seen_in(campaign: Campaign) -> Seen:
    """Return what is seen in a closed campaign: by questionnaire, and over all by Bonferroni."""
    blocks = list_blocks(settings.INTAKE, [campaign.code])
    parts = {number: part for _, number, part in list_breakdowns(settings.INTAKE, [campaign.code])}
    found, p, e = [], [], []
    for place, instrument in enumerate(campaign.instruments):
        sums = _sums(instrument, blocks, parts)
        sample = Sample.of_blocks(campaign.code, instrument, that_fit(sums, seed_of(campaign)))
        own = screen(sample, np.random.default_rng([seed_of(campaign), place]))
        gap = compare_channels(
            _strata(instrument, list(parts.values())),
            np.random.default_rng([seed_of(campaign), GAP_SOURCE + place]),
        )
        complete = sum(tally.complete for tally, _ in sums)
        told = {"screening": asdict(own), "complete": complete, "gap": _shown(gap)}
        found.append({"instrument": instrument.id, **told})
        if own.p is not None and own.e is not None:
            p.append(own.p)
            e.append(own.e)
    said = {
        "limits": wording.LIMITS,
        "ladder": wording.LADDER,
        "nothing_to_do": wording.NOTHING_TO_DO,
        "least_p": 1 / (1 + MOST),
    }
    counts = list_paradata(settings.INTAKE, [campaign.code]).get(campaign.code, {})
    return Seen(
        values={"found": found, **said},
        counts={kind: dict(times) for kind, times in counts.items()},
        p=min(1.0, len(p) * min(p)) if p else None,
        e=sum(e) / len(e) if e else None,
    )


def _sums(
    instrument: Instrument, blocks: Sequence[Block], parts: Mapping[int, Breakdown]
) -> list[tuple[Tally, Spread]]:
    """Return the sums of each block; one of fewer than k has none."""
    return [
        (block.tallies[instrument.id], parts[block.number].spreads[instrument.id])
        for block in blocks
        if instrument.id in block.tallies and block.number in parts
    ]


def that_fit(sums: list[tuple[Tally, Spread]], seed: int) -> list[tuple[Tally, Spread]]:
    """Return all blocks, or of more forms than can be screened those that fit, chosen by chance."""
    if sum(tally.complete for tally, _ in sums) <= MOST_FORMS:
        return sums
    chosen: list[tuple[Tally, Spread]] = []
    for tally, spread in random.Random(seed).sample(sums, len(sums)):  # noqa: S311  so that it can be repeated
        if tally.complete + sum(one.complete for one, _ in chosen) <= MOST_FORMS:
            chosen.append((tally, spread))
    return chosen or sums


def _strata(instrument: Instrument, parts: Sequence[Breakdown]) -> dict[str, dict[str, Counter[Fraction]]]:
    """Return how many have which mean by service and month, before staff or by themselves."""
    found: dict[str, dict[str, Counter[Fraction]]] = {}
    for part in parts:
        for (service, month, channel), by_instrument in part.strata.items():
            side = KIOSK if channel in BEFORE_STAFF else HOME if channel in BY_THEMSELVES else ""
            if side and instrument.id in by_instrument:
                sides = found.setdefault(f"{service}/{month}", {})
                sides.setdefault(side, Counter()).update(by_instrument[instrument.id])
    return found


def _shown(gap: Gap) -> Values:
    """Return a gap without how many came by either channel: beside other counts that tells of few people."""
    kept = {name: value for name, value in asdict(gap).items() if name not in {"first", "second"}}
    return {**kept, "is_notable": gap.p is not None and gap.p <= LEVEL}
