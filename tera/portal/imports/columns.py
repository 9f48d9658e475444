"""The columns of a table as the second step shows them: what they hold, and what is asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.explain import said
from tera.portal.imports.choosing import MOST_VALUES, Choosing
from tera.portal.imports.mapping import DAY, ITEM
from tera.portal.imports.meanings import Options, codes_offered
from tera.portal.imports.reading import score_of, wider_than
from tera.portal.imports.table import common

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a service or a profile column, and what it was said to mean."""

    field: str
    text: str
    times: int
    chosen: str
    options: Options


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page shows it; `beyond` says of which values the question knows nothing.

    Of services and profiles `values` are those whose meaning is asked, and `clear` those that name it.
    """

    field: str
    name: str
    use: str
    is_numbered: bool
    often: Sequence[tuple[str, int]]
    others: int
    empty: int
    values: Sequence[Value]
    clear: Sequence[Value]
    beyond: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The question in which order two numbered columns stand; `chosen` is empty until it is answered."""

    field: str
    eighth: Column
    ninth: Column
    chosen: str


def columns_of(choosing: Choosing) -> list[Column]:
    """Return every column."""
    return [_column(choosing, place) for place in range(len(choosing.uses))]


def asked_of(choosing: Choosing, columns: Sequence[Column]) -> list[Asked]:
    """Return the pairs of numbered columns whose order is asked."""
    return [
        Asked(f"urutan-{number}", columns[pair.eighth], columns[pair.ninth], order)
        for number, (pair, order) in enumerate(choosing.orders.items())
    ]


def some_days(choosing: Choosing) -> list[str]:
    """Return dates of the file that leave their order open."""
    return [text for place in choosing.places(DAY) for text, _n in common(choosing.table.counts[place], 3)]


def _column(choosing: Choosing, place: int) -> Column:
    counts, texts = choosing.table.counts[place], choosing.table.texts(place)
    often, values = common(counts, SHOWN), _values(choosing, place)
    known = choosing.clear.get(place, {})
    return Column(
        field=f"kolom-{place}",
        name=choosing.table.name(place),
        use=choosing.uses[place],
        is_numbered=any(place in {pair.eighth, pair.ninth} for pair in choosing.orders),
        often=often,
        others=len(texts) - len(often),
        empty=counts[""],
        values=[value for value in values if value.text not in known],
        clear=[value for value in values if value.text in known],
        beyond=_beyond(choosing, place),
    )


def _values(choosing: Choosing, place: int) -> list[Value]:
    texts = choosing.table.texts(place)
    if place not in choosing.values or len(texts) - len(choosing.clear[place]) > MOST_VALUES:
        return []
    options = codes_offered(choosing.uses[place], choosing.setting, choosing.language)
    chosen, counts = choosing.values[place], choosing.table.counts[place]
    return [
        Value(f"nilai-{place}-{number}", text, counts[text], chosen.get(text, ""), options)
        for number, text in enumerate(texts)
    ]


def _beyond(choosing: Choosing, place: int) -> str:
    """Return which values of a column its question does not have, and which questionnaire would."""
    use, setting = choosing.uses[place], choosing.setting
    found = {f"{ITEM}{item.code}": (item, entry) for entry in setting.instruments for item in entry.items}
    if use not in found:
        return ""
    item, instrument = found[use]
    wrong = [text for text in choosing.table.texts(place) if score_of(item, text) is None]
    if not wrong:
        return ""
    shown = {"values": ", ".join(text[:20] for text in wrong[:5]), "high": instrument.highest}
    message = ngettext(
        "Nilai %(values)s tidak ada pada pertanyaan ini, yang skalanya 1–%(high)s.",
        "Nilai %(values)s tidak ada pada pertanyaan ini, yang skalanya 1–%(high)s.",
        len(wrong),
    )
    if wider := wider_than(instrument, wrong):
        fitting = _("Yang cocok: %(title)s. Kembali dan pilih kuesioner itu; nilai tidak pernah diubah.")
        return f"{message % shown} {fitting % {'title': said(wider.title, choosing.language)}}"
    return message % shown
