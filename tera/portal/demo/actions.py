"""Grows the demo from its spec, and invents respondents on request. Runs in a demo installation only."""

import csv
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from tera import instruments
from tera.engine.catalogue import get_codelists
from tera.engine.instrument import Instrument
from tera.engine.response import Response
from tera.engine.ticket import OPEN_LINK, TICKET
from tera.intake import erasing, inbox, sealing
from tera.intake.form import CampaignForm, day_number
from tera.intake.tables import Held
from tera.portal.accounts.models import Assignment, User
from tera.portal.demo import proposing, verifying
from tera.portal.results import actions as results
from tera.portal.results.methods.actions import fill as fill_methods
from tera.portal.surveys import actions as surveys
from tera.portal.surveys.models import Campaign, Plan
from tera.portal.surveys.periods import semester_of
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import Unit
from tera.statistics import simulation

SPEC = Path(__file__).parents[3] / "demo" / "kalbar.toml"
PASSWORD = "tera-demo-2026"  # noqa: S105  printed to whoever starts the demo, on this machine only
INSTRUMENTS, ZONE = ("skm-9", "spak-5-4"), "permenpanrb-10-2019"
# Which level of the spec's model answers which construct; spec and levels are on four points.
LEVELS = {"satisfaction": "satisfaction", "service-quality": "satisfaction", "anti-corruption": "honesty"}
LEVEL_POINTS = 4
PORTIONS = 4
TABLES = {"units_unit", "accounts_user", "surveys_campaign"}
LASTING = timedelta(days=3650)
FILL = 30


class NotADemo(ValueError):
    """The installation holds what the demo did not grow."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo."""

    name: str
    says: str


def spec() -> dict[str, Any]:
    """Return the spec of the demo."""
    return tomllib.loads(SPEC.read_text(encoding="utf-8"))


def people() -> list[Person]:
    """Return the accounts of the demo."""
    return [Person(entry["name"], entry["says"]) for entry in spec()["person"]]


def is_grown() -> bool:
    """Say whether the demo is grown here already.

    Raises:
        NotADemo: there are units, accounts or campaigns that it did not grow, so it must not be grown here.
    """
    plan = spec()
    offices = (plan["ministry"], plan["region"], plan["inspectorate"])
    entries = (*offices, plan["imported"]["unit"], *plan["unit"])
    foreign = Unit.objects.exclude(slug__in=[entry["slug"] for entry in entries])
    real = Campaign.objects.filter(source="", is_invented=False)
    is_grown_here = Campaign.objects.filter(is_invented=True).exists()
    is_begun = Unit.objects.exists() or User.objects.exists()
    if foreign.exists() or real.exists() or (is_begun and not is_grown_here):
        message = "this installation holds real data, which the demo did not grow; choose another TERA_HOME"
        if settings.DATABASE_URL:
            message = message.replace("TERA_HOME", "TERA_DATABASE_URL")
        raise NotADemo(message)
    return is_grown_here


@transaction.atomic
def grow(at: datetime) -> None:
    """Grow units, accounts and campaigns with invented answers; do nothing where they are grown already.

    If it is interrupted, it can be done again: answers that were left over are forgotten first.

    Raises:
        NotADemo: the installation holds real data.
    """
    if is_grown():
        return
    plan = spec()
    generator = random.Random(plan["seed"])  # noqa: S311  invented data, the same each time
    ministry = _unit(plan["ministry"])
    region = _unit({"kind": "KANWIL", **plan["region"]}, ministry)
    _unit(plan["inspectorate"], ministry)
    for entry in plan["unit"]:
        unit = _unit(entry, region)
        today = at.astimezone(ZoneInfo(unit.zone)).date()
        before = semester_of(today).first - timedelta(days=1)
        if "previous" in entry:
            _grow_past(unit, entry, plan["past"] if entry.get("past") else (), before, at)
            model = {**entry["previous"], "comments": plan["comments"]}
            _campaign(unit, entry, model, before, at, generator)
        if "current" in entry:
            _campaign(unit, entry, entry["current"], today, at, generator)
    _imported(plan["imported"], at)
    for entry in plan["person"]:
        called = f"{entry['name'].capitalize()} (rekaan)"
        user = User.objects.create_user(entry["name"], password=PASSWORD, first_name=called)
        office = Unit.objects.get(slug=entry["office"]) if "office" in entry else None
        held_at = Unit.objects.get(slug=entry["unit"])
        Assignment.objects.create(user=user, role=entry["role"], unit=held_at, office=office)
    _certify(plan, region, at)


