"""What an earlier meeting returned a survey for, and what its unit says that it mended since."""

from dataclasses import dataclass

from tera.portal.review.models import Item
from tera.portal.surveys.models import Step

RETURN, RESUBMIT = "return", "resubmit"


@dataclass(frozen=True, slots=True)
class Returned:
    """The step that returned a survey, and the one that sent it again: None where the day passed."""

    step: Step
    again: Step | None


def returned_before(item: Item) -> Returned | None:
    """Return how a survey came back to a meeting; None where it was never returned before."""
    steps = Step.objects.filter(campaign=item.campaign).order_by("number")
    if item.step is not None:
        steps = steps.filter(number__lt=item.step.number)
    step = steps.filter(deed=RETURN).last()
    return Returned(step, steps.filter(deed=RESUBMIT, number__gt=step.number).last()) if step else None
