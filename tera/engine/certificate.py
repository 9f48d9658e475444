"""The certificate of a result: one document from which anybody can compute it again.

It records what was certified and says what follows from that: every index, and what the integrity zone judges
of it. docs/protocol.md tells its format. The bytes are canonical JSON (sorted keys, no spaces, ASCII) and end
with one line feed; their sha256 stands in the statement `certified` of the ledger.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tera.engine import disclosure
from tera.engine.disclosure import K
from tera.engine.eligibility import Finding, Verdict
from tera.engine.index import ElementMean, MeasureIndex
from tera.engine.instrument import Instrument
from tera.engine.number import exact
from tera.engine.result import indices_of, verdicts_of, zone_of
from tera.engine.rulebook import Rulebook
from tera.engine.tally import EMPTY, Tally

FORMAT = "tera/certificate/v1"
Rulebooks = tuple[Rulebook, Rulebook]
"""That of the survey itself, and that of the integrity zone."""


class Unverified(StrEnum):
    """Why no minutes tell that a result was verified; the stored text never changes."""

    NO_OFFICE_ABOVE = "no office above"
    IMPORTED = "imported"
    BEFORE = "before verification was recorded"


class Withheld(StrEnum):
    """Why the numbers with the excluded responses are not there; the stored code never changes."""

    NONE = "none"  # nothing is excluded
    SMALL = "small"  # fewer than k responses count, so there are no numbers at all
    FEW = "few"  # fewer than k are excluded: the difference would show what they said
    CORRECTED = "corrected"  # the former result stands beside it already


@dataclass(frozen=True, slots=True)
class Verified:
    """The statement of the minutes in which a result was verified, and what they decided."""

    minutes: str
    decision: str


@dataclass(frozen=True, slots=True)
class File:
    """A questionnaire or a rulebook as it was when the survey opened."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Certified:
    """What a certificate records; the rest of it follows.

    `rulebooks` are that of the survey and that of the integrity zone. `tallies` are of the responses that
    count, by instrument id, `tallies_with` of the excluded ones too. `version` is that of the program that
    certified: a later one keeps it. `corrects` is the id of the statement that it corrects, if any.
    """

    campaign: str
    unit: str
    period: str
    starts_on: date
    ends_on: date
    by_unit: str
    certified_on: date
    version: str
    verified: Verified | Unverified
    instruments: tuple[File, ...]
    rulebooks: tuple[File, File]
    count: int
    excluded: int
    controls: int
    tallies: Mapping[str, Tally]
    tallies_with: Mapping[str, Tally]
    corrects: str = ""


def encode(certified: Certified, asked: Sequence[Instrument], rulebooks: Rulebooks) -> bytes:
    """Return the certificate of a result, with no number that may not be shown."""
    verified, withheld = certified.verified, _withheld(certified)
    tallies = _shown(certified.tallies) if certified.count >= K else {}
    with_ = {} if withheld else _shown_with(certified.tallies_with, tallies)
    document = {
        "format": FORMAT,
        **{name: getattr(certified, name) for name in ("campaign", "unit", "period", "by_unit", "version")},
        "starts_on": certified.starts_on.isoformat(),
        "ends_on": certified.ends_on.isoformat(),
        "certified_on": certified.certified_on.isoformat(),
        "verified": _verified(verified) if isinstance(verified, Verified) else None,
        "unverified": None if isinstance(verified, Verified) else verified,
        "instruments": [{"id": entry.id, "sha256": entry.sha256} for entry in certified.instruments],
        "rulebooks": [{"id": entry.id, "sha256": entry.sha256} for entry in certified.rulebooks],
        "counts": _counts(certified),
        **_computed(tallies, asked, rulebooks),
        "with_excluded": None if withheld else _computed(with_, asked, rulebooks),
        "withheld": withheld,
        **({"corrects": certified.corrects} if certified.corrects else {}),
    }
    return canonical(document)


def canonical(document: Mapping[str, object]) -> bytes:
    """Return the bytes of a document: sorted keys, no spaces, ASCII, one line feed at the end."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _verified(verified: Verified) -> dict[str, str]:
    return {"minutes": verified.minutes, "decision": verified.decision}


def _counts(certified: Certified) -> dict[str, int]:
    count, excluded, controls = certified.count, certified.excluded, certified.controls
    return {
        "sealed": count + excluded + controls,
        "count": count,
        "excluded": excluded,
        "controls": controls,
    }


def _withheld(certified: Certified) -> Withheld | None:
    if certified.excluded == 0:
        return Withheld.NONE
    if certified.count < K:
        return Withheld.SMALL
    if certified.corrects:
        return Withheld.CORRECTED
    return None if disclosure.may_show_with(certified.excluded) else Withheld.FEW


def _shown(tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return tallies of k people or more, and of them the items that so many answered."""
    kept = {name: disclosure.shown(tally) for name, tally in tallies.items() if tally.respondents >= K}
    return {name: _without(tally, ()) for name, tally in kept.items()}


def _shown_with(tallies: Mapping[str, Tally], without: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return the same with the excluded responses, where no number differs by fewer than k people."""
    found = {}
    for name, tally in _shown(tallies).items():
        other = without.get(name, EMPTY)
        more = {code: tally.of_items([code])[0] - other.of_items([code])[0] for code in tally.counts}
        if tally.respondents - other.respondents not in range(1, K):
            found[name] = _without(tally, [code for code in more if more[code] in range(1, K)])
    return found


def _without(tally: Tally, codes: Collection[str]) -> Tally:
    """Return a tally without these items and those that nobody answered."""
    kept = {code: row for code, row in tally.counts.items() if row and code not in codes}
    return replace(tally, counts=kept)


def _computed(
    tallies: Mapping[str, Tally], asked: Sequence[Instrument], rulebooks: Rulebooks
) -> dict[str, object]:
    """Return tallies with all that follows from them."""
    each = {entry.id: entry for entry in rulebooks}.values()
    zone = zone_of(tallies, asked, rulebooks[1])
    return {
        "tallies": {name: _tally(tally) for name, tally in tallies.items()},
        "measures": [_measure(found) for rulebook in each for found in indices_of(tallies, asked, rulebook)],
        "verdicts": {name: _verdict(found) for name, found in verdicts_of(zone, rulebooks[1]).items()},
    }


def _tally(tally: Tally) -> dict[str, object]:
    """Return a tally as JSON; how many answered every item is not told: nothing follows from it."""
    return {key: value for key, value in tally.as_values().items() if key != "complete"}


def _measure(found: MeasureIndex) -> dict[str, object]:
    return {
        "measure": f"{found.measure.id}/{found.rulebook.id}",
        "instrument": found.instrument.id,
        "n": found.n,
        "elements": [_element(element) for element in found.elements if element.mean is not None],
        "points": {"exact": exact(found.points), "shown": found.points_shown},
        "converted": {"exact": exact(found.converted), "shown": found.converted_shown},
        "grade": found.grade.grade if found.grade else None,
    }


def _element(element: ElementMean) -> dict[str, object]:
    return {"element": element.code, "n": element.n, "sum": element.sum, "mean": str(element.mean)}


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "eligible": verdict.eligible,
        "scope": verdict.scope,
        "criteria": [_criterion(finding) for finding in verdict.findings],
    }


def _criterion(finding: Finding) -> dict[str, object]:
    criterion = finding.criterion
    return {
        "id": criterion.id,
        "measure": criterion.measure,
        "op": criterion.op,
        "threshold": str(criterion.threshold),
        "value": None if finding.value is None else str(finding.value),
        "met": finding.met,
        "article": criterion.article,
    }
