"""What stands beside the field of a value: its threshold, what its codes mean, and what other layers gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.accounts.queries import language_in_force
from tera.portal.proposals.cases.figures import limit_text, scale_text, value_text
from tera.portal.proposals.cases.scoring import givens_of
from tera.portal.proposals.models import Case
from tera.portal.proposals.queries import scores_of
from tera.portal.review.checks.naming import layer_name
from tera.portal.review.models.checks import Layer

_GRADES = _("Dari yang terendah: D, C, CC, B, BB, A, AA.")
GLOSSARY: Mapping[str, tuple[Promise, ...]] = {
    "tlhp": (
        _(
            "TLHP: tindak lanjut hasil pemeriksaan, yaitu berapa persen rekomendasi pemeriksa yang sudah "
            "ditindaklanjuti."
        ),
    ),
    "opinion": (
        _(
            "WTP: wajar tanpa pengecualian. WDP: wajar dengan pengecualian. TW: tidak wajar. "
            "TMP: tidak menyatakan pendapat."
        ),
    ),
    "sakip": (_("SAKIP: sistem akuntabilitas kinerja instansi pemerintah."), _GRADES),
    "rb_index": (_("Indeks RB: indeks reformasi birokrasi."), _GRADES),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """The threshold of a value, a line about its codes, and layers with what they gave; each may lack."""

    limit: str
    says: str
    others: Sequence[tuple[str, str]]


def hints_of(case: Case, mine: Layer) -> dict[str, Hint]:
    """Return what stands beside each value that a layer may give."""
    language, scores = language_in_force(), scores_of(case)
    limits = {}
    for one in case.target.criteria:
        scale = scale_text(case.rulebook, one, one.threshold, language)
        limits[one.measure] = " ".join(filter(None, (limit_text(one, language), scale)))
    found = {}
    for name, given in givens_of(case.rulebook).items():
        others = [
            (layer_name(layer), value_text(given, scores[layer, name].value, language))
            for layer in Layer
            if layer != mine and (layer, name) in scores
        ]
        says = " ".join(map(str, GLOSSARY.get(name, ())))
        found[name] = Hint(limits.get(name, ""), says, others)
    return found
