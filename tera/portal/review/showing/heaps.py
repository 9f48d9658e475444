"""How scores of a year lie about the thresholds, as a picture and a sentence for each."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from tera.engine.catalogue import get_rulebook
from tera.engine.explain import plain_text, said
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.charts import place
from tera.portal.results.templatetags.numbers import decimal
from tera.portal.review.models import Heaping


@dataclass(frozen=True, slots=True)
class ShownHeap:
    """One threshold: `share` of the units near it lie above; p and share are empty without a test."""

    title: str
    threshold: str
    window: str
    sentence: str
    next_step: str
    p: str
    share: str


def heaps(heaping: Heaping) -> list[ShownHeap]:
    """Return the thresholds of a year in the order of the rulebooks."""
    language, found = language_in_force(), []
    for entry in heaping.values:
        rulebook = get_rulebook(entry["rulebook"])
        measure = next(each for each in rulebook.measures if each.id == entry["measure"])
        for heap in entry["heaps"]:
            near = heap["above"] + heap["below"]
            is_tested = heap["p"] is not None
            found.append(
                ShownHeap(
                    title=_("%(name)s, %(rulebook)s") % {"name": measure.short, "rulebook": rulebook.title},
                    threshold=plain_text(Fraction(heap["threshold"]), language),
                    window=plain_text(Fraction(heap["window"]), language),
                    sentence=said(heap["sentence"], language),
                    next_step=said(heap["next_step"], language),
                    p=decimal(Fraction(heap["p"]), 3) if is_tested else "",
                    share=place(Fraction(heap["above"], near), Fraction(0), Fraction(1)) if is_tested else "",
                )
            )
    return found
