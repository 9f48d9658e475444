"""Looks whether what followed from minutes does follow: steps and certificates say what the ledger says."""

from collections.abc import Iterator, Mapping

from tera.engine import workflow
from tera.engine.certificate import Verified
from tera.engine.certificate_schema import BadCertificate, decode
from tera.engine.workflow import Stage
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import is_said
from tera.portal.results.models import Certification
from tera.portal.results.statements import certified_id
from tera.portal.review.meetings.choices import DEEDS
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys.models import Step

Decided = Mapping[str, str]
"""What minutes decided of one survey, by their ids, in the order of the ledger."""


def faults() -> Iterator[str]:
    """Yield steps that the ledger does not tell of, and certificates that minutes contradict.

    Every step by which a meeting decided names its minutes; those of surveys that ended before steps were
    recorded are no such steps. A result with a certificate that has an office above its unit was verified in
    minutes, invented ones too; older results have no certificate.
    """
    decided = _decided()
    for step in Step.objects.select_related("campaign").order_by("campaign", "number"):
        if not _is_said(step, decided.get(step.campaign.code, {})):
            yield f"{step.campaign.code}/{step.number} is at {step.stage}, and the ledger does not say so"
    kept = Certification.objects.exclude(document="").select_related("campaign__unit")
    for certification in kept.defer("strata", "means").order_by("campaign"):
        yield from _unverified(certification, decided.get(certification.campaign.code, {}))


def _decided() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for said in Statement.objects.filter(kind="minutes").order_by("pk"):
        for row in said.as_said()["decisions"]:
            found.setdefault(row["campaign"], {})[said.name] = row["decision"]
    return found


def _is_said(step: Step, decided: Decided) -> bool:
    """Say whether the ledger says of a step what it is; of many steps it says nothing."""
    deed, code = step.deed, step.campaign.code
    if deed not in workflow.DEEDS or step.stage != workflow.DEEDS[deed].target:
        return False
    if deed in DEEDS.values() or step.statement in decided:
        decision = decided.get(step.statement)
        return decision is not None and deed == DEEDS[Decision(decision)]
    number = Step.objects.filter(campaign=step.campaign, deed="correct", number__lt=step.number).count() + 1
    names = {
        Stage.CLOSED: f"closed/{code}",
        Stage.CERTIFIED: certified_id(code, number + 1 if deed == "correct" else number),
    }
    return not step.statement or (step.statement == names.get(Stage(step.stage)) and is_said(step.statement))


def _unverified(certification: Certification, decided: Decided) -> Iterator[str]:
    """Yield where a result was not verified as its certificate says, or not at all though it had to be."""
    campaign = certification.campaign
    try:
        verified = decode(certification.document.encode()).verified
    except BadCertificate:
        return  # which is a fault of its own
    if isinstance(verified, Verified):
        if list(decided.items())[-1:] != [(verified.minutes, verified.decision)]:
            yield f"the certificate of {campaign.code} says that {verified.minutes} verified it; they do not"
    elif not campaign.source and campaign.office_above is not None:
        yield f"{campaign.code} is certified, and no minutes say that the office above its unit verified it"
