"""What a deed still lacks, by name: which values and files are missing, and which criteria are not met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tera.engine.proposal import Condition
from tera.portal.proposals.basis import Basis, survey_verdict
from tera.portal.proposals.cases.gates import Scores, short_names, which_of
from tera.portal.proposals.cases.wording import CONDITIONS
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import scores_of, verdict_of
from tera.portal.review.models.checks import Layer

JUDGED_BY: Mapping[Condition, Layer] = {
    Condition.REGION_CONSENTS: Layer.REGION,
    Condition.INSPECTORATE_MET: Layer.INSPECTORATE,
    Condition.MINISTRY_MET: Layer.MINISTRY,
}


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is missing, which values or criteria that are, and what to do about it."""

    what: str
    which: str
    how: str


def lacks_of(case: Case, basis: Basis, missing: Sequence[Condition]) -> list[Lacks]:
    """Return what is missing before a deed may happen, each with the names of what it is about."""
    scores = scores_of(case) if missing else {}
    found = []
    for condition in missing:
        what, how = CONDITIONS[condition]
        found.append(Lacks(str(what), " ".join(_which(case, basis, condition, scores)), str(how)))
    return found


def _which(case: Case, basis: Basis, condition: Condition, scores: Scores) -> Iterator[str]:
    names = short_names(case.rulebook)
    if condition == Condition.SCORES_GIVEN:
        own = {given.id: scores.get((Layer.UNIT, given.id)) for given in case.rulebook.given}
        bare = [names[name] for name, one in own.items() if one is not None and not one.evidence_id]
        yield from _named(
            _("Belum ada nilai: %(which)s."), [names[name] for name in own if own[name] is None]
        )
        yield from _named(_("Belum ada berkas bukti: %(which)s."), bare)
        return
    if condition in JUDGED_BY:
        verdict = verdict_of(case, basis, JUDGED_BY[condition], scores)
    elif condition == Condition.SURVEY_MET:
        verdict = survey_verdict(basis, case.rulebook, case.target_id)
    else:
        return
    unmet = [one for one in verdict.findings if one.met is False]
    yield from _named(_("Belum terpenuhi: %(which)s."), [which_of(unmet, case.rulebook)] if unmet else [])
    if condition != Condition.REGION_CONSENTS:
        unknown = [names[one.criterion.measure] for one in verdict.findings if one.met is None]
        yield from _named(_("Belum dapat dinilai: %(which)s."), unknown)


def _named(words: str, which: Sequence[str]) -> Iterator[str]:
    if which:
        yield words % {"which": "; ".join(which)}
