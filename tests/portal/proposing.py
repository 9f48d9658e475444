"""How units come to a proposal: surveyed, verified in a meeting, certified; who acts in one, and how far.

`certified(unit, code, (4, 3), ...)` lets each respondent give a score for the service and one for integrity.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from tera.engine.number import exact
from tera.engine.proposal import Stage
from tera.engine.response import Response
from tera.intake import inbox
from tera.intake.exporting import list_held
from tera.portal.accounts.models import Assignment, User
from tera.portal.proposals.cases.actions import act, begin
from tera.portal.proposals.cases.evidence import File, keep_evidence
from tera.portal.proposals.cases.scoring import Entry, give_opinion, give_score
from tera.portal.proposals.models import Case, Evidence, Letter, LetterKind, Listed
from tera.portal.results import actions as results
from tera.portal.results.correcting.actions import correct
from tera.portal.results.models import Reason, Removed
from tera.portal.review.models.checks import Layer
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit, Version
from tests.portal.conftest import office
from tests.portal.deciding import OVER, fill_methods
from tests.portal.minuting import end, meet
from tests.portal.plans import plan_for

NOW = datetime.now(UTC)
TODAY = timezone.localdate(NOW)  # there it may be tomorrow already
PDF = File("lke-2026.pdf", b"%PDF-1.4\n% lembar kerja evaluasi\n%%EOF\n")
OLD_RULES, NEW_RULES, LATEST_RULES = "permenpanrb-10-2019", "permenpanrb-5-2024", "se-menpanrb-4-2025"
BEST = tuple([4] * 40)
JUST_BELOW = tuple([(4, 4)] * 52 + [(4, 3)] * 35)
"""Integrity of 15,7399 of 17,50 points: shown as 15,74, and 0,01 too little."""
Said = int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class People:
    """Who acts in a proposal: two of the unit, two of its region, the inspectorate, two of the ministry."""

    operator: User
    head: User
    verifier: User
    regional_head: User
    inspector: User
    ministry: User
    second_ministry: User
    elsewhere: User  # who heads another region of the same ministry

    @property
    def all(self) -> Mapping[str, User]:
        """Everybody, by what they are called here."""
        return {name: getattr(self, name) for name in self.__slots__}


def people(unit: Unit) -> People:
    """Return everybody; above the unit's region is a ministry from now on, which has an inspectorate."""
    region = _region_of(unit)
    top = _once("kementerian", "Kementerian Contoh", "KEMENTERIAN")
    itjen, other = (
        _once("itjen", "Inspektorat Jenderal", "ITJEN"),
        _once("kaltim", "Kanwil Kaltim", "KANWIL", top),
    )
    Unit.objects.filter(pk=region.pk).update(parent=top)
    Version.objects.filter(unit=region).update(parent=top)
    return People(
        operator=_holding("juru", "OPERATOR", unit),
        head=_holding("kepala", "HEAD_OF_UNIT", unit),
        verifier=_holding("ratna", "REGIONAL_VERIFIER", region),
        regional_head=_holding("wati", "REGIONAL_HEAD", region),
        inspector=_holding("irma", "INSPECTORATE", top, itjen),
        ministry=_holding("maya", "MINISTRY", top),
        second_ministry=_holding("agus", "MINISTRY", top),
        elsewhere=_holding("eko", "REGIONAL_HEAD", other),
    )


def _region_of(unit: Unit) -> Unit:
    return Unit.objects.get(children=unit)