def _certify(plan: Mapping[str, Any], region: Unit, at: datetime) -> None:
    """Let the region verify what has ended, and certify it and every result that was imported.

    What the spec leaves open waits: some for the next meeting, some for the certification. What people write
    in the methods sheet of each is in the spec.
    """
    surveys.tell_of_blocks()
    verifier, head = (_holder(role, region) for role in ("REGIONAL_VERIFIER", "REGIONAL_HEAD"))
    for_meeting, for_certification = (
        {entry["slug"] for entry in plan["unit"] if entry.get(f"waits_for_{what}")}
        for what in ("verification", "certification")
    )
    ended: list[Campaign] = []
    clerks: dict[int, User] = {}
    for campaign in Campaign.objects.select_related("unit").order_by("pk"):
        if campaign.source:
            results.certify(campaign, by=None, at=at)
        elif campaign.form.is_over(at):
            clerks[campaign.unit_id] = _operator(campaign.unit)
            fill_methods(campaign, plan["methods"], by=clerks[campaign.unit_id], at=at)
            ended.append(campaign)
    table = verifying.Table(region, verifier, head, plan["verification"])
    last = max(each.starts_on for each in ended)
    waiting = [each for each in ended if each.starts_on == last and each.unit.slug in for_meeting]
    for first in sorted({each.starts_on for each in ended}):
        of_period = [each for each in ended if each.starts_on == first and each not in waiting]
        verifying.verify(table, of_period, clerks, at)
    if waiting:
        verifying.plan_next(table, waiting, clerks, at)
    certified = [each for each in ended if each.starts_on < last or each.unit.slug not in for_certification]
    for campaign in certified:
        if campaign not in waiting:
            results.certify(campaign, by=verifier, at=at)
    _propose(plan, region, [each for each in certified if each.starts_on == last], at)


def _propose(plan: Mapping[str, Any], region: Unit, certified: Sequence[Campaign], at: datetime) -> None:
    """Let units be put forward on what was certified last, each as far as the spec says."""
    ministry = Unit.objects.get(slug=plan["ministry"]["slug"])
    actors = proposing.Actors(
        _holder("REGIONAL_HEAD", region), _holder("INSPECTORATE", region), _holder("MINISTRY", ministry)
    )
    periods = {campaign.unit.slug: campaign.period for campaign in certified}
    for entry in plan["proposal"]:
        if period := periods.get(entry["unit"]):
            proposing.propose(entry, plan["proposals"], period, actors, at)


def _grow_past(
    unit: Unit, entry: Mapping[str, Any], past: Sequence[Mapping[str, Any]], before: date, at: datetime
) -> None:
    """Let fewer people answer in half years further back, a little lower each, so that there is a trend."""
    generator = random.Random(entry["slug"])  # noqa: S311  invented data, the same each time
    for shift in past:
        before = semester_of(before).first - timedelta(days=1)
        model = {
            **entry["previous"],
            "satisfaction": entry["previous"]["satisfaction"] + shift["satisfaction"],
            "honesty": entry["previous"]["honesty"] + shift["honesty"],
            "responses": shift["responses"],
            "copies": 0,
        }
        _campaign(unit, entry, model, before, at, generator)


def _holder(role: str, unit: Unit) -> User:
    return User.objects.get(assignments__role=role, assignments__unit=unit)


def _operator(unit: Unit) -> User:
    """Return who runs the surveys of a unit: from the spec, or somebody who cannot log in."""
    role = Assignment.objects.filter(role="OPERATOR", unit=unit).select_related("user").first()
    if role is not None:
        return role.user
    user = User.objects.create_user(
        f"operator-{unit.slug}", first_name=f"Operator {unit.short_name} (rekaan)"
    )
    Assignment.objects.create(user=user, role="OPERATOR", unit=unit)
    return user


def _unit(entry: Mapping[str, Any], above: Unit | None = None) -> Unit:
    state = {name: entry[name] for name in ("name", "short_name", "kind")}
    return found(Founding(entry["slug"], state, above, services=entry.get("services", {})))


