"""What screening says, in Indonesian and English: of units and forms, never of who answered."""

from collections.abc import Mapping

from tera.statistics.screening.indicators import ALIKE, FIRST_LAST, PERFECT, SPREAD, UNIFORM

Words = Mapping[str, str]
COUNTS = (ALIKE, PERFECT, UNIFORM)


def sentence(name: str, observed: float, expected: float, *, is_notable: bool) -> Words:
    """Return what was seen, as a number beside what honest units of the same profile have on average."""
    said = _NOTABLE if is_notable else _USUAL
    return {
        language: _SEEN[name][language].format(
            observed=shown(observed, 0 if name in COUNTS else 2, language),
            expected=shown(expected, 1 if name in COUNTS else 2, language),
        )
        + " "
        + said[language]
        for language in ("id", "en")
    }


def shown(number: float, decimals: int, language: str) -> str:
    """Return a number as people of this language write it."""
    text = f"{round(number, decimals) + 0.0:.{decimals}f}"  # never -0
    return text.replace(".", ",") if language == "id" else text


_SEEN: Mapping[str, Words] = {
    ALIKE: {
        "id": "Pasangan formulir yang sama persis (tanpa formulir bernilai tunggal): {observed}; "
        "pada unit jujur dengan profil yang sama rata-rata {expected}.",
        "en": "Pairs of forms with the same answers (without forms of one score throughout): {observed}; "
        "honest units of the same profile have {expected} on average.",
    },
    PERFECT: {
        "id": "Formulir dengan nilai tertinggi di semua butir: {observed}; "
        "pada unit jujur dengan profil yang sama rata-rata {expected}.",
        "en": "Forms with the highest score throughout: {observed}; "
        "honest units of the same profile have {expected} on average.",
    },
    UNIFORM: {
        "id": "Formulir lain dengan satu nilai di semua butir: {observed}; "
        "pada unit jujur dengan profil yang sama rata-rata {expected}.",
        "en": "Other forms with one score throughout: {observed}; "
        "honest units of the same profile have {expected} on average.",
    },
    SPREAD: {
        "id": "Simpangan baku rata-rata responden: {observed}; pada unit jujur dengan profil yang sama "
        "{expected}.",
        "en": "Standard deviation of respondents' means: {observed}; honest units of the same profile have "
        "{expected}.",
    },
    FIRST_LAST: {
        "id": "Keterkaitan butir-butir terakhir dikurangi keterkaitan butir-butir pertama: {observed}; "
        "pada unit jujur dengan profil yang sama {expected}.",
        "en": "How much the last items go together, less how much the first ones do: {observed}; "
        "honest units of the same profile have {expected}.",
    },
}
_NOTABLE: Words = {
    "id": "Ini jarang terjadi pada unit jujur dan perlu ditelaah; ini bukan bukti kecurangan.",
    "en": "This is rare among honest units and needs review; it is no proof of fraud.",
}
_USUAL: Words = {
    "id": "Ini tidak cukup jarang untuk berarti sesuatu.",
    "en": "That is not rare enough to mean anything.",
}

