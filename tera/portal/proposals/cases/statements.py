"""What the ledger says of proposals; docs/protocol.md is the contract."""

from collections.abc import Sequence

from tera.portal.ledger.queries import count_said
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.models import Case
from tera.portal.surveys.statements import Statement
from tera.portal.units.models import Unit


def proposed(case: Case, basis: Basis, office: Unit) -> Statement:
    """Return that an office puts a unit forward for a title, and upon which certified results."""
    number = count_said("proposed", f"proposed/{case.unit.slug}/") + 1
    return as_proposed(f"proposed/{case.unit.slug}/{number}", case, basis.results, office)


def as_proposed(name: str, case: Case, results: Sequence[str], office: Unit) -> Statement:
    """Return what the ledger says under an id that was given to a proposal."""
    return {
        "kind": "proposed",
        "id": name,
        "unit": case.unit.slug,
        "period": case.period,
        "rulebook": case.rulebook_id,
        "target": case.target_id,
        "by_unit": office.slug,
        "results": list(results),
    }


def last_proposed(case: Case) -> str:
    """Return the id under which the ledger says that a unit was put forward; empty where it does not."""
    said = case.steps.exclude(statement="").order_by("number").last()
    return said.statement if said else ""
