"""What a number of respondents can carry, in a word beside every figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from tera.engine.disclosure import K


@dataclass(frozen=True, slots=True)
class Label:
    """What at least so many respondents can carry: a code for programs and a text for people."""

    least: int
    code: str
    text: Mapping[str, str]


ENOUGH = {"id": "cukup untuk pembuktian di dekat ambang", "en": "enough for a proof near a threshold"}
SMALL = {
    "id": "memenuhi jumlah minimum, tetapi sedikit: hanya nilai jauh di atas ambang yang dapat terbukti",
    "en": "meets the minimum, but small: only a value far above a threshold can be proven",
}
VERY_SMALL = {
    "id": "sangat sedikit: baca sebagai petunjuk, bukan ukuran",
    "en": "very small: read it as a hint, not as a measure",
}
TOO_SMALL = {"id": "terlalu sedikit untuk ditampilkan", "en": "too few to be shown"}
LABELS = (
    Label(100, "ENOUGH", ENOUGH),
    Label(30, "SMALL", SMALL),
    Label(K, "VERY_SMALL", VERY_SMALL),
    Label(0, "TOO_SMALL", TOO_SMALL),
)


def label(n: int) -> Label:
    """Return what so many respondents can carry; the cuts are 10 (shown), 30 (the law's), 100 (a proof).

    Raises:
        ValueError: a negative number.
    """
    if n < 0:
        raise ValueError(f"a number of respondents is 0 or more, not {n}")
    return next(found for found in LABELS if n >= found.least)
