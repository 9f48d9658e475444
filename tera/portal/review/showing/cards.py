"""The signals of a campaign, each as a picture and sentences: what is rare, and never who is to blame."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tera.engine.catalogue import get_instrument
from tera.engine.explain import decimal_text, said
from tera.intake.paradata import DELAY, DEVICE, DURATION, UNKNOWN
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.charts import place
from tera.portal.results.templatetags.numbers import whole
from tera.portal.review.models import Screening
from tera.portal.review.showing.cells import cells_of

Kept = Mapping[str, Any]
COUNTS = ("alike", "perfect", "uniform")
ROOM = Fraction(5, 4)  # of a picture beyond the larger of both numbers
LEAST_HIGH = {0: Fraction(4), 2: Fraction(1, 10)}  # where the line ends at least, by decimals
NEAR_END = Fraction(3, 20)
ROUGHLY_HALF = 0.5
LARGE = 10  # an e-value from which decimals say nothing
MOST_EVIDENCE = 1_000
LEAST_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Picture:
    """A line from low to high with what was seen as a dot and what is usual as a mark; places are shares."""

    low: str
    high: str
    dot: str
    usual: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """One signal: `picture` and all numbers are left out where there is nothing to compare."""

    title: str
    sentence: str
    is_notable: bool = False
    picture: Picture | None = None
    rarity: str = ""
    evidence: str = ""
    power: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What was seen in the answers to one questionnaire: in n of its complete forms, or all of them."""

    name: str
    n: int
    complete: int
    reason: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """How many answered in each way of a kind; None is not shown."""

    title: str
    rows: tuple[tuple[str, str | None], ...]
    total: str


def rarity(p: float, least: float) -> str:
    """Return a p-value as how many honest units are as far from the usual; `least` is the smallest found."""
    if p > ROUGHLY_HALF:
        return _("Sejauh ini dari yang biasa: lebih dari separuh unit jujur.")
    if p <= least:
        return _("Sejauh ini dari yang biasa: paling banyak 1 dari %(n)s unit jujur.") % _one_in(least)
    return _("Sejauh ini dari yang biasa: kira-kira 1 dari %(n)s unit jujur.") % _one_in(p)


def chance(p: float, least: float) -> str:
    """Return a p-value of a comparison as how often chance alone does as much."""
    if p > ROUGHLY_HALF:
        return _("Secara kebetulan sejauh ini: lebih sering daripada tidak.")
    if p <= least:
        return _("Secara kebetulan sejauh ini: paling banyak 1 dari %(n)s kali.") % _one_in(least)
    return _("Secara kebetulan sejauh ini: kira-kira 1 dari %(n)s kali.") % _one_in(p)


def _one_in(p: float) -> dict[str, str]:
    return {"n": whole(int(float(f"{1 / p:.1e}")))}  # two digits: no chance is known better


def questionnaires(screening: Screening) -> list[Questionnaire]:
    """Return what was seen by questionnaire."""
    least = screening.values["least_p"]
    return [_questionnaire(found, least) for found in screening.values["found"]]


def words(screening: Screening, name: str) -> str:
    """Return what is said of every screening: its limits, the ladder of next steps."""
    return said(screening.values[name], language_in_force())


def _questionnaire(found: Kept, least: float) -> Questionnaire:
    kept, instrument = found["screening"], get_instrument(found["instrument"])
    language = language_in_force()
    cards = [_signal(signal, least) for signal in kept["signals"]]
    if cards:
        cards.append(_gap(found["gap"], least))
    reason = "" if cards else said(kept["summary"], language)
    complete = found.get("complete", kept["n"])
    return Questionnaire(said(instrument.title, language), kept["n"], complete, reason, tuple(cards))


def _signal(kept: Kept, least: float) -> Card:
    titles = {
        "alike": _("Formulir yang sama persis"),
        "perfect": _("Nilai tertinggi di semua butir"),
        "uniform": _("Satu nilai di semua butir"),
        "spread": _("Jarak antarresponden"),
        "first_last": _("Butir pertama dan terakhir"),
    }
    decimals = 0 if kept["id"] in COUNTS else 2
    if kept["id"] == "spread":
        return _spread(titles["spread"], kept, least)
    return _card(titles.get(kept["id"], str(kept["id"])), kept, decimals, least)


def _spread(title: str, kept: Kept, least: float) -> Card:
    """Return in words how respondents differ: the number, beside that of a certified result without a few
    excluded responses, would tell what these answered."""
    if not kept["is_notable"]:
        return Card(
            title, _("Responden berbeda satu sama lain sejauh yang biasa pada unit dengan profil ini.")
        )
    told = {
        True: _("Responden lebih beragam daripada yang biasa pada unit seperti ini."),
        False: _("Responden lebih mirip satu sama lain daripada yang biasa pada unit seperti ini."),
    }[kept["observed"] > kept["expected"]]
    return replace(_card(title, kept, 2, least), sentence=told, picture=None)


