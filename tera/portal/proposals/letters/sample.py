"""Invented units for a letter that is looked at before there is one to write."""

from collections.abc import Sequence

from django.utils.translation import override

from tera.engine.catalogue import list_rulebooks
from tera.engine.eligibility import ALL_CRITERIA, SURVEY_CRITERIA, Value, judge
from tera.engine.explain import plain_text
from tera.engine.rulebook import RESPONDENTS as MEASURE_OF_N
from tera.engine.rulebook import Measure, Rulebook, Target
from tera.portal.proposals.letters.criteria import (
    BY_MINISTRY,
    BY_UNIT,
    PRINTED,
    Json,
    limit_of,
    others_of,
)
from tera.portal.proposals.models import LetterKind
from tera.portal.results.present import in_order

NAMES = ("Unit Contoh Pertama", "Unit Contoh Kedua dengan Nama yang Lebih Panjang daripada Biasanya")
DEEDS = {
    LetterKind.RECOMMENDATION: "recommend",
    LetterKind.PROPOSAL: "propose",
    LetterKind.CORRECTION: "uphold",
}
RESPONDENTS, REASON = 1204, "Sebagian jawaban tidak dihitung karena diisi pegawai."


def sample_units(
    kind: LetterKind, names: Sequence[str] = NAMES, rulebook: Rulebook | None = None
) -> list[Json]:
    """Return the rows of a table of units, with the highest value of each measure."""
    rules = rulebook or next(one for one in list_rulebooks() if one.targets)
    with override(PRINTED):
        return [_unit(place, name, kind, rules) for place, name in enumerate(names, 1)]


def _unit(place: int, name: str, kind: LetterKind, rulebook: Rulebook) -> Json:
    target, slug = rulebook.targets[0], f"unit-contoh-{place}"
    is_survey, is_correction = kind == LetterKind.RECOMMENDATION, kind == LetterKind.CORRECTION
    return {
        "unit": {"slug": slug, "name": name},
        "deed": DEEDS[kind],
        "period": "Semester contoh",
        "target": target.id,
        "rules": rulebook.title,
        "values": [_value(measure, target, is_correction=is_correction) for measure in in_order(rulebook)],
        "n": RESPONDENTS,
        **({"n_was": RESPONDENTS + 1} if is_correction else {}),
        "n_limit": limit_of(target, MEASURE_OF_N),
        "criteria": {
            "scope": SURVEY_CRITERIA if is_survey else ALL_CRITERIA,
            "met": len(target.criteria),
            "all": len(target.criteria),
        },
        "others": list(others_of(judge(rulebook, target.id, _best(rulebook, target), RESPONDENTS))),
        "others_by": BY_UNIT if is_survey else BY_MINISTRY,
        "minutes": [f"minutes/kanwil-contoh/{place}"],
        "results": [f"certified/{slug}-semester-1/1"],
        "statement": "" if is_survey else f"proposed/{slug}/1",
        **({"reason": REASON, "corrected": "corrected/1"} if is_correction else {}),
        "addresses": [f"https://tera.example/hasil/{slug}-semester-1/"],
        "earlier": {"named": "41/ZI.U/IX/2026", "dated_on": "2026-09-14"} if is_correction else {},
        "is_invented": True,
    }


def _best(rulebook: Rulebook, target: Target) -> dict[str, Value]:
    """Return the highest number of each value that no survey gives, or the status that is asked for."""
    asked = {criterion.measure: criterion.threshold for criterion in target.criteria}
    best: dict[str, Value] = {measure.id: measure.maximum.value for measure in rulebook.measures}
    for given in rulebook.given:
        best[given.id] = given.maximum.value if given.maximum else asked.get(given.id, given.statuses[0])
    return best


def _value(measure: Measure, target: Target, *, is_correction: bool) -> Json:
    text = plain_text(measure.maximum.value, PRINTED)
    was = {"was": "0,00"} if is_correction else {}
    limit = limit_of(target, measure.id)
    return {"short": measure.short, "shown": text, "maximum": text.removesuffix(",00"), "limit": limit, **was}
