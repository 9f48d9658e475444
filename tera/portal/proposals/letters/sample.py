"""Invented units for a letter that is looked at before there is one to write."""

from collections.abc import Sequence

from tera.engine.catalogue import list_rulebooks
from tera.engine.eligibility import ALL_CRITERIA, SURVEY_CRITERIA
from tera.engine.explain import plain_text
from tera.engine.rulebook import Measure
from tera.portal.proposals.letters.document import PRINTED, Json
from tera.portal.proposals.models import LetterKind
from tera.portal.results.present import in_order

NAMES = ("Unit Contoh Pertama", "Unit Contoh Kedua dengan Nama yang Lebih Panjang daripada Biasanya")
DEEDS = {
    LetterKind.RECOMMENDATION: "recommend",
    LetterKind.PROPOSAL: "propose",
    LetterKind.CORRECTION: "uphold",
}
RESPONDENTS = 1204


def sample_units(kind: LetterKind, names: Sequence[str] = NAMES) -> list[Json]:
    """Return the rows of a table of units, with the highest value of each measure."""
    return [_unit(place, name, kind) for place, name in enumerate(names, 1)]


def _unit(place: int, name: str, kind: LetterKind) -> Json:
    rulebook = next(one for one in list_rulebooks() if one.targets)
    target, slug = rulebook.targets[0], f"unit-contoh-{place}"
    is_survey, is_correction = kind == LetterKind.RECOMMENDATION, kind == LetterKind.CORRECTION
    return {
        "unit": {"slug": slug, "name": name},
        "deed": DEEDS[kind],
        "period": "Semester contoh",
        "target": target.id,
        "rules": rulebook.title,
        "values": [_value(measure, is_correction=is_correction) for measure in in_order(rulebook)],
        "n": RESPONDENTS,
        **({"n_was": RESPONDENTS + 1} if is_correction else {}),
        "criteria": {
            "scope": SURVEY_CRITERIA if is_survey else ALL_CRITERIA,
            "met": len(target.criteria),
            "all": len(target.criteria),
        },
        "minutes": [f"minutes/kanwil-contoh/{place}"],
        "results": [f"certified/{slug}-semester-1/1"],
        "statement": "" if is_survey else f"proposed/{slug}/1",
        "addresses": [f"https://tera.example/hasil/{slug}-semester-1/"],
        "earlier": {"named": "41/ZI.U/IX/2026", "dated_on": "2026-09-14"} if is_correction else {},
        "is_invented": True,
    }


def _value(measure: Measure, *, is_correction: bool) -> Json:
    text = plain_text(measure.maximum.value, PRINTED)
    was = {"was": "0,00"} if is_correction else {}
    return {"short": measure.short, "shown": text, "maximum": text.removesuffix(",00"), **was}
