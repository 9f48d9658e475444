"""Reads of call-backs: the script, the round that is under way, and what finished rounds show."""

from dataclasses import dataclass
from functools import cache

from tera import checklists
from tera.engine.call_script import CallScript, parse
from tera.portal.accounts.models import User
from tera.portal.review.calls.bound import Bound, bound_of
from tera.portal.review.calls.naming import OUTCOMES
from tera.portal.review.models import Call, CallRound
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

PERMISSION = "call-back"
SCRIPT = "call-back-1"


@dataclass(frozen=True, slots=True)
class Finished:
    """A round that is over: how many calls ended how, how many were never made, and what follows."""

    round: CallRound
    outcomes: tuple[tuple[str, int], ...]
    not_called: int
    bound: Bound

    @property
    def most(self) -> int | None:
        """How many forms those on the list can have sent at most."""
        return self.bound.most_forms(self.round.population)


@cache
def script() -> CallScript:
    """Return what is said to those who are called."""
    return parse(checklists.read(SCRIPT, "script.toml"))


def open_round(campaign: Campaign) -> CallRound | None:
    """Return the round that is not finished yet."""
    mine = CallRound.objects.filter(campaign=campaign, finished_at=None).select_related("office", "campaign")
    return mine.order_by("number").last()


def is_of(found: CallRound, user: User) -> bool:
    """Say whether somebody calls for the office that drew a round: nobody else sees whom it drew."""
    return gate.acting(user, PERMISSION, found.campaign, found.office) is not None


def calls_of(found: CallRound) -> list[Call]:
    """Return those who are to be called, in the order in which they were drawn."""
    return list(Call.objects.filter(round=found).order_by("pk"))


def finished_rounds(campaign: Campaign) -> list[Finished]:
    """Return the rounds that are over, the latest first."""
    over = CallRound.objects.filter(campaign=campaign).exclude(finished_at=None).select_related("office")
    return [_finished(found) for found in over.order_by("-number")]


def _finished(found: CallRound) -> Finished:
    rows = tuple((str(name), found.outcomes.get(outcome, 0)) for outcome, name in OUTCOMES.items())
    return Finished(found, rows, found.sample - sum(found.outcomes.values()), bound_of(found.outcomes))
