"""What is found in the sealed blocks of a closed campaign. Only the worker computes: there may be many.

What is kept here may be shown as it is, but for `means`, from which comparisons are made.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from django.conf import settings

from tera.engine import disclosure
from tera.engine.breakdown import Breakdown, write_means
from tera.engine.catalogue import get_codelists
from tera.engine.disclosure import K, shown_cells
from tera.engine.result import zone_of
from tera.engine.tally import Tally
from tera.intake.blocks import Block, list_blocks, list_breakdowns
from tera.intake.tickets import count_redeemed
from tera.portal.results import present
from tera.portal.results.methods.facts import Facts
from tera.portal.results.proving import evidence_of
from tera.portal.results.queries import Result, list_removed
from tera.portal.review.dossier.summary.ledger import ledger_of
from tera.portal.surveys.models import Campaign
from tera.portal.tickets.models import Batch

Values = dict[str, Any]
EARLIER, ALL, NONE = "earlier", "all", ""  # of which blocks the indices of services are


def values_of(campaign: Campaign) -> Values:
    """Return what a dossier shows of a closed campaign, as JSON keeps it."""
    blocks, facts = list_blocks(settings.INTAKE, [campaign.code]), Facts(campaign)
    parts = {number: part for _, number, part in list_breakdowns(settings.INTAKE, [campaign.code])}
    return {
        "cells": _cells(campaign, reduce(add, parts.values())) if parts else {},
        "tickets": _tickets(facts),
        "ledger": ledger_of(campaign, blocks),
        "services": _services(campaign, blocks, parts),
        "proofs": _proofs(facts.result),
        "zone": {name: str(found.converted) for name, found in facts.result.zone.items()},
        "means": _means(facts.result),
        "is_certified": facts.result.is_certified,
        "against": {},
    }


def _cells(campaign: Campaign, whole: Breakdown) -> Values:
    """Return how many came by which channel, for which service and in which month; None is not shown.

    Nothing of fewer than k responses, which have no breakdown. Of all sealed responses, and the same whatever
    is excluded later: so the numbers are given once, and channels and services as exports have them.
    """
    months = Counter[str]()
    for (_, month, _), by_instrument in whole.strata.items():
        months[month] += max(sum(means.values()) for means in by_instrument.values())
    codes = get_codelists().channel.codes
    return {
        "channel": shown_cells({**dict.fromkeys([*(one.code for one in codes), ""], 0), **whole.channels}),
        "service": shown_cells({**dict.fromkeys([*campaign.services, ""], 0), **whole.services}),
        "month": dict(sorted(shown_cells(months).items())),
    }


def _tickets(facts: Facts) -> Values:
    """Return how many tickets the unit got in the days of the campaign, and what became of them."""
    campaign = facts.campaign
    days = (campaign.starts_on, campaign.ends_on)
    batches = [str(batch) for batch in Batch.objects.filter(unit=campaign.unit, issued_on__range=days)]
    used = sum(count_redeemed(settings.INTAKE, batches).values())
    return {"issued": facts.tickets_issued, "used": used, "answers": facts.with_ticket}


def _services(campaign: Campaign, blocks: Sequence[Block], parts: Mapping[int, Breakdown]) -> Values:
    """Return the indices of each service with enough people, by measure of the integrity zone.

    They are of all blocks but the last, before and after the certification: were the last one added then, a
    service with few people in it would tell what these answered. A single block is shown once it is
    certified, if nothing is taken off it.
    """
    earlier = [parts[block.number] for block in blocks[:-1] if block.number in parts]
    is_whole = hasattr(campaign, "certification") and not list_removed([campaign])
    if len(blocks) == 1 and is_whole:
        earlier = list(parts.values())
    together = reduce(add, earlier, Breakdown())
    cells = shown_cells(together.services)
    rows = {
        code: found
        for code, count in sorted(cells.items())
        if count is not None and (found := _indices(campaign, together.by_service.get(code, {})))
    }
    of = NONE if not earlier else ALL if len(blocks) == 1 else EARLIER
    return {"of": of, "rows": rows, "hidden": sum(count is None for count in cells.values())}


def _indices(campaign: Campaign, tallies: Mapping[str, Tally]) -> dict[str, str]:
    required = {item.code for item in campaign.form.items if item.required}
    shown = {
        name: disclosure.shown_before(tally, required)
        for name, tally in tallies.items()
        if tally.respondents >= K
    }
    found = zone_of(shown, campaign.instruments, campaign.zone_rulebook)
    return {name: str(index.converted) for name, index in found.items()}


def _proofs(result: Result) -> Values:
    """Return what the data prove of each title, in words."""
    return {
        shown.verdict.target: {
            "status": str(shown.proof.status),
            "words": dict(shown.proof_words),
            "fakes": dict(shown.fakes),
            "rows": [[dict(title), dict(words)] for title, words in shown.proof_rows],
            "is_too_many": shown.is_too_many,
        }
        for shown in present.show_verdicts(result)
    }


def _means(result: Result) -> dict[str, dict[str, int]]:
    """Return how many respondents have which mean, by measure, in its points."""
    return {
        name: write_means({point: int(times) for point, times in evidence.points.items()})
        for name, evidence in evidence_of(result).items()
        if evidence.is_judged
    }
