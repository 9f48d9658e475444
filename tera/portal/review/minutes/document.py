"""The document of minutes: what a meeting saw and decided, in canonical JSON, fixed when it ends.

docs/protocol.md is the contract. Like statements it has sorted keys, no spaces, only ASCII, no floats and no
null; unlike them it names people, and is not public.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Any, cast
from zoneinfo import ZoneInfo

from tera import __version__
from tera.engine.catalogue import get_checklist
from tera.engine.checklist import score
from tera.engine.eligibility import Finding, Verdict
from tera.engine.explain import (
    DECIMALS,
    SIGNS,
    beside,
    beside_text,
    decimal_text,
    explain_finding,
    plain_text,
    value_text,
)
from tera.engine.index import MeasureIndex
from tera.engine.rulebook import Rulebook
from tera.engine.statement import RETURNED
from tera.engine.workflow import Stage
from tera.portal.results.models import CONTROL, Exclusion, Removed
from tera.portal.results.present import in_order, thresholds
from tera.portal.results.queries import IS_OFF, Result, result_of
from tera.portal.review.asking.queries import noted_by_office
from tera.portal.review.checks.queries import latest_of
from tera.portal.review.models import Item, Meeting, Question
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign, Step
from tera.portal.units.models import Unit, Zone

Json = dict[str, Any]
FORMAT = "tera/minutes/v1"
PRINTED = "id"  # the language of the document


def encode(document: Json) -> str:
    """Return a document in canonical form."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def decode(text: str) -> Json:
    """Return the document that has this text."""
    return cast(Json, json.loads(text))


