"""Statements of the ledger behind a published decision: what each says, and where anybody finds it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.tile import WIDTH, bundle_path
from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import corrections_of

SAYS: dict[str, Promise] = {
    "proposed": _("Unit diusulkan"),
    "certified": _("Hasil survei disahkan"),
    "corrected": _("Koreksi atas catatan sebelumnya"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement, and its place in the published ledger from 1; None until that holds it.

    `page` is the public page that shows what it says, empty where that is the page of the proposal itself;
    `file` is the file of the ledger in which it stands.
    """

    name: str
    says: Promise
    place: int | None
    page: str
    file: str


def proofs_of(names: Iterable[str], size: int) -> Iterator[Proof]:
    """Yield the statements with these ids, each before its corrections, in a ledger of this size."""
    about = dict.fromkeys(names)
    corrections = corrections_of(about)
    subjects = {each: name for name in about for each in (name, *corrections.get(name, ()))}
    places = dict(Statement.objects.filter(name__in=subjects, place__lt=size).values_list("name", "place"))
    for name, subject in subjects.items():
        place = places.get(name)
        kind, said = name.split("/")[0], subject.split("/")
        yield Proof(
            name=name,
            says=SAYS[kind],
            place=None if place is None else place + 1,
            page=reverse("public-result", args=[said[1]]) if said[0] == "certified" else "",
            file="" if place is None else reverse("log", args=[_bundle(place, size)]),
        )


def _bundle(place: int, size: int) -> str:
    index = place // WIDTH
    return bundle_path(index, min(WIDTH, size - index * WIDTH))
