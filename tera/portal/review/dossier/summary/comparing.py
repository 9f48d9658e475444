"""Compares a unit with others of its kind, period and office. Only the worker computes: scipy is large."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tera.engine.breakdown import read_means
from tera.portal.review.dossier.like import summaries_like
from tera.portal.review.models import Summary
from tera.portal.surveys.models import Campaign
from tera.statistics.uncertainty.comparison import WORDS, against_their_mean

DECIMALS = 4


def compare_all(campaign: Campaign) -> None:
    """Say of each unit like that of a campaign how far it lies above their mean, all of them at once.

    Those with the same rulebook only; one that was closed later changes what is said of all.
    """
    found = [each for each in summaries_like(campaign) if _rules(each) == campaign.zone_rulebook_id]
    against: dict[int, dict[str, Any]] = {each.pk: {} for each in found}
    for measure in campaign.zone_rulebook.measures:
        means = {
            str(each.pk): read_means(_means(each, measure.id)) for each in found if _means(each, measure.id)
        }
        if len(means) < 2:
            continue
        highest = measure.maximum.value
        lowest = campaign.zone_rulebook.lowest.value / campaign.zone_rulebook.highest.value * highest
        lowest = min([lowest, *(point for points in means.values() for point in points)])
        for name, one in against_their_mean(means, (lowest, highest)).items():
            against[int(name)][measure.id] = {
                "value": _rounded(one.value),
                "interval": [_rounded(bound) for bound in one.interval],
                "word": dict(WORDS[one.word]),
                "units": len(means),
            }
    for each in found:
        each.values["against"] = against[each.pk]
    Summary.objects.bulk_update(found, ["values"])


def _rules(summary: Summary) -> str:
    return summary.campaign.zone_rulebook_id


def _means(summary: Summary, measure: str) -> Mapping[str, int]:
    found: Mapping[str, int] = summary.values["means"].get(measure, {})
    return found


def _rounded(value: float | Fraction) -> float:
    return round(float(value), DECIMALS)
