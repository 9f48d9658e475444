"""The board of a meeting: every survey of the agenda as a tile, so that one look says who is where."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from tera.engine.explain import decimal_text
from tera.engine.workflow import Condition
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.models import Exclusion
from tera.portal.results.present import ShownMeasure, show_measures
from tera.portal.results.queries import Result, results_each
from tera.portal.review.checks.queries import answered_by_region
from tera.portal.review.meetings.choices import choices
from tera.portal.review.meetings.queries import items_of
from tera.portal.review.meetings.signed import Signed, signed_of
from tera.portal.review.meetings.wording import DECISIONS, SHOWN, STATES, WAITS
from tera.portal.review.models import Item, Meeting, Question
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Warnings:
    """What may stand in the way of a decision."""

    questions: int  # that are open
    checks: bool  # of the office, not all answered
    exclusions: int  # that wait for a second office

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.questions or self.checks or self.exclusions)

    @property
    def holds(self) -> set[Condition]:
        """What holds of a survey on an agenda, of the conditions of a decision."""
        found = {
            Condition.QUESTIONS_ANSWERED: not self.questions,
            Condition.CHECKS_ANSWERED: not self.checks,
            Condition.NO_EXCLUSION_WAITS: not self.exclusions,
        }
        return {Condition.ON_AGENDA, *(condition for condition, is_so in found.items() if is_so)}


NOTHING = Warnings(questions=0, checks=False, exclusions=0)


@dataclass(frozen=True, slots=True)
class Tile:
    """A survey on the agenda: its numbers where they may be shown, and how far it is.

    `numbers` are what measures are called and their values. `state` is the decision, SHOWN, or WAITS; what
    is decided may be shown again. Once the meeting has ended everything is as `signed` has it, which are its
    minutes, and there is no `result`.
    """

    item: Item
    signed: Signed | None
    result: Result | None
    measures: tuple[ShownMeasure, ...]
    numbers: tuple[tuple[str, str], ...]
    warnings: Warnings
    is_shown: bool

    @property
    def missing(self) -> tuple[Condition, ...]:
        """What the decision that is drafted lacks, apart from what is said with it."""
        mine = [one for one in choices(self.warnings.holds) if one.decision == self.item.decision]
        return mine[0].missing if mine else ()

    @property
    def state(self) -> str:
        """The decision, or that it is looked at now, or that it waits."""
        return self.item.decision or (SHOWN if self.is_shown else WAITS)

    @property
    def word(self) -> str:
        """The same in a word."""
        return str(STATES[self.state])

    @property
    def decided(self) -> str:
        """The decision in full; nothing where there is none."""
        return str(DECISIONS[Decision(self.item.decision)]) if self.item.decision else ""


@dataclass(frozen=True, slots=True)
class Board:
    """All tiles, and how many there are of each decision."""

    tiles: Sequence[Tile]

    @property
    def decided(self) -> int:
        """Of how many something is decided."""
        return sum(bool(tile.item.decision) for tile in self.tiles)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many there are of each decision that there is any of, with its word."""
        found = Counter(tile.item.decision for tile in self.tiles)
        return [(one, str(STATES[one]), found[one]) for one in Decision if found[one]]

    @property
    def shown(self) -> Tile | None:
        """What everybody looks at now."""
        return next((tile for tile in self.tiles if tile.is_shown), None)


def board_of(meeting: Meeting) -> Board:
    """Return the board of a meeting, with as many queries however many surveys it has."""
    items = items_of(meeting)
    campaigns = [item.campaign for item in items]
    if signed := signed_of(meeting, items):
        return Board([_signed(item, signed[item.campaign.code]) for item in items])
    results, warned = results_each(campaigns), warnings_of(campaigns)
    return Board(
        [
            _tile(item, results[item.campaign.code], warned[item.campaign.pk], meeting.shown_id)
            for item in items
        ]
    )


def _signed(item: Item, signed: Signed) -> Tile:
    """Return a tile of a meeting that has ended: nothing stands in the way any more."""
    return Tile(item, signed, None, (), signed.numbers, NOTHING, is_shown=False)


def _tile(item: Item, result: Result, warned: Warnings, shown: int | None) -> Tile:
    measures = show_measures(result)
    numbers = tuple(_number(one, result) for one in measures)
    return Tile(item, None, result, measures, numbers, warned, item.pk == shown)


def _number(measure: ShownMeasure, result: Result) -> tuple[str, str]:
    """Return what a measure is called and its value as people know it, or nothing where it is not shown.

    That is the index of the survey's own rulebook, which goes to 100, where that measures the same; otherwise
    the points of the integrity zone.
    """
    if measure.found is None:
        return measure.measure.short, ""
    own = [found for found in result.indices if found.instrument.id == measure.found.instrument.id]
    value, decimals = (own[0].converted, 2) if own else (measure.found.converted, measure.decimals)
    return measure.measure.short, decimal_text(value, decimals, language_in_force())


def warnings_of(campaigns: Iterable[Campaign]) -> dict[int, Warnings]:
    """Return what may stand in the way of deciding of surveys, by id; `review.conditions` says it of one."""
    ids = [campaign.pk for campaign in campaigns]
    asked = Question.objects.filter(campaign__in=ids, answered_at=None, withdrawn_at=None)
    waits = Exclusion.objects.filter(campaign__in=ids, confirmed_by=None, declined_by=None)
    questions = dict(asked.values_list("campaign").annotate(n=Count("pk")).order_by())
    exclusions = dict(waits.values_list("campaign").annotate(n=Count("pk")).order_by())
    answered = answered_by_region(ids)
    return {pk: Warnings(questions.get(pk, 0), pk not in answered, exclusions.get(pk, 0)) for pk in ids}