def _gap(kept: Kept, least: float) -> Card:
    title = _("Di kantor dan di luar kantor")
    if kept["p"] is None:
        return Card(title, said(kept["sentence"], language_in_force()))
    told = {**kept, "observed": kept["difference"], "expected": 0.0}
    return _card(title, told, 2, least, chance)


def _card(
    title: str, kept: Kept, decimals: int, least: float, how_rare: Callable[[float, float], str] = rarity
) -> Card:
    language = language_in_force()
    return Card(
        title=title,
        sentence=said(kept["sentence"], language),
        is_notable=kept["is_notable"],
        picture=_picture(kept["observed"], kept["expected"], decimals),
        rarity=how_rare(kept["p"], least),
        evidence=_evidence(kept["e"]),
        power=said(kept["power"], language) if "power" in kept else "",
        next_step=said(kept["next_step"], language),
    )


def _picture(observed: float, expected: float, decimals: int) -> Picture:
    seen, usual = Fraction(observed), Fraction(expected)
    high = max(abs(seen), abs(usual), LEAST_HIGH[decimals]) * ROOM
    high = Fraction(math.ceil(high)) if not decimals else high
    low = -high if min(seen, usual) < 0 else Fraction(0)
    told = _("teramati %(seen)s, biasanya %(usual)s") % {
        "seen": _number(observed, decimals),
        "usual": _number(expected, max(decimals, 1)),
    }
    return Picture(
        low=_number(float(low), decimals),
        high=_number(float(high), decimals),
        dot=place(seen, low, high),
        usual=place(usual, low, high),
        anchor=_anchor((usual - low) / (high - low)),
        words=told,
    )


def _anchor(share: Fraction) -> str:
    """Return where a name at a place begins, so that it stays in the picture."""
    return "start" if share < NEAR_END else "end" if share > 1 - NEAR_END else "middle"


def _number(value: float, decimals: int) -> str:
    sign = "−" if round(value, decimals) < 0 else ""
    return sign + decimal_text(abs(Fraction(value)), decimals, language_in_force())


def _evidence(e: float) -> str:
    if e >= MOST_EVIDENCE:
        return _("lebih dari %(n)s") % {"n": whole(MOST_EVIDENCE)}
    return _number(e, 0 if e >= LARGE else 2)


def tables(screening: Screening) -> list[Table]:
    """Return how answers came, as far as that may be shown; nothing of what was not counted."""
    titles = {DEVICE: _("Jenis perangkat"), DURATION: _("Lama mengisi"), DELAY: _("Umur tiket saat dipakai")}
    found = []
    for kind, title in titles.items():
        counts = screening.counts.get(kind, {})
        if counts:
            rows = [
                (_code(kind, code), None if times is None else whole(times))
                for code, times in cells_of(kind, counts).items()
            ]
            found.append(Table(title, tuple(rows), whole(sum(counts.values()))))
    return found


def _code(kind: str, code: str) -> str:
    if kind == DEVICE:
        names = {
            "PHONE": _("Ponsel"),
            "TABLET": _("Tablet"),
            "COMPUTER": _("Komputer"),
            "OTHER": _("Lainnya"),
        }
        return names[code]
    if code == UNKNOWN:
        return _("Tidak diketahui")
    band = {"band": code.replace("-", "–").replace("+", _(" atau lebih"))}
    return _("%(band)s hari") % band if kind == DELAY else _("%(band)s detik") % band


def arrivals(screening: Screening) -> Iterator[Card]:
    """Yield how answers came beside other campaigns, or why that is not said."""
    titles = {DEVICE: _("Keragaman perangkat"), DELAY: _("Tiket dipakai pada hari terbit")}
    why = {
        "few": _("Tidak dibandingkan: terlalu sedikit yang boleh ditampilkan di survei ini."),
        "few others": _(
            "Tidak dibandingkan: perlu sepuluh survei lain yang sudah disaring di instalasi ini."
        ),
    }
    for kind, title in titles.items():
        kept = screening.arrivals.get(kind)
        if kept and "why_not" in kept:
            yield Card(title, why[kept["why_not"]])
        elif kept:
            yield _card(title, kept, 2, screening.values["least_p"], chance)


def percent(share: float) -> str:
    """Return a share as people write it."""
    return _("di bawah 0,1 %") if share < LEAST_SHARE else f"{_number(100 * share, 1)} %"