def _campaign(
    unit: Unit,
    entry: Mapping[str, Any],
    model: Mapping[str, Any],
    day: date,
    at: datetime,
    generator: random.Random,
) -> None:
    """Open a campaign in the half year of a day, and let invented respondents answer until now."""
    half = semester_of(day)
    period, first, last = half.name, half.first, half.last
    plan = Plan(
        period=period,
        starts_on=first,
        ends_on=last + LASTING if "code" in model else last,
        population=entry["population"],
        instrument_ids=model.get("instruments", INSTRUMENTS),
        survey_rulebook_id="permenpanrb-14-2017",
        zone_rulebook_id=model.get("zone", ZONE),
        levels=(OPEN_LINK, TICKET) if "code" in model else (OPEN_LINK,),
    )
    code = model.get("code") or f"{unit.slug}-{first.year}-{1 if first.month == 1 else 2}"
    campaign = surveys.record(unit=unit, plan=plan, by=None, at=at, code=code[:32])
    surveys.publish_once_committed(campaign)
    said = invent(campaign.form, model, (first, min(last, campaign.form.local_day(at))), generator)
    said = plant(said, model.get("copies", 0), random.Random(campaign.code))  # noqa: S311  invented
    held = [surveys.held(response) for response in said]
    # The last nine wait beside the twenty that sealing holds back: one answer more makes a block.
    waiting = held[-9:] if "code" in model else []
    _seal_in_portions(campaign, held[: len(held) - len(waiting)], at, generator)
    inbox.put(settings.INTAKE, campaign.code, waiting, model.get("comments", ()))


def _seal_in_portions(
    campaign: Campaign, held: Sequence[Held], at: datetime, generator: random.Random
) -> None:
    """Seal answers in several blocks: all but the last as if in the campaign's window, the last one now."""
    erasing.forget(settings.INTAKE, campaign.code)
    in_window = datetime.combine(campaign.starts_on, time(12), ZoneInfo(campaign.form.zone))
    size = -(-len(held) // PORTIONS)
    for start in range(0, len(held), size):
        inbox.put(settings.INTAKE, campaign.code, held[start : start + size])
        is_last = start + size >= len(held)
        sealing.seal(settings.INTAKE, campaign.form, at if is_last else in_window, generator)


def invent(
    form: CampaignForm, model: Mapping[str, Any], window: tuple[date, date], generator: random.Random
) -> list[Response]:
    """Return invented responses from a model, on invented days of the window."""
    columns = [
        simulation.rows(entry, _level(entry, model), model["responses"], generator, model["lows"])
        for entry in form.instruments
    ]
    days = (window[1] - window[0]).days
    channel = get_codelists().channel
    return [
        Response(
            campaign=form.code,
            day=day_number(window[0] + timedelta(days=generator.randint(0, days))),
            channel=channel.byte_of(generator.choice(("WEB", "QR"))),
            service=generator.choice(list(form.services)) if form.services else "",
            profile=tuple(generator.choice(codes.codes).byte for codes in get_codelists().profile),
            not_free=False,
            answers=tuple(score for row in rows for score in row),
        )
        for rows in zip(*columns, strict=True)
    ]


def plant(said: Sequence[Response], copies: int, generator: random.Random) -> list[Response]:
    """Return responses of which so many are made copies of one, each with at most one answer moved a step.

    So that screening has something to see; all of it is invented.
    """
    original, found = said[0].answers, list(said)
    for place in generator.sample(range(1, len(said)), copies):
        answers, item = list(original), generator.randrange(2 * len(original))
        if item < len(answers) and (score := answers[item]):
            answers[item] = score - 1 if score > 1 else 2
        found[place] = replace(said[place], answers=tuple(answers))
    return found


def _level(instrument: Instrument, model: Mapping[str, Any]) -> float:
    """Return where answers centre on an instrument's own scale."""
    above_lowest = float(model[LEVELS[instrument.construct]]) - 1
    return 1 + above_lowest * (instrument.highest - 1) / (LEVEL_POINTS - 1)


def fill(campaign: Campaign, at: datetime, generator: random.Random) -> None:
    """Let invented respondents answer a campaign of the demo."""
    today = campaign.form.local_day(at)
    model = {"satisfaction": 3.6, "honesty": 4.0, "responses": FILL, "lows": []}
    said = invent(campaign.form, model, (today, today), generator)
    inbox.put(settings.INTAKE, campaign.code, [surveys.held(response) for response in said])


def _imported(entry: Mapping[str, Any], at: datetime) -> None:
    """Import the published answers, with where they come from."""
    unit = _unit(entry["unit"])
    plan = Plan(
        period=entry["period"],
        starts_on=date(2019, 1, 1),
        ends_on=date(2019, 6, 30),
        population=0,
        instrument_ids=[entry["instrument"]],
        survey_rulebook_id="permenpanrb-14-2017",
        zone_rulebook_id=ZONE,
        source=entry["source"],
    )
    campaign = surveys.record(unit=unit, plan=plan, by=None, at=at, code=entry["code"])
    erasing.forget(settings.INTAKE, campaign.code)
    rows = csv.DictReader(StringIO(instruments.read(entry["instrument"], entry["file"])))
    items = campaign.instruments[0].items
    surveys.import_answers(campaign, [tuple(int(row[item.column]) for item in items) for row in rows])
