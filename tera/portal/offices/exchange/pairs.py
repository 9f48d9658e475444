"""Services and places as a text: `PASPOR=Paspor; IZIN=Izin tinggal`, `Kantor|Jalan Raya 1; Mal Pelayanan`."""

import re
from collections.abc import Mapping
from typing import NamedTuple

MARKS = {"services": "=", "places": "|"}
LONGEST = {"services": (32, 120), "places": (120, 300)}
SERVICE = re.compile(r"[A-Za-z0-9_-]+")


class Fault(NamedTuple):
    """A part of the text that cannot be used, why, and what is allowed at most."""

    part: str
    why: str
    most: int


def read_pairs(key: str, text: str) -> tuple[dict[str, str], list[Fault]]:
    """Return names by code, or addresses by name, and what cannot be used."""
    pairs: dict[str, str] = {}
    faults = []
    for part in filter(None, (part.strip() for part in re.split("[;\n]", text))):
        first, _, second = (" ".join(side.split()) for side in part.partition(MARKS[key]))
        why = f"{key}-twice" if first in pairs else _wrong(key, first, second)
        if why:
            faults.append(Fault(part, why, LONGEST[key][why != "long-first"]))
        else:
            pairs[first] = second
    return pairs, faults


def write_pairs(key: str, pairs: Mapping[str, str], between: str = "; ") -> str:
    """Return the text that is read as these pairs."""
    mark = MARKS[key]
    return between.join(f"{first}{mark}{second}" if second else first for first, second in pairs.items())


def _wrong(key: str, first: str, second: str) -> str:
    """Return why a service or a place cannot be one, or nothing."""
    if key == "services" and not (first and second):
        return "bad-service"
    if key == "services" and not SERVICE.fullmatch(first):
        return "bad-service-code"
    if not first:
        return "bad-place"
    if len(first) > LONGEST[key][0]:
        return "long-first"
    return "long-second" if len(second) > LONGEST[key][1] else ""
