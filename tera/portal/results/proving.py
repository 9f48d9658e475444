"""What the data of a result prove at the thresholds of the integrity zone, beside what the law says."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from django.conf import settings

from tera.engine.breakdown import Breakdown
from tera.intake.blocks import list_breakdowns
from tera.portal.results.queries import Result
from tera.statistics.uncertainty.proof import Evidence, Proof, Status, prove, status_of_verdict

Means = Mapping[str, Counter[Fraction]]


def means_of(result: Result) -> Means:
    """Return how many respondents have which mean, by instrument id, of the blocks whose index is shown.

    Before the certification only of questionnaires without an item that may be left blank: such items are
    not shown yet, and nor is what follows from them.
    """
    certified = {entry.campaign.code: entry.spread for entry in result.certifications}
    open_ = [campaign.code for campaign in result.campaigns if campaign.code not in certified]
    shown = {(block.campaign, block.number) for block in result.shown}
    parts = list(certified.values())
    for code, number, breakdown in list_breakdowns(settings.INTAKE, open_):
        if (code, number) in shown:
            parts.append({name: breakdown.spreads[name].means for name in _required(result, breakdown)})
    means: dict[str, Counter[Fraction]] = {}
    for part in parts:
        for name, found in part.items():
            means[name] = means.get(name, Counter()) + found
    return means


def _required(result: Result, breakdown: Breakdown) -> set[str]:
    asked = (instrument for campaign in result.campaigns for instrument in campaign.instruments)
    required = {entry.id for entry in asked if all(item.required for item in entry.items)}
    return required & breakdown.spreads.keys()


def evidence_of(result: Result) -> dict[str, Evidence]:
    """Return how respondents spread behind each index of the integrity zone, by measure id."""
    means = means_of(result)
    return {
        name: Evidence(found, means.get(found.instrument.id, Counter()))
        for name, found in result.zone.items()
    }


def proofs_of(result: Result) -> dict[str, dict[str, Proof]]:
    """Return what is proven of each criterion that the survey answers, by target and criterion id."""
    evidence = evidence_of(result)
    return {target: prove(verdict, evidence, result.n) for target, verdict in result.verdicts.items()}


def statuses_of(result: Result) -> dict[str, Status]:
    """Return what is proven of each target that the law's criteria are met for; quicker than the proofs."""
    met = {target: verdict for target, verdict in result.verdicts.items() if verdict.eligible}
    evidence = evidence_of(result) if met else {}
    return {target: status_of_verdict(verdict, evidence) for target, verdict in met.items()}
