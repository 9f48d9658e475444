"""A meeting about thirty units, in an installation without anything in it; run by its shell."""

from datetime import timedelta

from tera.engine.workflow import Condition
from tera.portal.accounts.models import Assignment, User
from tera.portal.demo.actions import PASSWORD
from tera.portal.review.meetings import actions as meetings
from tera.portal.review.meetings.item.actions import ask, decide
from tera.portal.review.models.meeting import Decision
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.stages import Words, advance
from tera.portal.units.actions import Founding, found
from tera.portal.units.models import Unit
from tests.portal.gathering import NOW, TODAY, check, gather, let_answer
from tests.portal.plans import plan_for

KINDS = {
    "KANIM": "Kanim",
    "RUDENIM": "Rudenim",
    "LAPAS": "Lapas Kelas IIA",
    "RUTAN": "Rutan Kelas IIB",
    "LPKA": "LPKA Kelas II",
    "BAPAS": "Bapas Kelas I",
}
PLACES = ("Pontianak", "Singkawang", "Sungai Raya", "Ketapang", "Putussibau")
PEOPLE = {"ratna": "REGIONAL_VERIFIER", "wati": "REGIONAL_HEAD"}
MEND = Words("Perbaiki tempat survei dipasang.", TODAY + timedelta(days=14))


def meet() -> int:
    """Let Ratna open a meeting about thirty units, of which eleven are decided; return its number."""
    state = {"name": "Kantor Wilayah Kalimantan Barat", "short_name": "Kanwil Kalbar", "kind": "KANWIL"}
    region = found(Founding("kanwil", state))
    ratna, _ = (_person(name, role, region) for name, role in PEOPLE.items())
    names = [(kind, f"{name} {place}") for kind, name in KINDS.items() for place in PLACES]
    surveys = [_survey(number, kind, name, region) for number, (kind, name) in enumerate(names)]
    actions.seal_due(NOW)
    meeting = gather(region, ratna, *surveys)
    for campaign in surveys[:8]:
        check(campaign, ratna)
        decide(meeting, campaign.code, Decision.VERIFIED, by=ratna, at=NOW)
    for campaign, decision in zip(surveys[:3], list(Decision)[1:], strict=True):
        decide(meeting, campaign.code, decision, MEND, by=ratna, at=NOW)
    for campaign in surveys[8:11]:
        decide(meeting, campaign.code, Decision.RETURNED, MEND, by=ratna, at=NOW)
    for campaign in surveys[11:15]:
        ask(meeting, campaign.code, "Di mana survei dipasang?", by=ratna, at=NOW)
    meetings.show(meeting, surveys[12].code, by=ratna, at=NOW)
    return int(meeting.pk)


def _survey(number: int, kind: str, name: str, region: Unit) -> Campaign:
    """Return a screened survey of a new unit, of which some have numbers to show."""
    unit = found(Founding(f"rapat-{number}", {"name": name, "short_name": name, "kind": kind}, region))
    campaign = actions.record(unit=unit, plan=plan_for(TODAY), by=None, at=NOW, code=f"rapat-{number}")
    if number % 5:
        let_answer(campaign, *[3 + number % 2] * 31)
    advance(campaign, "close", {Condition.LAST_BLOCK_SEALED}, at=NOW)
    advance(campaign, "screen", (), at=NOW)
    return campaign


def _person(name: str, role: str, unit: Unit) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    Assignment.objects.create(user=user, role=role, unit=unit)
    return user
