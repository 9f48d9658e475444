"""What columns are by their names, and only where a name leaves no doubt.

A number is no name: lists of elements put the handling of complaints eighth and facilities ninth, the
questionnaire the other way round, and files follow either. So u8 and u9 are never proposed; they are asked.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tera.engine.catalogue import get_codelists
from tera.engine.instrument import Instrument, Item
from tera.portal.imports.mapping import DAY, ITEM, PROFILE, SERVICE, UNUSED

FACILITIES, COMPLAINTS = "SARANA", "PENGADUAN"
AS_QUESTIONNAIRE, AS_ELEMENTS, NEITHER = "kuesioner", "unsur", "bukan"
ORDERS = {AS_QUESTIONNAIRE: (FACILITIES, COMPLAINTS), AS_ELEMENTS: (COMPLAINTS, FACILITIES)}
SERVICES = {"layanan", "jenis layanan", "nama layanan", "layanan yang diterima", "service"}
DAYS = {
    "tanggal",
    "tanggal survei",
    "tgl",
    "tgl survei",
    "tanggal pengisian",
    "date",
    "timestamp",
    "cap waktu",
}
MORE = {
    "umur": "age_band",
    "age": "age_band",
    "kelamin": "sex",
    "gender": "sex",
    "pendidikan terakhir": "education",
}
_NUMBERED = re.compile(r"(?P<prefix>[^\d]{0,20}?)[\s._-]*0?(?P<number>[89])", re.ASCII)
_NUMBER = re.compile(r"[a-z]?\d{1,2} (?=.)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns that are numbered eight and nine, and say no more of what they hold."""

    eighth: int
    ninth: int


def plain_name(name: str) -> str:
    """Return a name without what people write differently: capitals, signs, a number in front."""
    text = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.findall(r"\w+", text.replace("_", " ")))
    return _NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words


def pairs_of(header: Sequence[str], codes: Iterable[str]) -> list[Pair]:
    """Return the pairs of columns of which it must be asked which one is about facilities."""
    if not {FACILITIES, COMPLAINTS} <= set(codes):
        return []
    found: dict[str, dict[str, int]] = {}
    for place, name in enumerate(header):
        if numbered := _NUMBERED.fullmatch(name.strip().casefold()):
            found.setdefault(numbered["prefix"].strip(" ._-"), {}).setdefault(numbered["number"], place)
    return [Pair(places["8"], places["9"]) for places in found.values() if len(places) == 2]


def proposed(header: Sequence[str], instruments: Sequence[Instrument]) -> list[str]:
    """Return the use of each column that its name leaves no doubt of, and UNUSED for all others."""
    meant = _names([item for entry in instruments for item in entry.items], instruments)
    uses = [meant.get(plain_name(name), UNUSED) for name in header]
    often = Counter(uses)
    return [use if often[use] == 1 else UNUSED for use in uses]


def known_names(items: Iterable[Item]) -> set[str]:
    """Return every name by which a column of these items may be known."""
    numbers = {f"u{number}" for number in range(1, 10)}
    return {*_names(list(items), ()), *numbers}


def _names(items: Sequence[Item], instruments: Sequence[Instrument]) -> dict[str, str]:
    """Return what each name means; a name that means two things means nothing."""
    pairs: set[tuple[str, str]] = set()
    for item in items:
        names = {item.code, *item.stem.values()}
        if item.column and item.code not in {FACILITIES, COMPLAINTS}:
            names.add(item.column)
        pairs |= {(plain_name(name), f"{ITEM}{item.code}") for name in names}
    for instrument in instruments:
        for element in instrument.elements:
            asked = instrument.items_of(element)
            if len(asked) == 1:
                pairs |= {(plain_name(name), f"{ITEM}{asked[0].code}") for name in element.name.values()}
    pairs |= {(name, SERVICE) for name in SERVICES} | {(name, DAY) for name in DAYS}
    for codes in get_codelists().profile:
        names = {codes.id, *codes.name.values()}
        pairs |= {(plain_name(name), f"{PROFILE}{codes.id}") for name in names}
    pairs |= {(name, f"{PROFILE}{which}") for name, which in MORE.items()}
    often = Counter(name for name, _ in pairs)
    return {name: use for name, use in pairs if often[name] == 1}
