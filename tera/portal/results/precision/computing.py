"""What statistics say of a certified result, measure by measure. Only the worker computes: scipy is large.

All values are in the unit of the measure, such as points of 15. The seed of the bootstrap is the sha256 of
the campaign's code, so that everybody who computes again finds the same.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from django.conf import settings

from tera.engine.breakdown import read_means, read_strata
from tera.engine.disclosure import K
from tera.engine.tally import EMPTY
from tera.intake.blocks import list_blocks, list_breakdowns
from tera.portal.results.models import Certification, Superseded
from tera.portal.results.proving import evidence_of
from tera.portal.results.queries import pooled, result_of
from tera.portal.surveys.models import Campaign
from tera.statistics.uncertainty.comparison import WORDS, detectable_difference, difference
from tera.statistics.uncertainty.gaffke import lower_bound, upper_bound
from tera.statistics.uncertainty.labels import label
from tera.statistics.uncertainty.missing import manski_bounds
from tera.statistics.uncertainty.moments import mean, size, variance
from tera.statistics.uncertainty.proof import Evidence
from tera.statistics.uncertainty.reliability import WARNINGS, item_sums, reliability
from tera.statistics.uncertainty.textbook import bootstrap_lower_bound, t_lower_bound
from tera.statistics.weighting import CannotWeight, weighted_mean

Values = dict[str, object]
Points = Mapping[Fraction, int]
DECIMALS = 4


def analysis_of(certification: Certification) -> list[Values]:
    """Return what is known of each measure of the integrity zone beyond its index, as JSON keeps it."""
    campaign = certification.campaign
    known = evidence_of(result_of([campaign]))
    return [
        {
            "measure": name,
            "n": evidence.index.n,
            "value": _rounded(evidence.index.converted),
            **_bounds(evidence, campaign),
            "before": _before(evidence, campaign),
            "weighted": _weighted(evidence, certification),
            "reliability": _reliability(evidence, certification),
        }
        for name, evidence in known.items()
        if evidence.is_judged
    ]


def _rounded(value: float | Fraction) -> float:
    return round(float(value), DECIMALS)


def _bounds(evidence: Evidence, campaign: Campaign) -> Values:
    points, lowest, highest = _scale(evidence)
    seed = int.from_bytes(hashlib.sha256(campaign.code.encode()).digest()[:8])
    n, people = size(points), campaign.population
    rate = Fraction(n, people) if people else None
    missing = manski_bounds(mean(points), rate, lowest, highest) if rate and rate <= 1 else None
    return {
        "label": label(n).text,
        "lowest": _rounded(lowest),
        "highest": _rounded(highest),
        "lower": _rounded(lower_bound(points, lowest)),
        "upper": _rounded(upper_bound(points, highest)),
        "t": _rounded(t_lower_bound(points)),
        "bootstrap": _rounded(bootstrap_lower_bound(points, np.random.default_rng(seed))),
        "spread": _rounded(math.sqrt(variance(points))),
        "response_rate": None if rate is None else _rounded(rate),
        "missing": [_rounded(bound) for bound in missing] if missing else None,
    }


def _scale(evidence: Evidence) -> tuple[Points, Fraction, Fraction]:
    points = {score: int(times) for score, times in evidence.points.items()}
    return points, evidence.lowest, evidence.index.measure.maximum.value


def _before(evidence: Evidence, campaign: Campaign) -> Values | None:
    """Return how the measure changed since the unit's last certified survey with the same questionnaire."""
    name = evidence.index.instrument.id
    earlier = Certification.objects.filter(
        campaign__unit=campaign.unit,
        campaign__starts_on__lt=campaign.starts_on,
        campaign__source="",
        count__gte=K,
    ).exclude(campaign__period=campaign.period)
    for found in earlier.select_related("campaign").order_by("-campaign__starts_on"):
        means = read_means(found.means.get(name, {}))
        if size(means) >= K:
            return _change(evidence, evidence.converted(means), found.campaign.period)
    return None


def _change(evidence: Evidence, past: Mapping[Fraction, float], period: str) -> Values:
    now, lowest, highest = _scale(evidence)
    before = {score: int(times) for score, times in past.items()}
    found = difference(now, before, (lowest, highest))
    spread = math.sqrt(max(variance(now), variance(before)))
    return {
        "period": period,
        "n": size(before),
        "value": _rounded(found.value),
        "interval": [_rounded(bound) for bound in found.interval],
        "word": WORDS[found.word],
        "detectable": _rounded(detectable_difference(size(now), size(before), spread)),
    }


def _weighted(evidence: Evidence, certification: Certification) -> Values | None:
    """Return the mean weighted to the people whom each service served; None where they are not known.

    Where a service has fewer than k respondents it is left out: with two means at hand, theirs could be
    computed. Of a corrected result there is none: beside that of the former one it would tell the mean of
    those of each service who were taken off, who may be one person.
    """
    campaign, name = certification.campaign, evidence.index.instrument.id
    if not campaign.served:
        return None
    if certification.number > 1:
        return {"why_not": "corrected"}
    strata = {
        stratum: evidence.converted(means[name])
        for stratum, means in read_strata(certification.strata).items()
        if name in means
    }
    by_service = Counter[str]()
    for (service, *_), points in strata.items():
        by_service[service] += int(sum(points.values()))
    if not by_service or min(by_service.values()) < K:
        return {"why_not": "few"}
    whole = {stratum: {score: int(n) for score, n in points.items()} for stratum, points in strata.items()}
    try:
        found = weighted_mean(whole, {"service": campaign.served})
    except CannotWeight:
        return {"why_not": "unlike"}  # a service without answers, or answers of none: its reason names groups
    return {
        "value": _rounded(found.weighted),
        "unweighted": _rounded(found.unweighted),
        "design_effect": round(found.design_effect, 2),
        "effective_n": math.floor(found.effective_n),
        "trimmed": found.trimmed,
        "has_converged": found.converged,
    }


def _reliability(evidence: Evidence, certification: Certification) -> Values | None:
    """Return alpha and omega of all sealed forms; those that do not count any more are among them.

    Where these are fewer than k there is none: beside the other figures it would tell what they answered,
    also beside those of a result that was corrected since. A correction leaves the figure as it is: the
    sealed forms are the same.
    """
    campaign, name = certification.campaign, evidence.index.instrument.id
    results = [certification, *Superseded.objects.filter(campaign=campaign)]
    if any(0 < one.excluded + one.controls < K for one in results):
        return {"why_not": "removed"}
    tally = pooled(list_blocks(settings.INTAKE, [campaign.code])).get(name, EMPTY)
    sums = item_sums(tally)
    if sums is None:
        return None
    products = Counter[tuple[str, str]]()
    for *_, part in list_breakdowns(settings.INTAKE, [campaign.code]):
        products.update(part.spreads[name].products)
    found = reliability(products, sums, tally.complete)
    return {
        "n": found.n,
        "alpha": None if found.alpha is None else round(found.alpha, 2),
        "omega": None if found.omega is None else round(found.omega, 2),
        "warnings": [WARNINGS[code] for code in found.warnings],
    }
