"""For which layer of a proposal somebody acts: each person for one only, so that four look at it."""

from typing import Any

from django.db.models import Manager

from tera.engine.proposal import DEEDS
from tera.portal.accounts.models import User
from tera.portal.proposals.models import Case
from tera.portal.review.models.checks import Layer

LAYER_OF = {  # by the permission of a deed
    "begin-proposal": Layer.UNIT,
    "submit-proposal": Layer.UNIT,
    "invite-unit": Layer.REGION,
    "recommend-unit": Layer.REGION,
    "decide-proposal": Layer.MINISTRY,
}


def layers_of(case: Case, user: User) -> set[Layer]:
    """Return the layers for which somebody did something: a step, a score, a file, an opinion."""
    found = {LAYER_OF[DEEDS[deed].permission] for deed in _values(case.steps, user, "deed")}
    for said in (case.scores, case.evidence, case.opinions):
        found |= {Layer(layer) for layer in _values(said, user, "layer")}
    return found


def acts_for_one_layer(case: Case, user: User, layer: Layer) -> bool:
    """Say whether somebody who acts for a layer now did so for no other one before."""
    return layers_of(case, user) <= {layer}


def _values(rows: "Manager[Any]", user: User, name: str) -> set[str]:
    return set(rows.filter(by=user).values_list(name, flat=True))
