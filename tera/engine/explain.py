"""Any number as numbered steps: what was added, divided and rounded, and which article says so.

Each step is told in Indonesian and in English; numbers in the Indonesian text carry a decimal comma.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tera.engine.eligibility import Finding
from tera.engine.index import ElementMean, MeasureIndex, weight
from tera.engine.number import plain, rounded, shown
from tera.engine.rulebook import RESPONDENTS, Rule, Rulebook

LANGUAGES = ("id", "en")
DECIMALS, MEAN_DECIMALS = 2, 4
MAPS = {"ratio": {"id": "Rasio.", "en": "Ratio."}, "linear": {"id": "Linear.", "en": "Linear."}}
SIGNS = {">=": "≥", ">": ">", "==": "="}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, the arithmetic and the reason, per language, and the article it follows.

    `note` is empty where no reason is given; `reading` is the section of `reading.md` that argues it.
    """

    title: Mapping[str, str]
    working: Mapping[str, str]
    article: str
    note: Mapping[str, str]
    reading: str


def said(words: Mapping[str, str], language: str) -> str:
    """Return the text of a language, or the Indonesian one, which is always there."""
    return words.get(language, words["id"])


def decimal_text(value: Fraction, decimals: int, language: str) -> str:
    """Return a rounded number with the decimal sign of the language."""
    text = shown(value, decimals)
    return text.replace(".", ",") if language == "id" else text


def plain_text(value: Fraction, language: str) -> str:
    """Return a number with as many decimals as it needs, at least two, and the language's decimal sign."""
    text = plain(value)
    return text.replace(".", ",") if language == "id" else text


def beside_text(finding: Finding, language: str) -> str:
    """Return what a criterion found with two decimals, never so rounded that it contradicts what is met.

    What would look as if it reached a threshold that it misses is rounded down, and the other way about.
    """
    criterion, value = finding.criterion, finding.value
    if not (isinstance(value, Fraction) and isinstance(criterion.threshold, Fraction)):
        return "–" if value is None else str(value)
    if criterion.measure == RESPONDENTS:
        return str(value)
    return decimal_text(beside(value, criterion.threshold, DECIMALS), DECIMALS, language)


def beside(value: Fraction, limit: Fraction, decimals: int) -> Fraction:
    """Return a value so rounded that it lies on the same side of a limit, or on it, as before."""
    unit = 10**decimals
    near = rounded(value, decimals)
    if value < limit <= near:
        return Fraction(math.floor(value * unit), unit)
    return Fraction(math.ceil(value * unit), unit) if near < limit <= value else near


def explain_index(result: MeasureIndex) -> tuple[Step, ...]:
    """Return the steps from the sums of the elements to the index, its conversion and its grade."""
    elements = [_element_step(result, element) for element in result.elements]
    steps = [*elements, _index_step(result), _converted_step(result)]
    return tuple(steps + ([_grade_step(result)] if result.grade else []))


def explain_finding(finding: Finding, rulebook: Rulebook) -> Step:
    """Return the step in which a value is held against its threshold."""
    criterion = finding.criterion
    names = _names(rulebook)[criterion.measure]
    return Step(
        title={language: said(names, language) for language in LANGUAGES},
        working={language: _comparison(finding, language) for language in LANGUAGES},
        article=criterion.article,
        note=criterion.note,
        reading=criterion.reading,
    )


def _names(rulebook: Rulebook) -> dict[str, Mapping[str, str]]:
    names: dict[str, Mapping[str, str]] = {
        RESPONDENTS: {"id": "Jumlah responden", "en": "Number of respondents"}
    }
    names |= {measure.id: measure.name for measure in rulebook.measures}
    names |= {given.id: given.name for given in rulebook.given}
    return names | {derived.id: derived.name for derived in rulebook.derived}


def value_text(value: Fraction | str, measure: str, language: str) -> str:
    """Return a value as people write it: respondents as a whole number, scores with a decimal sign."""
    if isinstance(value, str):
        return value
    return str(value) if measure == RESPONDENTS else plain_text(value, language)


def shortfall_text(value: Fraction, measure: str, language: str) -> str:
    """Return by how much a threshold is missed, never as nothing."""
    if measure == RESPONDENTS:
        return str(value)
    text = plain(value, is_shortfall=True)
    return text.replace(".", ",") if language == "id" else text


