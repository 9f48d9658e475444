"""What the page of a proposal shows to somebody: read once, judged once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tera.engine.proposal import PUBLIC
from tera.portal.accounts.models import User
from tera.portal.proposals import gate
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.cases import wording
from tera.portal.proposals.cases.acting import layers_of
from tera.portal.proposals.cases.conflict import conflict_of
from tera.portal.proposals.cases.doing import doable
from tera.portal.proposals.cases.gates import gates_of
from tera.portal.proposals.cases.history import history_of
from tera.portal.proposals.cases.minuted import minuted
from tera.portal.proposals.cases.open import PERMISSIONS, is_open
from tera.portal.proposals.cases.overlapping import others_of
from tera.portal.proposals.cases.recorded import recorded_of
from tera.portal.proposals.cases.way import way_of
from tera.portal.proposals.letters.choosing import kind_to_write
from tera.portal.proposals.models import Case, Opinion
from tera.portal.proposals.queries import basis_now, scores_of
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import gate as surveys
from tera.portal.units.models import Unit


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter that somebody may write of a proposal now, for an office."""

    office: Unit
    kind: str
    words: str


def context_of(case: Case, user: User) -> dict[str, object]:
    """Return what the page shows."""
    basis, scores, history = basis_now(case), scores_of(case), history_of(case)
    conflict, acted_for = conflict_of(case, basis), layers_of(case, user)
    may_decide = gate.may(user, "decide-proposal", case)
    scoring = [
        (layer, layer_name(layer))
        for layer in Layer
        if is_open(case, layer, in_conflict=conflict is not None)
        and gate.may(user, PERMISSIONS[layer], case)
        and acted_for <= {layer}
    ]
    return {
        "case": case,
        "target": case.target,
        "stage": wording.STAGES[case.stage],
        "chip": wording.chip_of(case.stage),
        "way": list(way_of(case, user)),
        "conflict": conflict,
        "basis": basis,
        "sees_results": surveys.may(user, "see-results", case.campaign),
        "minutes": list(minuted(case, basis.minutes, user).values()),
        "gates": gates_of(case, basis, scores, history),
        "recorded": [
            (one, history.get((one.score.layer, one.score.measure), ())) for one in recorded_of(case, scores)
        ],
        "others": list(others_of(case, user)),
        "deeds": list(doable(case, basis, user, acted_for)),
        "scoring": scoring,
        "gives_opinion": any(layer == Layer.INSPECTORATE for layer, _name in scoring),
        "opinions": list(_opinions(case, basis)),
        "letters": case.listed.select_related("letter__office").order_by("letter__pk"),
        "writing": _writing(case, user),
        "may_announce": may_decide and case.stage in PUBLIC and not hasattr(case, "announcement"),
    }


def _opinions(case: Case, basis: Basis) -> Iterator[tuple[Opinion, bool, bool]]:
    """Yield the opinions, the last one first, each with whether it is the last and still counts."""
    found: Sequence[Opinion] = list(case.opinions.select_related("by", "office").order_by("-number"))
    for place, opinion in enumerate(found):
        yield opinion, place == 0, place == 0 and opinion.results == list(basis.results)


def _writing(case: Case, user: User) -> Writing | None:
    """Return the letter that somebody may write now, in the name of their office."""
    role = surveys.acting(user, "write-letters", case.campaign)
    kind = kind_to_write(case, role.acts_for) if role else None
    if role is None or kind is None:
        return None
    return Writing(role.acts_for, kind.value, str(kind.label))
