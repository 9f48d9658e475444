"""Decisions on proposals that were published: what was decided, on which numbers, and where the proof is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from tera.engine.eligibility import Finding, Verdict, judge
from tera.engine.explain import Step as Explained
from tera.engine.explain import explain_finding
from tera.engine.proposal import CORRECTING, PUBLIC, Stage
from tera.engine.rulebook import RESPONDENTS
from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import checkpoint_of
from tera.portal.proposals.basis import surveys_of
from tera.portal.proposals.cases.recorded import Recorded, recorded_of
from tera.portal.proposals.cases.wording import DONE, STAGES, chip_of
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import basis_now, is_in_conflict, scores_of, step_below, values_of
from tera.portal.public.minutes import place_of
from tera.portal.review.models.checks import Layer
from tera.portal.surveys.models import Campaign

DECIDING = ("propose", "not-propose", *CORRECTING)
"""The deeds whose note is public: who announces is told so, and of a correction the ledger says why."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A step since the decision; `note` is the ministry's own reason, empty for every other step."""

    day: date
    says: Promise
    office: str
    note: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the title, what the decision found of it, and whether a survey answers it."""

    finding: Finding
    step: Explained
    is_of_survey: bool

    @property
    def state(self) -> str:
        """The class of its row."""
        return {True: "is-met", False: "is-unmet", None: "is-unknown"}[self.finding.met]


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement of the ledger, and its place there from 1; None until the published ledger holds it."""

    name: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published decision.

    `rows` are the criteria by the results on which it rests, `now` those that a corrected result changes;
    `recorded` are values of the ministry that the rulebook does not judge.
    """

    case: Case
    stage: Promise
    chip: str
    steps: tuple[Happened, ...]
    rows: tuple[Criterion, ...]
    is_in_conflict: bool
    now: tuple[Criterion, ...]
    recorded: tuple[Recorded, ...]
    results: Sequence[Campaign]
    proofs: tuple[Proof, ...]
    log_size: int

    @property
    def is_revoked(self) -> bool:
        """Say whether the proposal was revoked because a result was corrected."""
        return self.case.stage == Stage.REVOKED


def published_cases() -> QuerySet[Case]:
    """Return the proposals whose decision is published, the newest first."""
    last = Step.objects.filter(case=OuterRef("pk")).order_by("-number").values("stage")[:1]
    found = Case.objects.filter(announcement__isnull=False).annotate(last_stage=Subquery(last))
    return (
        found.filter(last_stage__in=PUBLIC)
        .select_related("unit", "announcement")
        .order_by("-announcement__at", "-pk")
    )


def listed(case: Case) -> tuple[Case, Promise, str]:
    """Return a proposal of `published_cases` with its stage in words, and the class of the chip."""
    stage = Stage(getattr(case, "last_stage", "") or case.stage)
    return case, STAGES[stage], chip_of(stage)


def upon(campaign: Campaign) -> list[tuple[Case, Promise, str]]:
    """Return the published decisions that concern the unit and period of a survey."""
    found = published_cases().filter(unit=campaign.unit, period=campaign.period)
    return [] if campaign.source else [listed(case) for case in found]


def published(case: Case) -> Published:
    """Return what everybody may know of a published decision."""
    basis, below = basis_now(case), step_below(case)
    in_conflict = is_in_conflict(case, basis)
    values = {name: Fraction(text) for name, text in below.basis["values"].items()} if below else {}
    rows = tuple(_rows(case, values, below.basis["n"] if below else None))
    now = tuple(_rows(case, basis.values, basis.n)) if in_conflict and basis.is_certified else ()
    checkpoint = checkpoint_of(Files(settings.LOG))
    size = checkpoint.size if checkpoint else 0
    results = [*(below.basis["results"] if below else ()), *basis.results]
    return Published(
        case=case,
        stage=STAGES[case.stage],
        chip=chip_of(case.stage),
        steps=tuple(_happened(case)),
        rows=rows,
        is_in_conflict=in_conflict,
        now=tuple(row for row in now if row.is_of_survey),
        recorded=_recorded(case),
        results=list(surveys_of(case.unit, case.period).select_related("certification")),
        proofs=tuple(Proof(name, place_of(name, size)) for name in _said_of(case, results)),
        log_size=size,
    )


def _happened(case: Case) -> Iterator[Happened]:
    """Yield the steps since the decision: what went before is not published, whoever it was of."""
    steps = list(case.steps.select_related("office").order_by("number"))
    before = [step.number for step in steps if step.stage not in PUBLIC]
    zone = ZoneInfo(case.unit.zone)
    for step in steps:
        if step.number > max(before, default=0):
            note = step.note if step.deed in DECIDING else ""
            yield Happened(step.at.astimezone(zone).date(), DONE[step.deed], step.office.name, note)


def _rows(case: Case, values: Mapping[str, Fraction], n: int | None) -> Iterator[Criterion]:
    measured = {RESPONDENTS, *(measure.id for measure in case.rulebook.measures)}
    for finding in _verdict(case, values, n).findings:
        step = explain_finding(finding, case.rulebook)
        yield Criterion(finding, step, finding.criterion.measure in measured)


def _verdict(case: Case, values: Mapping[str, Fraction], n: int | None) -> Verdict:
    given = values_of(case, Layer.MINISTRY, scores_of(case))
    return judge(case.rulebook, case.target_id, {**values, **given}, n)


def _recorded(case: Case) -> tuple[Recorded, ...]:
    scores = {key: score for key, score in scores_of(case).items() if key[0] == Layer.MINISTRY}
    return tuple(recorded_of(case, scores))


def _said_of(case: Case, results: Iterable[str]) -> Iterator[str]:
    """Yield the ids of what the ledger says of a proposal and its results, each before its corrections."""
    corrected = [one.as_said() for one in Statement.objects.filter(kind="corrected").order_by("pk")]
    proposed = case.steps.exclude(statement="").order_by("number").values_list("statement", flat=True)
    for name in dict.fromkeys((*proposed, *results)):
        yield name
        yield from (str(said["id"]) for said in corrected if said["statement"] == name)
