"""Two ministries with the same offices, surveys and people, and one person for each role of the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.urls import NoReverseMatch, reverse

from tera.portal.accounts.models import Assignment, User
from tera.portal.jobs.models import Job
from tera.portal.proposals.models import Case, Letter, Step
from tera.portal.review.models import Item, Meeting
from tera.portal.surveys import actions
from tera.portal.surveys.models import Schedule
from tera.portal.units.models import Unit
from tests.matrix.rows import Row
from tests.portal.conftest import office
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
PLACE = 987654321  # stands in an address where the name of a thing will be
HELD_AT = {  # at which unit of their ministry each role is held
    "OPERATOR": "sambas",
    "HEAD_OF_UNIT": "sambas",
    "REGIONAL_VERIFIER": "kanwil",
    "REGIONAL_HEAD": "kanwil",
    "MINISTRY": "kementerian",
    "INSPECTORATE": "kementerian",
    "AUDITOR": "kementerian",
    "ADMINISTRATOR": "kementerian",
}
LINES = {  # each unit with what lies above it, the nearest first
    "sambas": ("sambas", "kanwil", "kementerian"),
    "kanwil": ("kanwil", "kementerian"),
    "bontang": ("bontang", "kaltim", "badan"),
    "kaltim": ("kaltim", "badan"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that an address can name, and the unit that it belongs to."""

    unit: str
    name: str | int


@dataclass(frozen=True, slots=True)
class World:
    """Everybody by role, and everything by what it is."""

    people: dict[str, User]
    things: dict[str, Sequence[Thing]]


def build() -> World:
    """Make the two ministries."""
    people = {role: User.objects.create_user(role.lower()) for role in HELD_AT}
    things: dict[str, list[Thing]] = {
        kind: []
        for kind in ("unit", "campaign", "schedule", "job", "role", "person", "meeting", "case", "letter")
    }
    for slugs in (("kementerian", "kanwil", "sambas"), ("badan", "kaltim", "bontang")):
        top = office(slugs[0], slugs[0], "KEMENTERIAN")
        region = office(slugs[1], slugs[1], "KANWIL", top)
        unit = office(slugs[2], slugs[2], "KANIM", region, PASPOR="Paspor")
        for place in (unit, region):
            things["unit"].append(Thing(place.slug, place.slug))
        furnish(unit, things)
        things["meeting"].append(Thing(region.slug, meeting_about(unit, region).pk))
        things["letter"].append(Thing(region.slug, letter_of(region).pk))
    for role, slug in HELD_AT.items():
        Assignment.objects.create(user=people[role], role=role, unit=Unit.objects.get(slug=slug))
    return World(people, {kind: tuple(found) for kind, found in things.items()})


def furnish(unit: Unit, things: dict[str, list[Thing]]) -> None:
    """Give a unit a survey, a schedule, a job, and a clerk with a role."""
    clerk = User.objects.create_user(f"juru-{unit.slug}")
    role = Assignment.objects.create(user=clerk, role="OPERATOR", unit=unit)
    campaign = actions.record(unit=unit, plan=plan_for(NOW.date()), by=None, at=NOW, code=f"s-{unit.slug}")
    schedule = Schedule.objects.create(
        unit=unit,
        months=6,
        instrument_ids=["skm-9"],
        survey_rulebook_id="permenpanrb-14-2017",
        zone_rulebook_id="permenpanrb-10-2019",
        population=100,
        begins_on=NOW.date(),
        made_by=clerk,
    )
    case = proposal_of(unit, clerk)
    job = Job.objects.create(kind="export", by=clerk, unit=unit, about=campaign.code, created_at=NOW)
    made: dict[str, str | int] = {
        "campaign": campaign.code,
        "schedule": schedule.pk,
        "job": job.pk,
        "role": role.pk,
        "person": clerk.username,
        "case": case.pk,
    }
    for kind, name in made.items():
        things[kind].append(Thing(unit.slug, name))


def meeting_about(unit: Unit, region: Unit) -> Meeting:
    """Plan a meeting of a region about the survey of a unit."""
    clerk = User.objects.get(username=f"juru-{unit.slug}")
    meeting = Meeting.objects.create(
        by=clerk,
        office=region,
        at=NOW,
        number=Meeting.objects.filter(office=region).count() + 1,
        held_on=NOW.date(),
        begins_at=NOW.time(),
        place="Ruang rapat",
        title="Rapat verifikasi",
    )
    Item.objects.create(meeting=meeting, campaign=unit.campaigns.get(), place=1)
    return meeting


def proposal_of(unit: Unit, clerk: User) -> Case:
    """Begin a proposal of a unit."""
    deed = {"by": clerk, "office": unit, "at": NOW}
    campaign = unit.campaigns.get()
    rules = {"rulebook_id": "permenpanrb-10-2019", "target_id": "wbk"}
    case = Case.objects.create(
        unit=unit, number=1, period=campaign.period, campaign=campaign, **rules, **deed
    )
    Step.objects.create(case=case, number=1, deed="begin", stage="DRAFT", role="OPERATOR", **deed)
    return case


def letter_of(region: Unit) -> Letter:
    """Write a letter of a region in which nothing stands."""
    clerk = User.objects.filter(username__startswith="juru-").latest("pk")
    number = Letter.objects.filter(office=region).count() + 1
    return Letter.objects.create(
        by=clerk,
        office=region,
        at=NOW,
        kind="RECOMMENDATION",
        year=NOW.year,
        number=number,
        named=f"W.{number}",
        dated_on=NOW.date(),
        document="{}",
        sha256="",
    )


def address(name: str, row: Row, thing: Thing | None) -> str:
    """Return where an address leads with the name of a thing in it."""
    return _address(name, row.about, thing is not None).replace(str(PLACE), str(thing.name if thing else ""))


@cache
def _address(name: str, about: str, is_named: bool) -> str:
    spare = {
        "token": "tidak-ada",
        "language": "id",
        "form": "csv",
        "digest": "abc",
        "path": "checkpoint",
        "number": 1,
        "layer": "unit",
        "kind": "RECOMMENDATION",
    }
    keys = {"unit": ("slug", "unit"), "campaign": ("code",), "person": ("name",)}.get(about, ("pk",))
    tries = [{key: PLACE} for key in keys] if is_named else [{}, {"code": "tidak-ada"}]
    for key in tries:
        for more in ({}, *({one: spare[one]} for one in spare)):
            try:
                return reverse(name, kwargs={**key, **more})
            except NoReverseMatch:
                continue
    raise LookupError(f"{name} cannot be addressed by {about or 'nothing'}")