def fingerprint(text: str) -> str:
    """Return the sha256 of a document's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def excerpt(document: Json, campaign: str) -> Json:
    """Return the common part of a document and the one section of a campaign; nothing of other units."""
    return {**document, "items": [item for item in document["items"] if item["campaign"] == campaign]}


def written(meeting: Meeting, at: datetime) -> Json:
    """Return the document of a meeting that ends at this moment.

    Times of day are those of the office that holds it; numbers of a survey are those that its own pages show
    at this moment.
    """
    zone = ZoneInfo(meeting.office.zone)
    begun = (meeting.opened_at or at).astimezone(zone)
    return {
        "format": FORMAT,
        "id": f"minutes/{meeting}",
        "office": _office(meeting.office),
        "number": meeting.number,
        "planned_on": meeting.held_on.isoformat(),
        "day": begun.date().isoformat(),
        "begins": f"{begun:%H:%M}",
        "ends": f"{at.astimezone(zone):%H:%M}",
        "zone": Zone(meeting.office.zone).label,
        "place": meeting.place,
        "title": meeting.title,
        "attendees": attendees_of(meeting),
        "items": [_item(item) for item in meeting.items.select_related("campaign__unit")],
        "version": __version__,
    }


def attendees_of(meeting: Meeting) -> list[Json]:
    """Return who attended, in the order in which they were noted."""
    attended = meeting.attendances.order_by("pk")
    return [{"name": one.name, "office": one.office_name, "part": one.part} for one in attended]


def _office(unit: Unit) -> Json:
    return {"slug": unit.slug, "name": unit.name}


def _item(item: Item) -> Json:
    campaign = item.campaign
    result = result_of([campaign])
    return {
        "campaign": campaign.code,
        "unit": _office(campaign.unit),
        "period": campaign.period,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "is_invented": campaign.is_invented,
        "is_provisional": not result.is_certified,
        "responses": _responses(campaign, result),
        "indices": [_index(found) for found in result.indices],
        "zone": _zone(result),
        "verdicts": [_verdict(name, verdict) for name, verdict in result.verdicts.items()],
        "scores": list(_scores(campaign)),
        "findings": list(item.findings.order_by("number").values_list("text", flat=True)),
        "questions": list(_questions(campaign)),
        "returned": list(_returned(item)),
        "decision": item.decision,
        "note": item.note,
        **({"due_on": item.due_on.isoformat()} if item.due_on and item.decision == RETURNED else {}),
    }


def _responses(campaign: Campaign, result: Result) -> Json:
    """Return how many are sealed, how many of them the indices hold, and how many do not count.

    Before a result is certified its indices do not hold the last block, and hold what is excluded.
    """
    removed = Removed.objects.filter(IS_OFF, campaign=campaign)
    waiting = Exclusion.objects.filter(campaign=campaign, confirmed_by=None, declined_by=None)
    return {
        "sealed": result.count.sealed,
        "counted": sum(block.responses for block in result.shown) if result.has_index else 0,
        "excluded": removed.exclude(reason=CONTROL).count(),
        "controls": removed.filter(reason=CONTROL).count(),
        "proposed": sum(waiting.values_list("count", flat=True)),
    }


def _index(found: MeasureIndex, shown: str = "") -> Json:
    return {
        "measure": found.measure.id,
        "short": found.measure.short,
        "rulebook": found.rulebook.id,
        "respondents": found.n,
        "points": str(found.points),
        "converted": str(found.converted),
        "shown": shown or decimal_text(found.converted, found.measure.decimals, PRINTED),
        "maximum": plain_text(found.measure.maximum.value, PRINTED).removesuffix(",00"),
        **({"grade": found.grade.grade} if found.grade else {}),
    }


def _zone(result: Result) -> list[Json]:
    """Return the indices of the integrity zone, never so rounded that a missed threshold looks reached."""
    rulebook = result.campaign.zone_rulebook
    indices = []
    for measure in in_order(rulebook):
        if found := result.zone.get(measure.id):
            sides = [
                beside(found.converted, limit, DECIMALS) for _, limit in thresholds(rulebook, measure.id)
            ]
            shown = decimal_text(min(sides), DECIMALS, PRINTED) if sides else ""
            indices.append(_index(found, shown))
    return indices


def _verdict(target: str, verdict: Verdict) -> Json:
    return {
        "target": target,
        "met": verdict.eligible,
        "criteria": [_criterion(finding, verdict.rulebook) for finding in verdict.findings],
    }


def _criterion(finding: Finding, rulebook: Rulebook) -> Json:
    """Return what a criterion found, never so rounded that a missed threshold looks reached."""
    criterion = finding.criterion
    return {
        "criterion": criterion.id,
        "state": {True: "MET", False: "NOT_MET", None: "UNKNOWN"}[finding.met],
        "name": explain_finding(finding, rulebook).title[PRINTED],
        "found": beside_text(finding, PRINTED),
        "asked": f"{SIGNS[criterion.op]} {value_text(criterion.threshold, criterion.measure, PRINTED)}",
    }


def _scores(campaign: Campaign) -> Iterator[Json]:
    """Yield what each layer's checklist came to; nothing of a layer that did not answer one."""
    for layer in Layer:
        own = latest_of(campaign, layer)
        found = score(get_checklist(own.checklist), layer, own.answers) if own else None
        if own is not None and found is not None:
            shown = f"{decimal_text(found * 100, 1, PRINTED)} %"
            yield {"layer": layer.value, "checklist": own.checklist, "score": str(found), "shown": shown}


def _questions(campaign: Campaign) -> Iterator[Json]:
    """Yield the questions that the unit was asked, without those that were taken back."""
    asked = Question.objects.filter(campaign=campaign, withdrawn_at=None)
    for question in asked.select_related("office", "campaign__unit").order_by("number"):
        yield {
            "number": question.number,
            "by": question.office.name,
            "text": question.text,
            "answer": question.answer,
            "is_noted": noted_by_office(question),
        }


def _returned(item: Item) -> Iterator[Json]:
    """Yield each time that the survey was returned before, and what the unit said then that it mended."""
    steps = list(Step.objects.filter(campaign=item.campaign).order_by("number"))
    before = [step for step in steps if step.pk != item.step_id]
    for step, after in zip_longest(before, before[1:]):
        if step.stage == Stage.RETURNED:
            yield {
                "minutes": step.statement,
                "note": step.note,
                **({"due_on": step.due_on.isoformat()} if step.due_on else {}),
                "mended": after.note if after is not None and after.stage == Stage.RESUBMITTED else "",
            }
