"""Opening surveys for many units at once, and for period after period."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from tera.portal.accounts.gate import DEED, done, require
from tera.portal.accounts.models import User
from tera.portal.ledger.actions import record as write_event
from tera.portal.surveys.actions import NoUnit, new_code, open_campaign, record
from tera.portal.surveys.models import Campaign, Plan, Schedule
from tera.portal.surveys.periods import Period, of_length
from tera.portal.units.models import Unit, Version
from tera.portal.units.queries import holds, ids_below

WORKER = "tera worker"
AHEAD = timedelta(days=14)  # before its period a survey is opened, so that posters can be printed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened at once, and for which units not: with the campaign that they have already, or none."""

    campaigns: Sequence[Campaign]
    passed: Sequence[tuple[Unit, str]]


@transaction.atomic
def open_one(
    unit: Unit, plan: Plan, *, by: User, at: datetime, repeats_after: Period | None = None
) -> Campaign:
    """Open a survey of a unit, and by itself for every period after this one where that is wished.

    A second click waits, and gets what the first one opened.

    Raises:
        As `open_campaign`.
    """
    require(by, "open-survey", unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    alike = (one for one in Campaign.objects.filter(unit=unit, period=plan.period) if one.is_like(plan))
    campaign = next(alike, None) or open_campaign(unit=unit, plan=plan, by=by, at=at)
    if repeats_after:
        schedule(_repeating(unit, plan, repeats_after), by=by)
    return campaign


@transaction.atomic
def open_below(
    office: Unit, plan: Plan, *, by: User, at: datetime, repeats_after: Period | None = None
) -> Opened:
    """Open the same survey for every unit below an office that serves the public; all of them or none.

    A unit that was surveyed before keeps its population; `plan` has that of the others. Whoever has a survey
    of the period already is passed over.

    Raises:
        PermissionDenied: this person does not open surveys for the units of this office.
        CannotCombine: two instruments ask or measure the same.
    """
    role = require(by, "open-surveys-below", office)
    Unit.objects.select_for_update().get(pk=office.pk)  # a second click waits and finds what is open
    opened = _open(units_to_survey(office, plan.starts_on), plan, by=by, at=at)
    about = f"{office.slug}, {plan.period}: {len(opened.campaigns)}"
    done(by, role, "open-surveys-below", about, office)
    for campaign in opened.campaigns:
        done(by, role, "open-survey", campaign.code, campaign.unit)
    if repeats_after:
        wanted = _repeating(office, plan, repeats_after)
        wanted.is_for_all_below = True
        schedule(wanted, by=by)
    return opened


def units_to_survey(office: Unit, day: date) -> list[Unit]:
    """Return the units below an office that serve the public: those with services or with nobody below."""
    below = ids_below([office.pk], day)
    parents = Version.objects.filter(holds(day), parent__in=below).values("parent")
    found = Unit.objects.filter(pk__in=below)
    serving = found.filter(holds(day, "services__"))
    return list((found.exclude(pk__in=parents) | serving).distinct().order_by("name"))


def _repeating(unit: Unit, plan: Plan, period: Period) -> Schedule:
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    return Schedule(
        unit=unit,
        months=months,
        instrument_ids=list(plan.instrument_ids),
        survey_rulebook_id=plan.survey_rulebook_id,
        zone_rulebook_id=plan.zone_rulebook_id,
        levels=sorted(plan.levels),
        population=plan.population,
        begins_on=period.last + timedelta(days=1),
    )


@transaction.atomic
def schedule(wanted: Schedule, *, by: User) -> Schedule:
    """Open surveys by themselves from now on, for every period.

    Raises:
        PermissionDenied: this person does not open surveys here.
        ValidationError: the schedule has something that cannot be.
    """
    role = require(by, _permission(wanted), wanted.unit)
    wanted.made_by = by
    wanted.clean_fields()
    if (kept := _same(wanted)) is not None:  # a second click
        return kept
    wanted.save()
    done(by, role, "schedule", f"{wanted.pk}", wanted.unit)
    return wanted


@transaction.atomic
def end_schedule(kept: Schedule, *, by: User, today: date) -> None:
    """Open no more surveys by a schedule; those that are open stay as they are.

    Raises:
        PermissionDenied: this person does not open surveys here.
    """
    role = require(by, _permission(kept), kept.unit)
    Schedule.objects.filter(pk=kept.pk, ended_on=None).update(ended_on=today)
    done(by, role, "end-schedule", f"{kept.pk}", kept.unit)


def may_end(user: User, kept: Schedule) -> bool:
    """Say whether somebody decides of a schedule."""
    return user.may(_permission(kept), kept.unit)


def _permission(kept: Schedule) -> str:
    return "open-surveys-below" if kept.is_for_all_below else "open-survey"


def open_due(at: datetime) -> list[Campaign]:
    """Open what schedules ask for: each survey once, whoever else does this meanwhile.

    A schedule that cannot be followed is logged and does not hold up the others.
    """
    campaigns: list[Campaign] = []
    for kept in Schedule.objects.filter(ended_on=None).select_related("unit", "made_by"):
        try:
            campaigns += _open_due(kept, at)
        except (ValueError, LookupError):
            logger.exception("schedule %s could not be followed", kept.pk)
    return campaigns


@transaction.atomic
def _open_due(kept: Schedule, at: datetime) -> list[Campaign]:
    Schedule.objects.select_for_update().get(pk=kept.pk)
    today = at.astimezone(ZoneInfo(kept.unit.zone)).date()
    period = of_length(today + AHEAD, kept.months)
    if period.first < kept.begins_on or kept.campaigns.filter(period=period.name).exists():
        return []
    units = units_to_survey(kept.unit, period.first) if kept.is_for_all_below else [kept.unit]
    opened = _open(units, plan_of(kept, period), by=None, at=at, schedule=kept).campaigns
    for campaign in opened:  # by nobody: who made the schedule may have left since
        about = f"{campaign.code}, {kept.pk}"
        write_event(kind=DEED, who=WORKER, deed="schedule-opens", unit=campaign.unit.slug, about=about)
    return list(opened)


def _same(wanted: Schedule) -> Schedule | None:
    """Return a schedule that does the same already."""
    says = ("unit", "is_for_all_below", "months", "instrument_ids", "survey_rulebook_id", "zone_rulebook_id")
    same = {name: getattr(wanted, name) for name in says}
    return Schedule.objects.filter(**same, levels=wanted.levels, ended_on=None).first()


def plan_of(kept: Schedule, period: Period) -> Plan:
    """Return what a schedule decides for a period."""
    return Plan(
        period=period.name,
        starts_on=period.first,
        ends_on=period.last,
        population=kept.population,
        instrument_ids=kept.instrument_ids,
        survey_rulebook_id=kept.survey_rulebook_id,
        zone_rulebook_id=kept.zone_rulebook_id,
        levels=kept.levels,
    )


def _open(
    units: Sequence[Unit], plan: Plan, *, by: User | None, at: datetime, schedule: Schedule | None = None
) -> Opened:
    there = _there(units, plan.period)
    served = _served(units)
    campaigns, passed = [], []
    for unit in units:
        if unit.pk in there:
            passed.append((unit, there[unit.pk]))
            continue
        own = replace(plan, population=served.get(unit.pk, plan.population))
        try:
            campaigns.append(record(unit=unit, plan=own, by=by, at=at, code=new_code(), schedule=schedule))
        except NoUnit:
            passed.append((unit, ""))
    return Opened(campaigns, passed)


def _there(units: Iterable[Unit], period: str) -> dict[int, str]:
    found = Campaign.objects.filter(unit__in=list(units), period=period, source="")
    return dict(found.values_list("unit", "code"))


def _served(units: Iterable[Unit]) -> dict[int, int]:
    """Return the population of the last survey of each unit that had one."""
    asked = Campaign.objects.filter(unit__in=list(units), source="", population__gt=0)
    last = asked.values("unit").annotate(last=Max("pk")).values("last")
    return dict(Campaign.objects.filter(pk__in=last).values_list("unit", "population"))
