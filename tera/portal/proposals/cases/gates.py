"""The criteria of a title one by one, by what is certified and what each layer gives: one no is a no."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _

from tera.engine.eligibility import Finding, Verdict
from tera.engine.explain import (
    DECIMALS,
    beside,
    beside_text,
    explain_finding,
    plain_text,
    said,
    shortfall_text,
)
from tera.engine.number import fraction_of
from tera.engine.rulebook import RESPONDENTS, Criterion, Derived, Rulebook
from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.cases.figures import asked_text, scale_text, status_text
from tera.portal.proposals.cases.history import History, Past
from tera.portal.proposals.models import Case, Score
from tera.portal.proposals.queries import verdict_of
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models.checks import Layer

SIGNS = {True: "✓", False: "✕", None: "?"}
STATES = {True: "is-met", False: "is-unmet", None: "is-unknown"}
Scores = Mapping[tuple[str, str], Score]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one criterion finds by what a layer gives: `parts` are the values of which it is the sum.

    `scale` says of how many points it is, `past` what the layer ever gave, the first of all first.
    """

    name: str
    value: str
    sign: str
    state: str
    short_by: str
    score: Score | None = None
    parts: str = ""
    scale: str = ""
    past: tuple[Past, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion with a cell for each layer, or one for all of them where a survey answers it."""

    criterion: Criterion
    name: str
    cells: tuple[Cell, ...]
    scale: str

    @property
    def asked(self) -> str:
        """What it asks for, as people write it."""
        return asked_text(self.criterion, language_in_force())


@dataclass(frozen=True, slots=True)
class Judged:
    """What all criteria say together by what a layer gives, in a sentence, if it gave anything."""

    layer: str
    name: str
    verdict: Verdict
    has_scored: bool
    words: str

    @property
    def met(self) -> bool | None:
        """Whether all hold; None where none fails, but something is not known."""
        if self.verdict.eligible or any(one.met is False for one in self.verdict.findings):
            return self.verdict.eligible
        return None

    @property
    def chip(self) -> tuple[str, str]:
        """The class of its chip, and the sign on it."""
        return {True: "yes", False: "no", None: "quiet"}[self.met], SIGNS[self.met]


@dataclass(frozen=True, slots=True)
class Gates:
    """All of it: what a survey answers, what it does not, and the verdict of each layer."""

    layers: tuple[str, ...]
    measured: tuple[Row, ...]
    given: tuple[Row, ...]
    judged: tuple[Judged, ...]


def gates_of(case: Case, basis: Basis, scores: Scores, history: History) -> Gates:
    """Return the criteria of the title that a proposal is about."""
    rules, language = case.rulebook, language_in_force()
    verdicts = {layer: verdict_of(case, basis, layer, scores) for layer in Layer}
    measures = {RESPONDENTS, *(measure.id for measure in rules.measures)}
    sums = {derived.id: derived for derived in rules.derived}
    measured, given = [], []
    for place, criterion in enumerate(case.target.criteria):
        found = {layer: verdict.findings[place] for layer, verdict in verdicts.items()}
        name = explain_finding(found[Layer.UNIT], rules).title[language]
        scale = scale_text(rules, criterion, criterion.threshold, language)
        if criterion.measure in measures:
            cell = replace(
                _cell("", found[Layer.UNIT], language),
                scale=scale_text(rules, criterion, found[Layer.UNIT].value, language),
            )
            measured.append(Row(criterion, name, (cell,), scale))
            continue
        cells = tuple(
            replace(
                _cell(layer_name(layer), finding, language),
                score=scores.get((layer, criterion.measure)),
                parts=_parts(sums.get(criterion.measure), verdicts[layer], layer, scores),
                past=history.get((layer, criterion.measure), ()),
            )
            for layer, finding in found.items()
        )
        given.append(Row(criterion, name, cells, scale))
    judged = tuple(_judged(verdicts, {layer for layer, _measure in scores}))
    return Gates(tuple(map(layer_name, Layer)), tuple(measured), tuple(given), judged)


def _judged(verdicts: Mapping[Layer, Verdict], scored: Collection[str]) -> Iterator[Judged]:
    for layer, verdict in verdicts.items():
        words = _said_of(verdict) if layer in scored else ""
        yield Judged(layer, layer_name(layer), verdict, layer in scored, words)


def _cell(name: str, finding: Finding, language: str) -> Cell:
    return Cell(
        name,
        value_of(finding, language),
        SIGNS[finding.met],
        STATES[finding.met],
        shortfall_of(finding, language),
    )


def value_of(finding: Finding, language: str) -> str:
    """Return what a criterion found as people write it; nothing where it is not known."""
    if finding.value is None:
        return ""
    return status_text(finding.value) if isinstance(finding.value, str) else beside_text(finding, language)


def shortfall_of(finding: Finding, language: str) -> str:
    """Return by how much a number misses its threshold, so that it adds up with what is shown."""
    limit, value, measure = finding.criterion.threshold, finding.value, finding.criterion.measure
    if finding.short_by is None or isinstance(limit, str) or not isinstance(value, Fraction):
        return ""
    shown = finding.short_by if measure == RESPONDENTS else limit - beside(value, limit, DECIMALS)
    return shortfall_text(shown, measure, language)


def _parts(derived: Derived | None, verdict: Verdict, layer: Layer, scores: Scores) -> str:
    """Return of which values a sum is the sum, each by its name and as it is shown, or not given yet."""
    if derived is None:
        return ""
    language, names = language_in_force(), short_names(verdict.rulebook)
    surveyed = {measure.id for measure in verdict.rulebook.measures}
    sums = {one.id for one in verdict.rulebook.derived}
    found = {one.criterion.measure: one for one in verdict.findings if one.value is not None}
    texts = {name: beside_text(one, language) for name, one in found.items()}
    for part in derived.parts:
        if part not in texts and (score := scores.get((layer, part))):
            texts[part] = plain_text(fraction_of(score.value), language)
    for part in derived.parts:
        if part not in texts:
            unknown = _("belum disahkan") if part in surveyed else _("belum diisi")
            texts[part] = _("belum lengkap") if part in sums else unknown
    return " + ".join(f"{names[part]} {texts[part]}" for part in derived.parts)


def short_names(rulebook: Rulebook) -> dict[str, str]:
    """Return what each measure, value and sum is called in a sentence."""
    language = language_in_force()
    names = {RESPONDENTS: _("jumlah responden")}
    names |= {given.id: said(given.name, language) for given in rulebook.given}
    names |= {derived.id: said(derived.name, language) for derived in rulebook.derived}
    return names | {measure.id: measure.short for measure in rulebook.measures}


def _said_of(verdict: Verdict) -> str:
    """Return a verdict in a sentence that a high total cannot make look like a yes."""
    everything = len(verdict.findings)
    if verdict.eligible:
        return _("Ya: semua %(all)s syarat terpenuhi.") % {"all": everything}
    unmet = [finding for finding in verdict.findings if finding.met is False]
    unknown = everything - len(unmet) - sum(bool(finding.met) for finding in verdict.findings)
    if not unmet:
        told = {"n": unknown, "all": everything}
        return _("Belum: %(n)s dari %(all)s syarat belum dapat dinilai.") % told
    which = {"n": len(unmet), "all": everything, "which": which_of(unmet, verdict.rulebook)}
    words = _("Tidak: %(n)s dari %(all)s syarat belum terpenuhi (%(which)s)") % which + _although(verdict)
    if unknown:
        words += " " + _("Selain itu %(n)s syarat belum dapat dinilai.") % {"n": unknown}
    return words


def which_of(unmet: Sequence[Finding], rulebook: Rulebook) -> str:
    """Return which criteria are not met, each with by how much, or with what was found instead."""
    names, language = short_names(rulebook), language_in_force()
    texts = []
    for finding in unmet:
        told = {
            "name": names[finding.criterion.measure],
            "gap": shortfall_of(finding, language),
            "value": value_of(finding, language),
            "asked": status_text(str(finding.criterion.threshold)),
        }
        kind = _("%(name)s kurang %(gap)s") if told["gap"] else _("%(name)s %(value)s, diminta %(asked)s")
        texts.append(kind % told)
    return "; ".join(texts)


def _although(verdict: Verdict) -> str:
    """Return the end of the sentence: a total that is high enough is named, and changes nothing."""
    total = next((one for one in verdict.findings if one.criterion.measure == "total"), None)
    if total is None or not total.met:
        return "."
    return _(", walaupun nilai total %(total)s.") % {"total": beside_text(total, language_in_force())}
