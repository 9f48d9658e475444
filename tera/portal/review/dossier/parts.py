"""The parts of a dossier, in their order, each with what its template shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.portal.review.dossier.case import Case
from tera.portal.review.dossier.showing.checks import checks
from tera.portal.review.dossier.showing.comments import few_comments
from tera.portal.review.dossier.showing.figures import figures
from tera.portal.review.dossier.showing.following import following
from tera.portal.review.dossier.showing.integrity import integrity, signals
from tera.portal.review.dossier.showing.mechanism import mechanism
from tera.portal.review.dossier.showing.questions import questions
from tera.portal.review.dossier.showing.way import way

Show = Callable[[Case], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page; `id` is its anchor, `permission` what it takes to see it, if anything more."""

    id: str
    title: str | Promise
    template: str
    show: Show
    permission: str = ""


PARTS = (
    Part("mekanisme", _("Mekanisme"), "mechanism", mechanism),
    Part("data", _("Data"), "figures", figures),
    Part("integritas", _("Integritas"), "integrity", integrity),
    Part("tanda", _("Tanda"), "signals", signals, "see-signals"),
    Part("komentar", _("Komentar"), "comments", few_comments),
    Part("periksa", _("Pemeriksaan"), "checks", checks),
    Part("tindak-lanjut", _("Tindak lanjut"), "following", following),
    Part("pertanyaan", _("Pertanyaan"), "questions", questions),
    Part("perjalanan", _("Perjalanan"), "way", way),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with what it shows."""

    id: str
    title: str | Promise
    template: str
    own: Mapping[str, object]


def parts_for(case: Case) -> list[Part]:
    """Return the parts that somebody may see."""
    return [part for part in PARTS if not part.permission or case.may(part.permission)]


def shown(part: Part, case: Case) -> Shown:
    """Return a part with what it shows of a survey."""
    return Shown(part.id, part.title, f"review/dossier/{part.template}.html", part.show(case))
