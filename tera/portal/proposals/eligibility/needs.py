"""What it would take: each criterion that is not met in a plain sentence, and where to begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.explain import said
from tera.engine.index import MeasureIndex
from tera.portal.proposals.eligibility.criteria import ShownCriterion, ShownTitle
from tera.portal.results.present import decimals_beside

WHERE_TO_BEGIN = 3


@dataclass(frozen=True, slots=True)
class Need:
    """A criterion that one or more titles ask for alike and that is not met.

    `found` is the index as it is, None where there is none; `rise` is by how much it must grow, `lowest` are
    the elements with the lowest means. `asking` are questionnaires that ask for what was not asked.
    """

    titles: str
    row: ShownCriterion
    found: MeasureIndex | None
    rise: Fraction | None
    decimals: int
    lowest: tuple[tuple[str, Fraction], ...]
    asking: tuple[str, ...]


def needs_of(
    titles: Sequence[ShownTitle], zone: Mapping[str, MeasureIndex], language: str
) -> tuple[Need, ...]:
    """Return what is not met, once for all titles that ask for the same."""
    rows: dict[tuple[str, Fraction | str], list[tuple[str, ShownCriterion]]] = {}
    for title in titles:
        for row in title.rows:
            if not row.finding.met:
                asked = row.finding.criterion
                rows.setdefault((asked.id, asked.threshold), []).append((title.target.id.upper(), row))
    return tuple(_need([name for name, _ in same], same[0][1], zone, language) for same in rows.values())


def _need(
    titles: Sequence[str], row: ShownCriterion, zone: Mapping[str, MeasureIndex], language: str
) -> Need:
    found = zone.get(row.finding.criterion.measure)
    rise = row.asked - found.points if row.asked is not None and found else None
    return Need(
        titles=" · ".join(titles),
        row=row,
        found=found,
        rise=rise,
        decimals=decimals_beside(found.points, [row.asked]) if found and row.asked is not None else 2,
        lowest=_lowest(found, language) if found else (),
        asking=tuple(said(title, language) for title in row.asking),
    )


def _lowest(found: MeasureIndex, language: str) -> tuple[tuple[str, Fraction], ...]:
    """Return the elements that pull an index down most, lowest first; ties as in the questionnaire."""
    names = {entry.code: said(entry.name, language) for entry in found.instrument.elements}
    means = [(names[entry.code], entry.mean) for entry in found.elements if entry.mean is not None]
    return tuple(sorted(means, key=lambda pair: pair[1])[:WHERE_TO_BEGIN])
