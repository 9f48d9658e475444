"""Tallies: how often each item got each answer. Every index comes from tallies, never from rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import Any

Row = Sequence[int | None]
"""One respondent's answers, an option score or None for a blank, in the order of the item codes."""

GIVEN = bytes(b"01"[score > 0] for score in range(256))


def bits(column: bytes, chosen: bytes) -> int:
    """Return a bit for each respondent of a column: whether `chosen` has a "1" at their score."""
    return int(column.translate(chosen) or b"0", 2)


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

    @classmethod
    def of_columns(cls, codes: Sequence[str], columns: Sequence[bytes]) -> "Tally":
        """Return the tally of answers that lie column by column: a byte for each respondent, 0 a blank."""
        given = [bits(column, GIVEN) for column in columns]
        counts = {
            code: {
                score: times
                for score in range(1, max(column, default=0) + 1)
                if (times := column.count(score))
            }
            for code, column in zip(codes, columns, strict=True)
        }
        return cls(reduce(or_, given, 0).bit_count(), reduce(and_, given).bit_count(), counts)

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of both groups together."""
        codes = dict.fromkeys([*self.counts, *other.counts])
        counts = {code: Counter(self.counts.get(code, {})) for code in codes}
        for code, scores in other.counts.items():
            counts[code].update(scores)
        return Tally(self.respondents + other.respondents, self.complete + other.complete, counts)

    def __sub__(self, other: "Tally") -> "Tally":
        """Return the tally without a group that is in it; ValueError where it cannot be."""
        counts = {code: Counter(row) for code, row in self.counts.items()}
        for code, scores in other.counts.items():
            counts.setdefault(code, Counter()).subtract(scores)
        left = Tally(self.respondents - other.respondents, self.complete - other.complete, counts)
        if min(left.respondents, left.complete, *(n for row in counts.values() for n in row.values())) < 0:
            raise ValueError("a group that is taken off must be in the tally")
        return replace(left, counts={code: +row for code, row in counts.items()})

    def as_values(self) -> dict[str, object]:
        """Return it as JSON keeps it, without scores that nobody chose; `of_values` reads it."""
        counts = {
            code: {str(score): times for score, times in row.items() if times}
            for code, row in self.counts.items()
        }
        return {"respondents": self.respondents, "complete": self.complete, "counts": counts}

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> "Tally":
        """Return the tally that `as_values` wrote."""
        counts = {
            code: {int(score): times for score, times in row.items()}
            for code, row in values["counts"].items()
        }
        return cls(values["respondents"], values["complete"], counts)

    def of_items(self, codes: Iterable[str]) -> tuple[int, int]:
        """Return how many answers these items got together, and the sum of their scores."""
        pairs = [pair for code in codes for pair in self.counts.get(code, {}).items()]
        return sum(times for _, times in pairs), sum(score * times for score, times in pairs)


EMPTY = Tally(0, 0, {})


def as_values(tallies: Mapping[str, Tally]) -> dict[str, dict[str, object]]:
    """Return tallies by instrument id as JSON keeps them; `of_values` reads them."""
    return {name: tally.as_values() for name, tally in tallies.items()}


def of_values(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Tally]:
    """Return the tallies by instrument id that `as_values` wrote."""
    return {name: Tally.of_values(tally) for name, tally in values.items()}
