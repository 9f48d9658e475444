"""What somebody may do in a proposal now, and for each deed what is still missing and how to mend it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.proposal import CORRECTING, DEEDS, Condition, Row, deeds_at
from tera.portal.accounts.models import User
from tera.portal.proposals import gate
from tera.portal.proposals.basis import Basis
from tera.portal.proposals.cases import wording
from tera.portal.proposals.cases.actions import MOST_NOTE
from tera.portal.proposals.cases.conditions import conditions_of_case, conditions_of_deed
from tera.portal.proposals.cases.lacking import Lacks, lacks_of
from tera.portal.proposals.cases.notes import NATIONAL, PUBLIC_NOTES
from tera.portal.proposals.models import Case
from tera.portal.results.correcting.actions import MOST_REASON
from tera.portal.review.models.checks import Layer

SOME_NOTE = "…"  # stands for what will be written, so that everything else is looked at
EFFECTS: dict[str, Promise] = {
    "submit": _("Sesudah ini unit tidak dapat mengubah nilainya, kecuali usulan dikembalikan."),
    "return": _("Unit dapat mengubah nilainya dan mengajukan lagi."),
    "propose": _("Usulan dan dasarnya tercatat di buku besar yang diumumkan."),
    "withdraw": _("Usulan berakhir; unit dapat memulai yang baru."),
    "send": _("Surat kepada tim nasional sudah keluar. Langkah ini tidak dapat ditarik kembali."),
    "grant": _("Predikat tercatat diberikan. Langkah ini tidak dapat ditarik kembali."),
    "deny": _("Usulan berakhir. Langkah ini tidak dapat ditarik kembali."),
    "uphold": _("Putusan lama dan yang baru tercatat di buku besar yang diumumkan."),
    "uphold-title": _("Putusan lama dan yang baru tercatat di buku besar yang diumumkan."),
    "revoke": _("Usulan berakhir, dan pencabutannya tercatat di buku besar yang diumumkan."),
}
PUBLIC_NOTE = _(
    "Alasan ini menjadi terbuka: ia tercatat di buku besar yang diumumkan. Jangan menulis nama siapa pun."
)
READ_LATER = _("Bila putusan diumumkan, siapa pun dapat membaca alasan ini. Jangan menulis nama siapa pun.")
NATIONAL_NOTE = _("Bila putusan diumumkan, siapa pun dapat membacanya. Jangan menulis nama siapa pun.")
REASON_LABEL = _("Alasan")
NATIONAL_LABEL = _("Nomor dan tanggal putusan tim nasional")
RESOLVING = (Condition.IN_CONFLICT,)
SECOND = ("withdraw", "return", "not-recommend", "not-propose", "deny", "revoke")


@dataclass(frozen=True, slots=True)
class Doable:
    """A deed that somebody may do at this stage, once nothing is missing."""

    deed: str
    words: Promise
    missing: Sequence[Lacks]
    needs_note: bool
    note_label: Promise
    note_says: Promise | str
    most_note: int
    effect: Promise | str
    is_second: bool
    sure: Promise | str
    lacks_letter: bool


def doable(case: Case, basis: Basis, user: User, acted_for: Collection[Layer]) -> Iterator[Doable]:
    """Yield the deeds that somebody may do at this stage, those that end a conflict or lead on first.

    `acted_for` are the layers for which they did something in this proposal before.
    """
    held = conditions_of_case(case, basis)
    rows = [row for row in deeds_at(case.stage) if gate.may(user, row.permission, case)]
    for row in sorted(rows, key=lambda row: (row.conditions[:1] != RESOLVING, row.deed in SECOND)):
        if Condition.IN_CONFLICT not in row.conditions or Condition.IN_CONFLICT in held:
            holds = held | conditions_of_deed(row.deed, acted_for, SOME_NOTE)
            missing = [one for one in row.conditions if one not in holds]
            yield _doable(row, missing, lacks_of(case, basis, missing))


def _doable(row: Row, missing: Sequence[Condition], lacks: Sequence[Lacks]) -> Doable:
    return Doable(
        deed=row.deed,
        words=wording.DEEDS[row.deed],
        missing=lacks,
        needs_note=Condition.NOTE_GIVEN in row.conditions,
        note_label=NATIONAL_LABEL if row.deed in NATIONAL else REASON_LABEL,
        note_says=_note_says(row.deed),
        most_note=MOST_REASON if row.deed in CORRECTING else MOST_NOTE,
        effect=EFFECTS.get(row.deed, ""),
        is_second=row.deed in SECOND,
        sure=wording.SURE.get(row.deed, ""),
        lacks_letter=Condition.LETTER_WRITTEN in missing,
    )


def _note_says(deed: str) -> Promise | str:
    """Return who reads what is written with a deed, where that is everybody."""
    if deed in CORRECTING:
        return PUBLIC_NOTE
    if deed in NATIONAL:
        return NATIONAL_NOTE
    return READ_LATER if deed in PUBLIC_NOTES else ""


def is_known(deed: str) -> bool:
    """Say whether a deed can be done to a proposal that has begun."""
    return deed in DEEDS and bool(DEEDS[deed].sources)
