"""What the answers say: indices, elements, services, items, and how far they can be trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tera.engine.disclosure import K
from tera.engine.eligibility import Finding
from tera.engine.explain import Step, explain_finding, said
from tera.engine.instrument import Instrument, Item
from tera.engine.rulebook import Measure
from tera.engine.tally import EMPTY
from tera.portal.accounts.queries import language_in_force
from tera.portal.results import present
from tera.portal.results.precision.showing import cards_of
from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.showing.comparing import strips
from tera.portal.review.dossier.showing.integrity import last_block
from tera.portal.review.dossier.showing.trends import trends

MOST_SCORES = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """How many gave a score, as a piece of a line; `shade` is 1 for the lowest score, 6 for the highest."""

    label: str
    score: int
    count: int
    start: str
    width: str
    shade: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the answers to one item spread; `pieces` are empty where fewer than k gave one."""

    text: str
    n: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """What the criteria of a title give, and what the data prove of it."""

    id: str
    name: Mapping[str, str]
    is_eligible: bool
    rows: tuple[tuple[Finding, Step], ...]
    proof: Mapping[str, Any]


def figures(case: Case) -> dict[str, object]:
    """Return what the second part of a dossier shows."""
    result, language = case.result, language_in_force()
    if not result.has_index:
        return {"result": result}
    return {
        "result": result,
        "indices": present.show_indices(result, language),
        "charts": present.show_charts(result, language),
        "measures": present.show_measures(result),
        "titles": list(_titles(case)),
        "services": _services(case),
        "services_of": case.values.get("services", {}).get("of", ""),
        "items": list(_distributions(case)),
        "trends": trends(case),
        "strips": strips(case),
        "cards": cards_of(case.certification) if case.certification else [],
        "last_block": last_block(case),
        "k": K,
    }


def _titles(case: Case) -> Iterator[ShownTitle]:
    rulebook = case.campaign.zone_rulebook
    for target, verdict in case.result.verdicts.items():
        rows = tuple((finding, explain_finding(finding, rulebook)) for finding in verdict.findings)
        proof = case.values.get("proofs", {}).get(target, {})
        yield ShownTitle(target, rulebook.target(target).name, verdict.eligible, rows, proof)


def _services(case: Case) -> list[tuple[str, list[Fraction | None]]]:
    """Return each service that may be shown with its value of each measure, in their order."""
    rows = case.values.get("services", {}).get("rows", {})
    measures: list[Measure] = present.in_order(case.campaign.zone_rulebook)
    names = case.campaign.services
    return [
        (names.get(code, code), [_fraction(found.get(measure.id)) for measure in measures])
        for code, found in rows.items()
    ]


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _distributions(case: Case) -> Iterator[tuple[str, list[Distribution]]]:
    """Yield the items of each questionnaire; of an item that fewer than k answered no score is told."""
    language = language_in_force()
    for instrument in case.campaign.instruments:
        rows = [_distribution(case, instrument, item, language) for item in instrument.items]
        yield said(instrument.title, language), rows


def _distribution(case: Case, instrument: Instrument, item: Item, language: str) -> Distribution:
    counts = case.result.tallies.get(instrument.id, EMPTY).counts.get(item.code, {})
    n, before, pieces = sum(counts.values()), 0, []
    text = said(item.stem, language)
    if n < K:
        return Distribution(text, 0, ())
    labels = {option.score: said(option.label, language) for option in item.options}
    scores = sorted(labels)
    for place, score in enumerate(scores):
        count = counts.get(score, 0)
        shade = 1 + place * (MOST_SCORES - 1) // max(len(scores) - 1, 1)
        pieces.append(Piece(labels[score], score, count, _share(before, n), _share(count, n), shade))
        before += count
    return Distribution(text, n, tuple(pieces))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}"
