"""Lists for a title: a thousand units with twelve periods each as a page, fifty thousand judged again."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.installation import measured

if TYPE_CHECKING:
    from tera.portal.accounts.models import User
    from tera.portal.proposals.models import Standing
    from tera.portal.surveys.models import Campaign
    from tera.portal.surveys.periods import Period
    from tera.portal.units.models import Unit

UNITS, PERIODS, ROUNDS, JUDGED = 1_000, 12, 20, 50_000
PROPOSED = 200
REGIONS = 33
RULES = ("permenpanrb-10-2019", "permenpanrb-5-2024")
LENGTH = 6  # months of a period
Found = TypeVar("Found")


def measure() -> dict[str, object]:
    """Return milliseconds and seconds in an installation of its own."""
    return measured(_measure)


def _measure() -> dict[str, object]:
    return {**_lists(), **_again()}


def _lists() -> dict[str, object]:
    """Ask for the national list and for its workbook, as somebody of the ministry does."""
    from django.test import Client

    top, units = _ministry()
    _stand(units)
    minister = _minister(top)
    _propose(units, minister)
    client = Client(SERVER_NAME="localhost")
    client.force_login(minister)
    address = f"/usulan/daftar/{top.slug}/"
    page = _times(lambda: client.get(address), ROUNDS)
    other = _times(lambda: client.get(address, {"predikat": "wbbm", "urut": "-korupsi"}), ROUNDS)
    book = _times(lambda: client.get(f"{address}daftar.xlsx"), 3)
    return {
        "units": len(units),
        "periods": PERIODS,
        "page_kb": len(client.get(address).content) // 1024,
        "page_ms_median": round(statistics.median(page)),
        "page_ms_worst": round(max(page)),
        "sorted_ms_median": round(statistics.median(other)),
        "sorted_ms_worst": round(max(other)),
        "workbook_ms_median": round(statistics.median(book)),
    }


def _ministry() -> "tuple[Unit, list[Unit]]":
    from tera.portal.units.actions import Founding, found
    from tera.portal.units.models import Unit

    def office(slug: str, kind: str, parent: Unit | None = None) -> Unit:
        name = f"Kantor {slug.title()}"
        return found(Founding(slug, {"name": name, "short_name": name, "kind": kind}, parent))

    top = office("kementerian", "KEMENTERIAN")
    regions = [office(f"kanwil-{number}", "KANWIL", top) for number in range(REGIONS)]
    kinds = ("KANIM", "LAPAS", "RUTAN", "BAPAS")
    units = [
        office(f"unit-{number}", kinds[number % 4], regions[number % REGIONS]) for number in range(UNITS)
    ]
    return top, units


def _minister(top: "Unit") -> "User":
    from allauth.mfa.models import Authenticator

    from tera.portal.accounts.models import Assignment, User

    maya = User.objects.create_user("maya")
    Assignment.objects.create(user=maya, role="MINISTRY", unit=top)
    Authenticator.objects.create(user=maya, type=Authenticator.Type.TOTP, data={})
    return maya


def _stand(units: "Sequence[Unit]") -> None:
    """Give each unit a certified survey and a standing in each of twelve half years, up to this one."""
    from django.utils import timezone

    from tera.portal.proposals.models import Judged, Standing
    from tera.portal.results.models import Certification
    from tera.portal.surveys import periods
    from tera.portal.surveys.models import Campaign
    from tera.portal.units.models import Unit

    now, chance = timezone.now(), random.Random(7)
    period = periods.semester_of(now.date())
    certifier = Unit.objects.get(slug="kementerian")
    for back in range(PERIODS):
        opened = [_survey(unit, period, f"s{back}-{unit.pk}", now) for unit in units]
        campaigns = Campaign.objects.bulk_create(opened)
        Certification.objects.bulk_create(
            Certification(
                campaign=campaign,
                count=60,
                excluded=0,
                controls=0,
                tallies={},
                tallies_with={},
                certified_for=certifier,
                certified_at=now,
            )
            for campaign in campaigns
        )
        Judged.objects.bulk_create(Judged(campaign=campaign, number=1) for campaign in campaigns)
        Standing.objects.bulk_create(_standing(campaign, chance) for campaign in campaigns)
        period = periods.of_length(date.fromordinal(period.first.toordinal() - 1), LENGTH)


def _propose(units: "Sequence[Unit]", by: "User") -> None:
    """Let each fifth unit have a proposal in the last half year; the result of each tenth changed since."""
    from django.utils import timezone

    from tera.portal.proposals.models import Case, Step
    from tera.portal.surveys import periods
    from tera.portal.surveys.models import Campaign

    now = timezone.now()
    period = periods.semester_of(now.date()).name
    surveyed = Campaign.objects.filter(period=period, unit__in=units[:: UNITS // PROPOSED])
    said = {"by": by, "office": by.assignments.get().unit, "at": now}
    cases = Case.objects.bulk_create(
        Case(
            unit=campaign.unit,
            number=1,
            period=period,
            campaign=campaign,
            rulebook_id=campaign.zone_rulebook_id,
            target_id="wbk",
            **said,
        )
        for campaign in surveyed.select_related("unit")
    )
    Step.objects.bulk_create(
        Step(
            case=case,
            number=1,
            deed="submit",
            stage="SUBMITTED",
            role="HEAD_OF_UNIT",
            basis={"results": [f"certified/{case.campaign.code}/{1 + place % 2}"]},
            **said,
        )
        for place, case in enumerate(cases)
    )


def _survey(unit: "Unit", period: "Period", code: str, now: datetime) -> "Campaign":
    from tera.portal.surveys.models import Campaign

    return Campaign(
        code=code,
        unit=unit,
        period=period.name,
        zone=unit.zone,
        starts_on=period.first,
        ends_on=period.last,
        population=1_000,
        target_sample=278,
        instrument_ids=["skm-9", "spak-5-4"],
        survey_rulebook_id="permenpanrb-14-2017",
        zone_rulebook_id=RULES[unit.pk % 2],
        opened_at=now,
    )


def _standing(campaign: "Campaign", chance: random.Random) -> "Standing":
    """Return a standing of points around the thresholds; a few units had too few respondents."""
    from tera.portal.proposals.models import Standing
    from tera.portal.proposals.standings.judging import judged

    rulebook, n = campaign.zone_rulebook, chance.randint(26, 400)
    points = {
        one.id: str(one.maximum.value * Fraction(chance.randint(28 * n, 40 * n), 40 * n))
        for one in rulebook.measures
    }
    return Standing(
        unit=campaign.unit,
        office=campaign.unit.parent,
        period=campaign.period,
        first=campaign.starts_on,
        rulebook_id=rulebook.id,
        n=n,
        measures=points,
        results=[f"certified/{campaign.code}/1"],
        **judged(rulebook.id, points, n),
    )


def _again() -> dict[str, object]:
    """Judge fifty thousand standings again: as they are, and where not one of them was right."""
    from tera.portal.proposals.models import Standing
    from tera.portal.proposals.standings.actions import rejudge_all

    kept = list(Standing.objects.values())[: JUDGED // 10]
    Standing.objects.all().delete()
    for name in range(10):
        Standing.objects.bulk_create(
            Standing(**{**values, "id": None, "period": f"{values['period']} ({name})"}) for values in kept
        )
    same, unchanged = _timed(rejudge_all)
    Standing.objects.update(rules="0" * 64, wbk="", wbbm="", missing={})
    every, changed = _timed(rejudge_all)
    if (same, every) != (0, JUDGED):
        raise SystemExit(f"benchmarks: {same} and {every} standings changed, not 0 and {JUDGED}")
    return {"judged": every, "judged_unchanged_s": unchanged, "judged_all_changed_s": changed}


def _times(work: Callable[[], Any], rounds: int) -> list[float]:
    """Return milliseconds of each of some rounds, after one that nobody counts."""
    if work().status_code != 200:
        raise SystemExit("benchmarks: the list does not answer")
    return [1000 * _timed(work)[1] for _ in range(rounds)]


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    start = time.perf_counter()
    found = work()
    return found, round(time.perf_counter() - start, 4)
