"""The way of a survey from its answers to a published result: what is behind it, and what usually comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from tera.engine.workflow import DEEDS, ENDS, Stage
from tera.portal.surveys.models import Campaign, Step
from tera.portal.surveys.stages import stage_of
from tera.portal.surveys.wording import STAGES

# What usually follows each stage; a survey may be returned or rejected instead.
_VERIFIED = {
    Stage.COLLECTED: Stage.CLOSED,
    Stage.CLOSED: Stage.SCREENED,
    Stage.SCREENED: Stage.IN_VERIFICATION,
    Stage.IN_VERIFICATION: Stage.VERIFIED,
    Stage.RETURNED: Stage.RESUBMITTED,
    Stage.RESUBMITTED: Stage.IN_VERIFICATION,
    Stage.VERIFIED: Stage.CERTIFIED,
    Stage.CERTIFIED: Stage.PUBLISHED,
}
_ALONE = {**_VERIFIED, Stage.SCREENED: Stage.CERTIFIED}  # nobody verifies it


class State(StrEnum):
    """Where a stop lies beside where the survey is."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to-come"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage on a way; `step` led there, None of the first one and of what is to come."""

    stage: Stage
    state: State
    step: Step | None = None

    @property
    def name(self) -> Promise:
        """What the stage is called."""
        return STAGES[self.stage]


def way_of(campaign: Campaign) -> list[Stop]:
    """Return the way of a survey: every stop that it made, loops too, and the usual ones to come."""
    steps = list(Step.objects.filter(campaign=campaign).select_related("office").order_by("number"))
    stops: list[Step | None] = [None, *steps]
    now = Stage(steps[-1].stage) if steps else Stage.COLLECTED
    state = State.DONE if now in ENDS else State.NOW
    passed = [Stop(Stage(step.stage) if step else Stage.COLLECTED, State.DONE, step) for step in stops[:-1]]
    return [*passed, Stop(now, state, stops[-1]), *_to_come(campaign, now)]


def certifying_deed(campaign: Campaign) -> str:
    """Return the deed by which people certify a survey; where an office is above, it verifies first."""
    return "certify-alone" if campaign.office_above is None else "certify"


def is_certifiable(campaign: Campaign) -> bool:
    """Say whether a survey is as far as it must be to be certified by people."""
    return not campaign.source and stage_of(campaign) in DEEDS[certifying_deed(campaign)].sources


def _to_come(campaign: Campaign, stage: Stage) -> Iterator[Stop]:
    usual = _ALONE if campaign.source or campaign.office_above is None else _VERIFIED
    while stage in usual:
        stage = usual[stage]
        yield Stop(stage, State.TO_COME)
