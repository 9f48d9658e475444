"""Where a result was corrected after it was decided upon: both beside each other, and who decides again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.eligibility import Finding, Verdict, judge
from tera.engine.explain import beside_text
from tera.engine.number import fraction_of
from tera.engine.proposal import Stage
from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.basis import Basis, survey_verdict
from tera.portal.proposals.cases.gates import STATES, short_names
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import is_in_conflict, step_below

REGION_DECIDES = _(
    "Kantor wilayah harus memulai lagi dengan hasil sekarang; unit tidak perlu mengisi ulang. "
    "Sampai itu terjadi, usulan ini tidak dapat direkomendasikan atau diusulkan; unit masih dapat menariknya."
)
MINISTRY_DECIDES = _(
    "Kementerian harus memutuskan lagi: tetap diusulkan dengan hasil sekarang, atau dicabut. "
    "Sampai itu terjadi, usulan ini tidak dapat dikirim, dan predikat tidak dapat dicatat diberikan."
)
SENT_DECIDES = _(
    "Kementerian harus memutuskan lagi: tetap diusulkan dengan hasil sekarang, atau dicabut. "
    "Sampai itu terjadi, predikat tidak dapat dicatat diberikan. Bila tim nasional sudah menolak, "
    "penolakannya tetap dapat dicatat."
)
DECIDED_AGAINST = _(
    "Kantor wilayah dapat memulai lagi dengan hasil sekarang; unit tidak perlu mengisi ulang. "
    "Sampai itu terjadi, putusan yang lama tetap tercatat."
)
TITLE_DECIDES = _(
    "Kementerian harus memutuskan lagi: predikat dipertahankan dengan hasil sekarang, atau usulannya dicabut."
)
NOBODY_DECIDES = _("Usulan ini sudah berakhir, jadi tidak ada yang perlu diputuskan lagi.")
WHO: Mapping[Stage, Promise] = {
    Stage.SUBMITTED: REGION_DECIDES,
    Stage.RECOMMENDED: REGION_DECIDES,
    Stage.NOT_RECOMMENDED: DECIDED_AGAINST,
    Stage.NOT_PROPOSED: DECIDED_AGAINST,
    Stage.PROPOSED: MINISTRY_DECIDES,
    Stage.SENT: SENT_DECIDES,
    Stage.GRANTED: TITLE_DECIDES,
}
RETURNED = _("Unit mengajukannya lagi; dengan itu usulan ini memakai hasil sekarang.")


@dataclass(frozen=True, slots=True)
class Beside:
    """One criterion that a survey answers, then and now."""

    name: str
    then: str
    now: str
    then_state: str
    now_state: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was certified when it was decided, and what is certified now."""

    step: Step
    rows: tuple[Beside, ...]
    results_then: Sequence[str]
    results_now: Sequence[str]
    still_met: bool
    who: Promise


def conflict_of(case: Case, basis: Basis) -> Conflict | None:
    """Return the conflict in which a proposal stands; None where it stands in none."""
    step = step_below(case)
    if step is None or not is_in_conflict(case):
        return None
    now = survey_verdict(basis, case.rulebook, case.target_id)
    rows = _rows(case, _then(case, step), now)
    who = RETURNED if case.stage in {Stage.DRAFT, Stage.INVITED} else WHO.get(case.stage, NOBODY_DECIDES)
    return Conflict(step, rows, step.basis["results"], basis.results, now.eligible, who)


def moved(case: Case, before: Step, after: Step) -> tuple[Beside, ...]:
    """Return what the criteria said of the results of one step, and of those of a later one."""
    return _rows(case, _then(case, before), _then(case, after))


def _rows(case: Case, then: Verdict, now: Verdict) -> tuple[Beside, ...]:
    names = short_names(case.rulebook)
    return tuple(
        _beside(names[one.criterion.measure], one, other)
        for one, other in zip(then.findings, now.findings, strict=True)
    )


def _then(case: Case, step: Step) -> Verdict:
    """Return what the criteria said of the results upon which a step rests."""
    values = {name: fraction_of(text) for name, text in step.basis["values"].items()}
    return judge(case.rulebook, case.target_id, values, step.basis["n"], survey_only=True)


def _beside(name: str, then: Finding, now: Finding) -> Beside:
    language = language_in_force()
    texts = [beside_text(one, language) for one in (then, now)]
    return Beside(name, texts[0], texts[1], STATES[then.met], STATES[now.met])