QUIET: Words = {
    "id": "Tidak ada yang luar biasa di antara hal yang dapat dilihat.",
    "en": "Nothing unusual among what can be seen.",
}
REVIEW: Words = {
    "id": "Perlu ditelaah: ada pola yang jarang pada unit jujur. Bisa ada penjelasan yang wajar.",
    "en": "Needs review: there is a pattern that is rare among honest units. It may have a fair reason.",
}
REFUSALS: Mapping[str, Words] = {
    "few": {
        "id": "Terlalu sedikit untuk disaring: dengan kurang dari 30 formulir lengkap sedikit pemalsuan yang "
        "terlihat, dan seberapa sering unit jujur tertunjuk belum diukur.",
        "en": "Too few to screen: with fewer than 30 complete forms little fabrication shows, and how often "
        "honest units are named was not measured.",
    },
    "many": {
        "id": "Terlalu banyak untuk disaring sekaligus: formulir lengkapnya lebih dari 4.000. Saringlah per "
        "bulan atau per layanan.",
        "en": "Too many to screen at once: there are more than 4,000 complete forms. Screen them by month "
        "or by service.",
    },
    "items": {
        "id": "Tidak dapat disaring: kuesioner punya kurang dari empat butir.",
        "en": "Cannot be screened: the questionnaire has fewer than four items.",
    },
    "blanks": {
        "id": "Tidak dapat disaring dari rekap: sebagian formulir punya butir kosong.",
        "en": "Cannot be screened from sums: some forms have blanks.",
    },
}
LIMITS: Words = {
    "id": "Penyaringan ini tidak dapat melihat pemalsu yang hati-hati: angka 3 dan 4 yang wajar dan saling "
    "bebas, atau jawaban jujur yang dinaikkan, lolos. Hanya tiket, panggilan balik dan kunjungan yang dapat "
    "menemukannya. Tidak ada yang terlihat bukan berarti semuanya asli.",
    "en": "Screening could not have seen a careful faker: independent, plausible 3s and 4s, or answers of "
    "an honest look at a higher level, pass. Only tickets, call-backs and visits can find them. Nothing "
    "seen does not mean that all is genuine.",
}
LADDER: Words = {
    "id": "Langkah berikut: tambah panggilan balik; bila itu gagal, kunjungan; baru setelah itu pembatalan "
    "oleh dua kantor. Jangan menolak secara otomatis; tidak ada formulir yang dikeluarkan.",
    "en": "Next: more call-backs; if these fail, a visit; only then a void, by two offices. Never reject "
    "automatically; no form is excluded.",
}
NOTHING_TO_DO: Words = {
    "id": "Tidak perlu tindakan selain panggilan balik acak yang biasa.",
    "en": "Nothing to do beyond the usual random call-backs.",
}
POWER: Mapping[str, Words] = {
    ALIKE: {
        "id": "Dalam simulasi (60 formulir, rata-rata 3,2) dua belas salinan dari satu formulir terlihat "
        "pada 72 % unit; pada rata-rata 3,8 hanya pada 31 %. Dua belas salinan yang masing-masing diubah "
        "satu butir secara acak terlihat pada 15 %, dan salinan dari formulir yang berbeda-beda pada 43 %.",
        "en": "In simulations (60 forms, mean 3.2) twelve copies of one form were seen in 72 % of units; at "
        "a mean of 3.8 in only 31 %. Twelve copies each with an item redrawn were seen in 15 %, and copies "
        "of as many different forms in 43 %.",
    },
    PERFECT: {
        "id": "Dalam simulasi (60 formulir) dua belas formulir sempurna terlihat pada 81 % unit dengan "
        "rata-rata jujur 3,2, pada 35 % dengan 3,5, dan hanya pada 1 % dengan 3,8. Orang jujur yang memberi "
        "nilai tertinggi di semua butir tampak sama.",
        "en": "In simulations (60 forms) twelve perfect forms were seen in 81 % of units with an honest mean "
        "of 3.2, in 35 % with 3.5, and in only 1 % with 3.8. Honest people who tick the highest score "
        "throughout look the same.",
    },
    UNIFORM: {
        "id": "Dalam simulasi (60 formulir) dua belas formulir bernilai 3 di semua butir terlihat pada 7 % "
        "unit dengan rata-rata 3,2, tempat 3 adalah jawaban yang lazim, dan pada 97 % dengan 3,5.",
        "en": "In simulations (60 forms) twelve forms with a 3 throughout were seen in 7 % of units with a "
        "mean of 3.2, where 3 is the usual answer, and in 97 % with 3.5.",
    },
    SPREAD: {
        "id": "Angka 3 dan 4 yang saling bebas pada setengah dari 60 formulir tidak terlihat pada satu pun "
        "dari 100 unit simulasi dengan rata-rata 3,2; bila hampir semua dari 200 formulir demikian, "
        "pada 22.",
        "en": "Independent 3s and 4s in half of 60 forms were seen in none of 100 simulated units with a "
        "mean of 3.2; where nearly all of 200 forms were such, in 22.",
    },
    FIRST_LAST: {
        "id": "Bagian akhir yang diisi asal sama jarang terlihat: pada setengah dari 200 formulir, di 12 "
        "dari 100 unit simulasi.",
        "en": "Ends that are filled in by rote are seldom seen: in half of 200 forms, in 12 of 100 simulated "
        "units.",
    },
}
"""What each could have seen: `python -m tools.power` and docs/method.md, all simulated, at nominal 1 %.

100 units each; the first figures of `alike` and `perfect` are of 200.
"""


