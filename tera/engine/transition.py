"""Deeds that take a case from one stage to the next: a table of rows, each with its conditions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S, C]):
    """A row of a table; `permission` is an id of permissions.toml. No sources: with it a case begins."""

    deed: str
    sources: tuple[S, ...]
    target: S
    permission: str
    conditions: tuple[C, ...] = ()


class NotAllowed(ValueError):
    """A deed that may not happen now; `deed`, `stage` and the conditions that are `missing` say why."""

    def __init__(self, row: Transition[S, C], stage: S | None, missing: Sequence[C] = ()) -> None:
        """Say what is missing, or at which stages the deed may happen."""
        at = ", ".join(row.sources) or "the beginning"
        why = f"needs {', '.join(missing)}" if missing else f"may happen at {at}"
        super().__init__(f"{row.deed} {why}; it is at {stage or 'the beginning'}")
        self.deed, self.stage = row.deed, stage
        self.missing: tuple[Any, ...] = tuple(missing)  # conditions of the table that was asked


def decide(
    rows: Mapping[str, Transition[S, C]], deed: str, stage: S | None, holds: Collection[C]
) -> Transition[S, C]:
    """Return the row by which a deed may happen; who does it must have the row's permission besides.

    Args:
        rows: the table, by deed.
        deed: its name in the table; KeyError where there is none.
        stage: where the case is; None before it begins.
        holds: the conditions that are true of it.

    Raises:
        NotAllowed: the table has no such row for this stage, or a condition does not hold.
    """
    row = rows[deed]
    if stage not in (row.sources or (None,)):
        raise NotAllowed(row, stage)
    if missing := [condition for condition in row.conditions if condition not in holds]:
        raise NotAllowed(row, stage, missing)
    return row