def _comparison(finding: Finding, language: str) -> str:
    criterion = finding.criterion
    threshold = value_text(criterion.threshold, criterion.measure, language)
    if finding.value is None:
        unknown = {"id": "tidak dapat dinilai; diminta", "en": "cannot be judged; asked for is"}
        return f"{unknown[language]} {SIGNS[criterion.op]} {threshold}"
    value = beside_text(finding, language)
    if isinstance(finding.value, Fraction) and (finding.value * 10**DECIMALS).denominator != 1:
        value += f" ({'tepatnya' if language == 'id' else 'exactly'} {finding.value})"
    verdict = {
        True: {"id": "terpenuhi", "en": "met"},
        False: {"id": "belum terpenuhi", "en": "not met"},
        None: {"id": "tidak dapat dinilai", "en": "cannot be judged"},
    }[finding.met][language]
    return f"{value} {SIGNS[criterion.op]} {threshold}: {verdict}{_shortfall(finding, language)}"


def _shortfall(finding: Finding, language: str) -> str:
    if finding.short_by is None:
        return ""
    criterion, short_by = finding.criterion, finding.short_by
    if criterion.measure != RESPONDENTS and isinstance(criterion.threshold, Fraction):
        limit = criterion.threshold  # from what is shown, so that both add up
        short_by = limit - beside(limit - short_by, limit, DECIMALS)
    amount = shortfall_text(short_by, criterion.measure, language)
    return f", {'kurang' if language == 'id' else 'short by'} {amount}"


def is_mapped(result: MeasureIndex) -> bool:
    """Say whether the answers had another scale than the rulebook, so that a map stands between them."""
    return result.instrument.highest != result.rulebook.highest.value


def _element_step(result: MeasureIndex, element: ElementMean) -> Step:
    names = {entry.code: entry.name for entry in result.instrument.elements}[element.code]

    def working(language: str) -> str:
        if element.mean is None:
            return {"id": "tidak ada jawaban", "en": "no answers"}[language]
        raw = Fraction(element.sum, element.n)
        text = f"{element.sum} / {element.n} = {decimal_text(raw, MEAN_DECIMALS, language)}"
        if not is_mapped(result):
            return text
        return f"{text} → {decimal_text(element.mean, MEAN_DECIMALS, language)}"

    changed = is_mapped(result)
    rule = result.rulebook.six_point_map if changed else result.rulebook.blank_answers
    return Step(
        title={language: said(names, language) for language in LANGUAGES},
        working={language: working(language) for language in LANGUAGES},
        article=rule.article,
        note=_map_note(rule) if changed else rule.note,
        reading=rule.reading,
    )


def _map_note(rule: Rule) -> Mapping[str, str]:
    """Return which map was taken, and why."""
    name = MAPS[rule.rule]
    if not rule.note:
        return name
    return {language: f"{name[language]} {said(rule.note, language)}" for language in LANGUAGES}


def _index_step(result: MeasureIndex) -> Step:
    means = [element.mean for element in result.elements if element.mean is not None]
    share = weight(result.measure, len(means))

    def working(language: str) -> str:
        total = decimal_text(sum(means, Fraction(0)), MEAN_DECIMALS, language)
        factor = str(share) if result.measure.weights.rule == "equal" else plain_text(share, language)
        return (
            f"{total} × {factor} = {result.points} = {decimal_text(result.points, MEAN_DECIMALS, language)}"
        )

    return Step(
        title={"id": "Indeks: jumlah rata-rata × bobot", "en": "Index: sum of the means × weight"},
        working={language: working(language) for language in LANGUAGES},
        article=result.measure.weights.article,
        note=result.measure.weights.note,
        reading=result.measure.weights.reading,
    )


def _converted_step(result: MeasureIndex) -> Step:
    highest, maximum = result.rulebook.highest.value, result.measure.maximum

    def working(language: str) -> str:
        value = plain_text(result.converted, language)
        return f"{result.points} / {highest} × {plain_text(maximum.value, language)} = {value}"

    return Step(
        title={
            "id": f"Konversi ke skala {plain_text(maximum.value, 'id')}",
            "en": f"Converted to a scale of {plain_text(maximum.value, 'en')}",
        },
        working={language: working(language) for language in LANGUAGES},
        article=maximum.article,
        note=maximum.note,
        reading=maximum.reading,
    )


def _grade_step(result: MeasureIndex) -> Step:
    band = result.grade
    if band is None:
        raise ValueError("a result without a grade has no grade to explain")
    value = rounded(result.converted, result.measure.decimals)

    def working(language: str) -> str:
        left, right = plain_text(value, language), plain_text(band.start.value, language)
        return f"{left} ≥ {right}: {band.grade} ({said(band.label, language)})"

    return Step(
        title={"id": "Mutu, setelah dibulatkan", "en": "Grade, after rounding"},
        working={language: working(language) for language in LANGUAGES},
        article=band.start.article,
        note=result.measure.rounding.note,
        reading=result.measure.rounding.reading,
    )
