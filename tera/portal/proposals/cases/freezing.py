"""On which values a decision relied, beside the certified results: its step keeps those that held then."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tera.engine.proposal import PROPOSING
from tera.portal.proposals.models import Case, Score, Step
from tera.portal.proposals.queries import scores_of
from tera.portal.review.models.checks import Layer

FREEZING = (*PROPOSING, "not-propose")
"""The deeds whose step keeps the values on which it relied."""
RELIED_ON = (Layer.INSPECTORATE, Layer.MINISTRY)
KEY = "scores"
Kept = Mapping[str, str]


def frozen(case: Case) -> dict[str, dict[str, dict[str, Kept]]]:
    """Return what the step of a decision keeps: by layer and measure the value, and its file's sha256."""
    found: dict[str, dict[str, Kept]] = {layer.value: {} for layer in RELIED_ON}
    for (layer, measure), score in sorted(scores_of(case).items()):
        if layer in found:
            found[layer][measure] = _kept(score)
    return {KEY: found}


def relied_on(case: Case, decision: Step) -> dict[tuple[str, str], Score]:
    """Return the ministry's values on which a decision relied, as `scores_of` does; these are not saved.

    A decision that changes no value, such as the title itself, relies on those of the one before it.
    """
    asked = case.steps.filter(deed__in=FREEZING, number__lte=decision.number).order_by("-number")
    layer = Layer.MINISTRY
    kept: Mapping[str, Kept] = next((one.basis[KEY][layer] for one in asked if KEY in one.basis), {})
    return {
        (layer, measure): Score(case=case, layer=layer, measure=measure, value=one["value"])
        for measure, one in kept.items()
    }


def faults_of_frozen(case: Case, steps: Iterable[Step]) -> Iterator[str]:
    """Yield the values that a decision kept and that did not hold then, or that held and are not kept."""
    rows: dict[tuple[str, str], list[Score]] = {}
    scores = Score.objects.filter(case=case, layer__in=RELIED_ON).select_related("evidence")
    for score in scores.defer("evidence__content").order_by("number"):
        rows.setdefault((score.layer, score.measure), []).append(score)
    for step in steps:
        if step.deed not in FREEZING:
            continue
        if KEY not in step.basis:
            yield f"{step} does not say on which values it relied"
            continue
        kept = {
            (layer, measure): one for layer, own in step.basis[KEY].items() for measure, one in own.items()
        }
        for layer, measure in sorted(kept.keys() | rows.keys()):
            held = _may_have_held(rows.get((layer, measure), ()), step.at)
            if kept.get((layer, measure)) not in held:
                yield f"{step} relied on another {measure} of the {layer} than was given when it was made"


def _may_have_held(rows: Iterable[Score], at: datetime) -> list[Kept | None]:
    """Return what held at a moment, None for nothing: one thing, or more where they were given just then."""
    held: list[Kept | None] = [None]
    for score in rows:
        said = _kept(score) if score.value else None
        if score.at < at:
            held = [said]
        elif score.at == at:
            held.append(said)
    return held


def _kept(score: Score) -> Kept:
    return {"value": score.value, "evidence": score.evidence.sha256 if score.evidence else ""}
