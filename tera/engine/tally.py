"""Tallies: how often each item got each answer. Every index comes from tallies, never from rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Row = Sequence[int | None]
"""One respondent's answers, an option score or None for a blank, in the order of the item codes."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers of a group of respondents, added up.

    `respondents` gave at least one answer; `complete` of them answered every item. Tallies of disjoint groups
    add up: the tally of a unit is the sum of the tallies of its blocks.
    """

    respondents: int
    complete: int
    counts: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, codes: Sequence[str], rows: Iterable[Row]) -> "Tally":
        """Return the tally of these rows; a row without any answer is no respondent."""
        return cls.of_patterns(codes, Counter(tuple(row) for row in rows))

    @classmethod
    def of_patterns(cls, codes: Sequence[str], patterns: Mapping[tuple[int | None, ...], int]) -> "Tally":
        """Return the tally of answer patterns, each with how many respondents gave it."""
        counts: dict[str, Counter[int]] = {code: Counter() for code in codes}
        respondents = complete = 0
        for pattern, times in patterns.items():
            given = [(code, score) for code, score in zip(codes, pattern, strict=True) if score is not None]
            for code, score in given:
                counts[code][score] += times
            respondents += times if given else 0
            complete += times if len(given) == len(codes) else 0
        return cls(respondents, complete, counts)

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of both groups together."""
        codes = dict.fromkeys([*self.counts, *other.counts])
        counts = {code: Counter(self.counts.get(code, {})) for code in codes}
        for code, scores in other.counts.items():
            counts[code].update(scores)
        return Tally(self.respondents + other.respondents, self.complete + other.complete, counts)

    def of_items(self, codes: Iterable[str]) -> tuple[int, int]:
        """Return how many answers these items got together, and the sum of their scores."""
        pairs = [pair for code in codes for pair in self.counts.get(code, {}).items()]
        return sum(times for _, times in pairs), sum(score * times for score, times in pairs)


EMPTY = Tally(0, 0, {})
