"""Until when each layer scores a proposal: what a deed rests on stays as it was when the deed was done."""

from tera.engine.proposal import Stage
from tera.portal.accounts.models import Assignment, User
from tera.portal.proposals import gate
from tera.portal.proposals.cases.acting import acts_for_one_layer
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import is_in_conflict
from tera.portal.review.models.checks import Layer

PERMISSIONS = {layer: f"score-{layer.value}" for layer in Layer}
_JUDGING = frozenset({Stage.SUBMITTED, Stage.RECOMMENDED})
STAGES = {
    Layer.UNIT: frozenset({Stage.DRAFT, Stage.INVITED}),
    Layer.REGION: frozenset({Stage.SUBMITTED}),
    Layer.INSPECTORATE: _JUDGING,
    Layer.MINISTRY: _JUDGING,
}
IN_CONFLICT = frozenset({Stage.PROPOSED, Stage.SENT, Stage.GRANTED})
"""The stages at which those who decide again score again, once a result was corrected."""


class CannotScore(ValueError):
    """A layer does not score at this stage, or not like this; the message says why."""


class OtherLayer(CannotScore):
    """The person acts for another layer of the proposal already."""


def is_open(case: Case, layer: Layer, *, in_conflict: bool) -> bool:
    """Say whether a layer scores a proposal now."""
    again = in_conflict and layer in {Layer.INSPECTORATE, Layer.MINISTRY} and case.stage in IN_CONFLICT
    return again or case.stage in STAGES[layer]


def require_open(case: Case, layer: Layer, by: User) -> Assignment:
    """Return the role by which somebody scores for a layer now, and let nobody else act meanwhile.

    Raises:
        PermissionDenied: this person does not score for this layer.
        CannotScore: the layer does not score at this stage.
    """
    role = gate.require(by, PERMISSIONS[layer], case)
    held = Case.objects.select_for_update().get(pk=case.pk)
    if not acts_for_one_layer(held, by, layer):
        raise OtherLayer(f"{by.get_username()} acts for another layer of {held} already")
    if not is_open(held, layer, in_conflict=is_in_conflict(held)):
        allowed = ", ".join(sorted(STAGES[layer]))
        raise CannotScore(f"{layer} scores at {allowed}; the proposal is at {held.stage}")
    return role