def heap(above: int, below: int, *, is_tested: bool, is_notable: bool) -> Words:
    """Return what is said of a threshold."""
    said = (_HEAPED if is_notable else _USUAL) if is_tested else _FEW_NEAR
    return {
        "id": f"Tepat di atas ambang ada {above} unit, tepat di bawahnya {below}. {said['id']}",
        "en": f"Just above the threshold lie {above} units, just below it {below}. {said['en']}",
    }


def gap(difference: float, *, is_notable: bool) -> Words:
    """Return what is said of two channels; `difference` in points of the scale."""
    said = _GAP if is_notable else _USUAL
    return {
        "id": f"Rata-rata lewat saluran pertama dikurangi saluran kedua: {shown(difference, 2, 'id')} poin. "
        f"{said['id']}",
        "en": f"The mean by the first channel less that by the second: {shown(difference, 2, 'en')} points. "
        f"{said['en']}",
    }


def arrival(kind: str, observed: float, expected: float, *, is_notable: bool) -> Words:
    """Return what is said of how answers arrive; `kind` is redemption or devices."""
    said = _NOTABLE_ELSEWHERE if is_notable else _USUAL
    scale, decimals = (100, 0) if kind == "redemption" else (1, 1)
    return {
        language: _ARRIVAL[kind][language].format(
            observed=shown(scale * observed, decimals, language),
            expected=shown(scale * expected, decimals, language),
        )
        + " "
        + said[language]
        for language in ("id", "en")
    }


_HEAPED: Words = {
    "id": "Sebanyak itu di atas ambang jarang terjadi secara kebetulan. Ini tentang semua unit bersama, "
    "bukan tentang salah satunya.",
    "en": "So many above it are rare by chance. This speaks of all units together, of none of them alone.",
}
_FEW_NEAR: Words = {"id": "Terlalu sedikit untuk diuji.", "en": "Too few to test."}
HEAP_NEXT: Words = {
    "id": "Langkah berikut: panggilan balik acak di unit-unit dekat ambang, di atas maupun di bawahnya.",
    "en": "Next: random call-backs at units near the threshold, above it and below it alike.",
}
_GAP: Words = {
    "id": "Selisih sebesar ini jarang terjadi secara kebetulan. Bisa jadi orang yang berbeda memakai saluran "
    "yang berbeda, atau menjawab dengan sungkan di depan petugas; ini bukan bukti kecurangan.",
    "en": "So large a gap is rare by chance. Other people may use the other channel, or answer shyly before "
    "staff; it is no proof of fraud.",
}
FEW_BY_CHANNEL: Words = {
    "id": "Terlalu sedikit untuk dibandingkan: perlu sepuluh responden di tiap saluran, dengan layanan dan "
    "bulan yang sama.",
    "en": "Too few to compare: it takes ten respondents by either channel, of the same service and month.",
}
_NOTABLE_ELSEWHERE: Words = {
    "id": "Ini jarang terjadi di tempat lain dan perlu ditelaah; ini bukan bukti kecurangan.",
    "en": "This is rare elsewhere and needs review; it is no proof of fraud.",
}
_ARRIVAL: Mapping[str, Words] = {
    "redemption": {
        "id": "Tiket yang dipakai pada hari terbit: {observed} %, di semua yang disaring {expected} %.",
        "en": "Tickets used on the day of issue: {observed} %; in all screened surveys {expected} %.",
    },
    "devices": {
        "id": "Keragaman jenis perangkat: setara {observed} jenis, di semua survei yang disaring {expected}.",
        "en": "Diversity of kinds of devices: as of {observed} kinds; in all screened surveys {expected}.",
    },
}
FEW_ARRIVALS: Words = {
    "id": "Terlalu sedikit untuk dinilai: perlu 30 atau lebih, dan angka nasional.",
    "en": "Too few to judge: it takes 30 or more, and national figures.",
}