def _once(slug: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    return Unit.objects.filter(slug=slug).first() or office(slug, name, kind, parent)


def _holding(name: str, role: str, unit: Unit, acting_for: Unit | None = None) -> User:
    known = User.objects.filter(username=name).first()
    if known and not known.assignments.filter(role=role, unit=unit).exists():
        name = f"{name}-{unit.slug}"
        known = User.objects.filter(username=name).first()
    user = known or User.objects.create_user(name)
    Assignment.objects.get_or_create(user=user, role=role, unit=unit, defaults={"office": acting_for})
    return user


def closed(unit: Unit, code: str, *scores: Said, zone: str = OLD_RULES) -> Campaign:
    """Return a survey of this semester that people answered and that is closed, its methods written down."""
    asked = ("skm-9", "spak-5-4") if zone == OLD_RULES else ("skm-9", "spkp-8-4", "spak-5-4")
    plan = replace(plan_for(NOW.date(), *asked), zone_rulebook_id=zone)
    campaign = actions.record(unit=unit, plan=plan, by=None, at=NOW, code=code)
    actions.publish(campaign)
    answer(campaign, *scores)
    actions.seal_due(OVER)
    actions.tell_of_blocks()
    fill_methods(campaign)
    return campaign


def answer(campaign: Campaign, *scores: Said) -> list[bytes]:
    """Let people answer: one score throughout, or one for the service and one for integrity; commitments."""
    about = {item.code: asked.construct for asked in campaign.instruments for item in asked.items}
    is_clean = [about[code] == "anti-corruption" for code in campaign.form.codes]
    both = [(one, one) if isinstance(one, int) else one for one in scores]
    rows = [tuple(clean if own else service for own in is_clean) for service, clean in both]
    said = [Response(campaign.code, 20780, 1, "", (0, 0, 0, 0), False, row) for row in rows]
    held = [actions.held(response) for response in said]
    inbox.put(settings.INTAKE, campaign.code, held)
    return [commitment for commitment, _, _ in held]


def certified(unit: Unit, code: str, *scores: Said, zone: str = OLD_RULES) -> Campaign:
    """Return a survey of this semester that was answered, verified by a meeting with minutes, and certified.

    Who verifies and certifies is the regional head of `people`.
    """
    campaign, chair = closed(unit, code, *scores, zone=zone), people(unit).regional_head
    region = _region_of(unit)
    end(meet(region, chair, [campaign], chair), chair, "VERIFIED")
    results.certify(campaign, by=chair, at=NOW)
    return Campaign.objects.select_related("unit").get(pk=campaign.pk)


def take_off(campaign: Campaign, count: int = 10, reason: str = "Diisi pegawai sendiri.") -> None:
    """Let two offices exclude so many responses of a certified survey, and the region correct its result."""
    who = people(campaign.unit)
    held = list_held(settings.INTAKE.acting_as("auditor"), campaign.code)
    off = set(Removed.objects.filter(campaign=campaign).values_list("commitment", flat=True))
    left = [commitment for _block, (commitment, _salt, _body) in held if commitment.hex() not in off]
    named = dict.fromkeys(left[:count], Reason.STAFF)
    region, itjen = _region_of(campaign.unit), Unit.objects.get(slug="itjen")
    proposed = results.propose_exclusion(campaign, named, by=who.verifier, office=region)
    results.confirm_exclusion(proposed, by=who.inspector, office=itjen)
    correct(campaign, reason, by=who.regional_head, at=NOW)


def begun(campaign: Campaign, target: str = "wbk") -> Case:
    """Return a proposal that the unit's operator began upon a survey."""
    return begin(campaign.unit, campaign.period, target, by=people(campaign.unit).operator, at=NOW)


def best_of(case: Case) -> dict[str, str]:
    """Return what meets every criterion that no survey answers: the highest number, the status asked for."""
    asked = {criterion.measure: str(criterion.threshold) for criterion in case.target.criteria}
    return {
        given.id: exact(given.maximum.value) if given.maximum else asked.get(given.id, given.statuses[0])
        for given in case.rulebook.given
    }


def score(case: Case, layer: Layer, by: User, **values: str) -> None:
    """Let a layer give the best for everything, but for what is named; the unit hands in one file for all."""
    file: Evidence | None = keep_evidence(case, layer, PDF, by=by, at=NOW) if layer == Layer.UNIT else None
    for measure, value in {**best_of(case), **values}.items():
        give_score(case, layer, Entry(measure, value, "Menurut LKE.", file), by=by, at=NOW)


def letter_of(case: Case, by: User, kind: LetterKind = LetterKind.PROPOSAL) -> Letter:
    """Keep that an office wrote a letter in which the proposal stands as it was decided last."""
    place = Letter.objects.count() + 1
    letter = Letter.objects.create(
        kind=kind,
        year=TODAY.year,
        number=place,
        named=f"M.1-{place}/{TODAY.year}",
        dated_on=TODAY,
        document="{}",
        sha256="0" * 64,
        by=by,
        office=by.assignments.get().acts_for,
        at=NOW,
    )
    decided = case.steps.filter(stage="PROPOSED").latest("number")
    Listed.objects.create(letter=letter, case=case, step=decided.number)
    return letter


WAY = {  # the stages through which a proposal comes to another, the deed and who does it
    Stage.SUBMITTED: (Stage.DRAFT, "submit", "head"),
    Stage.RECOMMENDED: (Stage.SUBMITTED, "recommend", "regional_head"),
    Stage.NOT_RECOMMENDED: (Stage.SUBMITTED, "not-recommend", "regional_head"),
    Stage.PROPOSED: (Stage.RECOMMENDED, "propose", "ministry"),
    Stage.NOT_PROPOSED: (Stage.RECOMMENDED, "not-propose", "ministry"),
    Stage.SENT: (Stage.PROPOSED, "send", "ministry"),
    Stage.GRANTED: (Stage.SENT, "grant", "ministry"),
    Stage.NOT_GRANTED: (Stage.SENT, "deny", "ministry"),
    Stage.WITHDRAWN: (Stage.DRAFT, "withdraw", "head"),
}


def walk(case: Case, to: Stage) -> Case:
    """Take a proposal to a stage by real deeds of the people who do them, with everything that these need."""
    case, who = Case.objects.get(pk=case.pk), people(case.unit)
    if case.stage == to:
        return case
    before, deed, name = WAY[to]
    if case.stage != before and not (to == Stage.SUBMITTED and case.stage == Stage.INVITED):
        case = walk(case, before)
    prepare(case, deed)
    act(case, deed, by=getattr(who, name), at=NOW, note=f"Alasan: {deed}.")
    return Case.objects.get(pk=case.pk)


def prepare(case: Case, deed: str) -> None:
    """Let everybody do beforehand what a deed of the way asks for."""
    who = people(case.unit)
    if deed == "submit":
        score(case, Layer.UNIT, who.operator)
    if deed == "propose":
        score(case, Layer.INSPECTORATE, who.inspector)
        score(case, Layer.MINISTRY, who.second_ministry)
        give_opinion(case, is_for=True, reason="Bukti lengkap.", by=who.inspector, at=NOW)
    if deed == "send":
        letter_of(case, who.ministry)
