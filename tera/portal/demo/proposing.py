"""Grows proposals for WBK and WBBM, each as far as the spec says; scores, files and reasons are invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from tera.portal.accounts.models import Assignment, User
from tera.portal.proposals.basis import basis_of, survey_verdict, surveys_of
from tera.portal.proposals.cases.actions import act, announce, begin
from tera.portal.proposals.cases.evidence import File, keep_evidence
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.models import Case
from tera.portal.review.models.checks import Layer
from tera.portal.units.models import Unit

FILE = "nilai-rekaan.xlsx"
SUBMITTED, RECOMMENDED, SCORED, ANNOUNCED = "submitted", "recommended", "scored", "announced"
REACHES = (SUBMITTED, RECOMMENDED, SCORED, ANNOUNCED)


@dataclass(frozen=True, slots=True)
class Actors:
    """Who acts: the head of the region, the inspectorate and the ministry."""

    region: User
    inspectorate: User
    ministry: User


def propose(
    entry: Mapping[str, Any], texts: Mapping[str, str], period: str, actors: Actors, at: datetime
) -> None:
    """Take the proposal of a unit as far as its entry in the spec says: one of `REACHES`.

    What chance invented on another day may fall short of a title; then there is nothing to propose.
    """
    unit = Unit.objects.get(slug=entry["unit"])
    rulebook = surveys_of(unit, period)[0].zone_rulebook
    if not survey_verdict(basis_of(unit, period, rulebook), rulebook, entry["target"]).eligible:
        return
    head, how_far = _head_of(unit), REACHES.index(entry["reaches"])
    case = begin(unit, period, entry["target"], by=head, at=at)
    _score(case, Layer.UNIT, entry["values"], texts["reason"], head, at)
    act(case, "submit", by=head, at=at)
    if how_far >= REACHES.index(RECOMMENDED):
        act(case, "recommend", by=actors.region, at=at, note=texts["recommended"])
    if how_far >= REACHES.index(SCORED):
        _score(case, Layer.INSPECTORATE, entry["values"], texts["reason"], actors.inspectorate, at)
        _score(case, Layer.MINISTRY, entry["values"], texts["reason"], actors.ministry, at)
    if how_far >= REACHES.index(ANNOUNCED):
        give_opinion(case, is_for=True, reason=texts["opinion"], by=actors.inspectorate, at=at)
        act(case, "propose", by=actors.ministry, at=at, note=texts["proposed"])
        announce(case, by=actors.ministry, at=at)


def _score(case: Case, layer: Layer, values: Mapping[str, str], reason: str, by: User, at: datetime) -> None:
    evidence = keep_evidence(case, layer, File(FILE, _workbook(reason)), by=by, at=at)
    for measure, value in values.items():
        give_score(case, layer, Entry(measure, value, reason, evidence), by=by, at=at)


def _workbook(text: str) -> bytes:
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.add_worksheet("Rekaan").write_string(0, 0, text)
    return written.getvalue()


def _head_of(unit: Unit) -> User:
    """Return who heads a unit: from the spec, or somebody who cannot log in."""
    role = Assignment.objects.filter(role="HEAD_OF_UNIT", unit=unit).select_related("user").first()
    if role is not None:
        return role.user
    user = User.objects.create_user(f"kepala-{unit.slug}", first_name=f"Kepala {unit.short_name} (rekaan)")
    Assignment.objects.create(user=user, role="HEAD_OF_UNIT", unit=unit)
    return user
