"""Counts responses: each pattern of answers once, however many gave it."""

from collections import Counter
from collections.abc import Sequence

from tera.engine import response
from tera.engine.tally import Tally
from tera.intake.form import CampaignForm
from tera.intake.tables import Held


def tallies_of(form: CampaignForm, rows: Sequence[Held]) -> dict[str, Tally]:
    """Return the tallies of responses by instrument id."""
    patterns = Counter(response.answers_of(body) for _, _, body in rows)
    given = {tuple(score or None for score in pattern): times for pattern, times in patterns.items()}
    return {
        instrument.id: Tally.of_patterns(instrument.codes, _cut(given, place))
        for instrument, place in form.slices()
    }


def _cut(given: dict[tuple[int | None, ...], int], place: slice) -> Counter[tuple[int | None, ...]]:
    cut: Counter[tuple[int | None, ...]] = Counter()
    for pattern, times in given.items():
        cut[pattern[place]] += times
    return cut
