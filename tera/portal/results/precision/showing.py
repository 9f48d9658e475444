"""What was computed of a certified result, as figures with a sentence on what each of them says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from tera.engine.explain import said
from tera.engine.rulebook import Measure
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.charts import place
from tera.portal.results.models import Certification
from tera.portal.results.present import in_order, named_thresholds
from tera.portal.results.templatetags.numbers import decimal, gap, short, whole

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is, its value as people write it, and what it says."""

    name: str
    value: str
    says: str


@dataclass(frozen=True, slots=True)
class Range:
    """A line with the index as a dot, the range around it and the thresholds, as shares of the width."""

    low: str
    high: str
    dot: str
    start: str
    width: str
    marks: tuple[tuple[str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one measure."""

    measure: Measure
    value: str
    label: str
    range: Range
    figures: tuple[Figure, ...]


def cards_of(certification: Certification) -> list[Card]:
    """Return a card for each measure that was analysed; none where it was not analysed yet."""
    analysis = getattr(certification, "analysis", None)
    found = {values["measure"]: values for values in analysis.values} if analysis else {}
    measures = in_order(certification.campaign.zone_rulebook)
    return [_card(certification, measure, found[measure.id]) for measure in measures if measure.id in found]


def _card(certification: Certification, measure: Measure, values: Values) -> Card:
    return Card(
        measure=measure,
        value=_points(values["value"]),
        label=said(values["label"], language_in_force()),
        range=_range(certification, measure, values),
        figures=tuple(_figures(values)),
    )


def _points(value: float) -> str:
    return decimal(Fraction(value))


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + gap(abs(Fraction(value)))


def _range(certification: Certification, measure: Measure, values: Values) -> Range:
    """Return the picture of a measure: from a little below all that stands on it to the highest value."""
    limits = named_thresholds(certification.campaign.zone_rulebook, measure.id)
    lower, upper, highest = Fraction(values["lower"]), Fraction(values["upper"]), measure.maximum.value
    low = max(Fraction((min([lower, *limits]) - Fraction(1, 2)) // 1), Fraction(values["lowest"]))
    words = _("%(name)s %(value)s, kisaran %(lower)s sampai %(upper)s") % {
        "name": measure.short,
        "value": _points(values["value"]),
        "lower": _points(values["lower"]),
        "upper": _points(values["upper"]),
    }
    return Range(
        low=short(low),
        high=short(highest),
        dot=place(Fraction(values["value"]), low, highest),
        start=place(lower, low, highest),
        width=f"{float((upper - lower) / (highest - low)):.1%}",
        marks=tuple((place(limit, low, highest), names) for limit, names in limits.items()),
        words=words,
    )


def _figures(values: Values) -> Iterator[Figure]:
    yield Figure(
        _("Nilai sebenarnya"),
        f"{_points(values['lower'])} – {_points(values['upper'])}",
        _(
            "Di antara kedua angka inilah rata-rata semua pengguna layanan berada, andai penjawabnya dipilih"
            " acak. Tiap batas benar dengan keyakinan 95 %, keduanya sekaligus 90 %, apa pun sebaran"
            " jawabannya. Batas bawah itulah yang menentukan apakah suatu ambang terbukti."
        ),
    )
    yield Figure(
        _("Batas bawah buku teks"),
        f"t {_points(values['t'])} · bootstrap {_points(values['bootstrap'])}",
        _(
            "Beranggapan bahwa tidak ada kelompok kecil yang sangat kecewa. Bila ada, kedua angka ini terlalu"
            " tinggi; karena itu tidak dipakai untuk membuktikan apa pun."
        ),
    )
    yield _silent(values)
    yield from _change(values["before"])
    yield from _weights(values["weighted"])
    yield from _consistency(values["reliability"])


def _silent(values: Values) -> Figure:
    name = _("Bila semua orang menjawab")
    if values["missing"] is None:
        return Figure(name, "–", _("Tidak diketahui: jumlah orang yang dilayani tidak cocok dengan jawaban."))
    low, high = values["missing"]
    words = {"rate": decimal(Fraction(values["response_rate"]) * 100, 1)}
    return Figure(
        name,
        f"{_points(low)} – {_points(high)}",
        _(
            "%(rate)s %% dari yang dilayani menjawab. Yang diam mungkin memberi nilai terendah, mungkin"
            " tertinggi; inilah kedua ujungnya. Hanya lebih banyak penjawab yang mempersempitnya."
        )
        % words,
    )


def _change(before: Values | None) -> Iterator[Figure]:
    if before is None:
        yield Figure(_("Dibanding periode lalu"), "–", _("Belum ada hasil lama dengan kuesioner yang sama."))
        return
    low, high = before["interval"]
    words = {
        "period": before["period"],
        "word": said(before["word"], language_in_force()),
        "low": _signed(low),
        "high": _signed(high),
        "detectable": gap(Fraction(before["detectable"])),
    }
    yield Figure(
        _("Dibanding periode lalu"),
        _signed(before["value"]),
        _(
            "Dari %(period)s: %(word)s. Perubahan sebenarnya antara %(low)s dan %(high)s. Dengan jumlah"
            " responden ini, perubahan di bawah kira-kira %(detectable)s jarang terlihat."
        )
        % words,
    )


def _weights(weighted: Values | None) -> Iterator[Figure]:
    name = _("Dengan bobot layanan")
    if weighted is None:
        yield Figure(name, "–", _("Tidak dihitung: jumlah orang yang dilayani tiap layanan tidak dicatat."))
        return
    if "why_not" in weighted:
        why = {
            "few": _(
                "Tidak dihitung: suatu layanan punya kurang dari sepuluh jawaban, yang dapat ditebak darinya."
            ),
            "unlike": _("Tidak dihitung: ada layanan tanpa jawaban, atau jawaban tanpa layanan."),
            "corrected": _(
                "Tidak ditampilkan untuk hasil yang dikoreksi: di samping angka hasil lama, jawaban beberapa"
                " orang di suatu layanan dapat ditebak."
            ),
        }
        yield Figure(name, "–", why[weighted["why_not"]])
        return
    words = {
        "unweighted": _points(weighted["unweighted"]),
        "effect": decimal(Fraction(weighted["design_effect"])),
        "effective": whole(weighted["effective_n"]),
    }
    yield Figure(
        name,
        _points(weighted["value"]),
        _(
            "Andai tiap layanan terwakili sesuai jumlah orang yang dilayaninya; tanpa bobot %(unweighted)s."
            " Bobot membuat jawaban ini setara dengan %(effective)s responden (efek rancangan %(effect)s)."
            " Ini hanya keterangan: putusan memakai angka tanpa bobot."
        )
        % words,
    )


def _consistency(reliability: Values | None) -> Iterator[Figure]:
    name = _("Keajekan butir")
    if reliability is not None and "why_not" in reliability:
        why = _(
            "Tidak dihitung: beberapa jawaban dikecualikan, dan angkanya akan menunjukkan jawaban mereka."
        )
        yield Figure(name, "–", why)
        return
    if reliability is None or reliability["alpha"] is None:
        yield Figure(name, "–", _("Tidak dihitung: ada formulir yang tidak lengkap."))
        return
    parts = [_("alfa %(value)s") % {"value": decimal(Fraction(reliability["alpha"]))}]
    if reliability["omega"] is not None:
        parts.append(_("omega %(value)s") % {"value": decimal(Fraction(reliability["omega"]))})
    warnings = [said(words, language_in_force()) for words in reliability["warnings"]]
    usual = _(
        "Seberapa seirama butir-butirnya naik dan turun, 0 sampai 1. Angka tinggi bukan tanda mutu layanan."
    )
    yield Figure(name, " · ".join(parts), " ".join([usual, *warnings]))
