"""How many answered, how far the numbers hold, and that nobody's answers weigh more."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _

from tera.engine.disclosure import K
from tera.engine.explain import said
from tera.engine.index import MeasureIndex
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.methods.facts import Facts
from tera.portal.results.methods.precision import bounds_of, measures_of, precision_of
from tera.portal.results.methods.values import Value, value
from tera.portal.results.templatetags.numbers import decimal, short, whole

Line = tuple[str, str]


def sizes(facts: Facts) -> Value:
    """Return how many were aimed at, came in, were sealed, taken off and counted."""
    count, standing = facts.result.count, facts.standing
    came = _("Diimpor") if facts.is_imported else _("Masuk")
    return value(
        (_("Sasaran"), _target(facts)),
        (came, whole(count.total)),
        (_("Disegel"), "" if facts.is_imported else _sealed(facts)),
        (_("Menunggu disegel"), whole(count.waiting) if count.waiting else ""),
        (_("Dikecualikan"), _excluded(facts)),
        (_("Jawaban kendali"), _controls(facts)),
        (_("Dihapus"), _erased(facts)),
        (_("Dihitung"), _counted(facts)),
        target=count.target,
        received=count.total,
        sealed=count.sealed,
        waiting=count.waiting,
        excluded=standing.excluded,
        controls=standing.controls,
        erased=facts.erased,
        counted=standing.counted if standing.has_ended else None,
    )


def _sealed(facts: Facts) -> str:
    words = {"n": whole(facts.result.count.sealed)}
    return _("%(n)s; yang sudah disegel tidak dapat diubah tanpa ketahuan") % words


def _target(facts: Facts) -> str:
    if not facts.result.count.target:
        return _("tidak ditetapkan")
    words = {
        "target": whole(facts.result.count.target),
        "n": whole(facts.campaign.population),
        "rulebook": facts.campaign.survey_rulebook.title,
    }
    return _("%(target)s, dihitung dari %(n)s orang yang dilayani menurut %(rulebook)s") % words


def _excluded(facts: Facts) -> str:
    if not facts.standing.excluded:
        return _("Tidak ada.")
    return _("%(n)s, diputuskan oleh dua kantor") % {"n": whole(facts.standing.excluded)}


def _controls(facts: Facts) -> str:
    if not facts.standing.controls:
        return ""
    words = {"n": whole(facts.standing.controls)}
    return _("%(n)s: dimasukkan auditor untuk menguji penghitungan, lalu dikeluarkan") % words


def _erased(facts: Facts) -> str:
    if not facts.erased:
        return ""
    words = {"n": whole(facts.erased)}
    return _("%(n)s, atas permintaan penjawabnya; angkanya tetap terhitung") % words


def _counted(facts: Facts) -> str:
    if not facts.standing.has_ended:
        return _("ditetapkan setelah survei selesai dan hasilnya disahkan")
    counted = whole(facts.standing.counted)
    return counted if facts.certification else _("%(n)s, bila hasil disahkan sekarang") % {"n": counted}


def response_rate(facts: Facts) -> Value:
    """Return what share of those served answered, and what that is not."""
    people = facts.campaign.population
    if not people:
        return value(_("Tidak dapat dihitung: jumlah orang yang dilayani tidak diketahui."), rate=None)
    rate = Fraction(facts.answers, people)
    words = {"rate": decimal(rate * 100, 1), "n": whole(facts.answers), "people": whole(people)}
    too_many = _(
        "Lebih dari 100 %: jumlah yang dilayani terlalu kecil, atau ada yang menjawab lebih dari sekali."
    )
    return value(
        (_("Angkanya"), _("%(rate)s %%: %(n)s jawaban dari %(people)s orang yang dilayani") % words),
        (
            _("Cara menghitung"),
            _(
                "Jawaban yang masuk, tanpa jawaban kendali, dibagi orang yang dilayani menurut unit. Ini"
                " bukan RR1 dari AAPOR: tidak ada daftar undangan, jadi tidak diketahui siapa yang diundang"
                " lalu tidak menjawab."
            ),
        ),
        (_("Perhatian"), too_many if rate > 1 else ""),
        rate=str(rate),
        answers=facts.answers,
        population=people,
        definition="responses received without control responses / people served; not AAPOR RR1",
    )


def _none(facts: Facts) -> str:
    """Return why there is no index to speak of."""
    if facts.certification is not None or (facts.standing.has_ended and facts.standing.has_few):
        words = {"k": K}
        return _("Tidak ada indeks: kurang dari %(k)s jawaban dihitung.") % words
    return _("Belum ada indeks: jawaban yang disegel belum cukup, atau hasilnya belum disahkan.")


def _named(found: MeasureIndex) -> str:
    return f"{found.measure.short}, {found.rulebook.title}"


def precision(facts: Facts) -> Value:
    """Return n and the index of each measure, with the lower bound at 95 %."""
    if not measures_of(facts.result):
        return value(_none(facts), measures=[])
    found = precision_of(facts.result)
    data = [
        {
            "measure": name,
            "n": entry.found.n,
            "converted": str(entry.found.converted),
            "maximum": str(entry.found.measure.maximum.value),
            "lower_bound_95": None if entry.lower is None else str(entry.lower),
        }
        for name, entry in found.items()
    ]
    rows: list[Line] = []
    for entry in found.values():
        index = entry.found
        words = {
            "value": decimal(index.converted),
            "highest": short(index.measure.maximum.value),
            "n": whole(index.n),
            "lower": "" if entry.lower is None else decimal(entry.lower),
        }
        text = _("%(value)s dari %(highest)s, dari %(n)s jawaban; batas bawah tidak dapat dihitung")
        if entry.lower is not None:
            text = _("%(value)s dari %(highest)s, dari %(n)s jawaban; batas bawah 95 %%: %(lower)s")
        rows.append((_named(index), text % words))
    return value(
        *rows,
        (
            _("Arti batas bawah"),
            _(
                "Andaikata penjawab dipilih acak, nilai sebenarnya dari semua yang dilayani tidak lebih"
                " rendah dari ini dengan keyakinan 95 %."
            ),
        ),
        (
            _("Perhatian"),
            _("Bagaimana penjawab di sini dipilih tidak diketahui, jadi batas itu mungkin tidak berlaku.")
            if facts.is_imported
            else _("Penjawab di sini memilih sendiri; kecondongan karena itu tidak ada di dalam batas ini."),
        ),
        measures=data,
    )


def nonresponse(facts: Facts) -> Value:
    """Return how far those who did not answer could move each index."""
    people = facts.campaign.population
    if not measures_of(facts.result):
        return value(_none(facts), measures=[])
    if not people:
        return value(_("Tidak dapat dihitung: jumlah orang yang dilayani tidak diketahui."), measures=[])
    found = bounds_of(facts.result, people)
    if not found:
        told = _("Tidak dapat dihitung: yang menjawab lebih banyak daripada yang dilayani menurut unit.")
        return value(told, measures=[])
    text = _("antara %(low)s dan %(high)s dari %(highest)s")
    rows = [
        (
            _named(entry.found),
            text
            % {
                "low": decimal(entry.lowest),
                "high": decimal(entry.highest),
                "highest": short(entry.found.measure.maximum.value),
            },
        )
        for entry in found.values()
    ]
    return value(
        *rows,
        (
            _("Arti angka ini"),
            _(
                "Nilainya bila semua yang dilayani menjawab, dan mereka yang tidak menjawab seluruhnya"
                " memilih jawaban terburuk, atau seluruhnya yang terbaik. Tanpa anggapan apa pun tentang"
                " mereka, hanya sejauh ini yang pasti (batas Manski)."
            ),
        ),
        measures=[
            {"measure": name, "lowest": str(entry.lowest), "highest": str(entry.highest)}
            for name, entry in found.items()
        ],
    )


def weighting(facts: Facts) -> Value:
    """Return that every answer counts the same."""
    told = _("Tidak ada. Setiap jawaban dihitung sama; begitulah peraturan menghitung indeksnya.")
    beside = _("Angka berbobot, di mana dapat dihitung, hanya keterangan di sampingnya dan tidak menentukan.")
    return value(told, "" if facts.is_imported else beside, weighting="none")


def imputation(facts: Facts) -> Value:
    """Return that blanks are not filled, and what is left out because few answered it."""
    hidden = list(_left_out(facts))
    told = _("Tidak ada. Jawaban kosong tidak diisi dan tidak dihitung nol: pembaginya yang mengecil.")
    few = _("Tidak ikut dihitung, karena dijawab kurang dari %(k)s orang") % {"k": K}
    return value(told, (few, ", ".join(hidden)), imputation="none", elements_left_out=hidden)


def _left_out(facts: Facts) -> Iterator[str]:
    language, seen = language_in_force(), set[str]()
    for found in measures_of(facts.result):
        names = {entry.code: said(entry.name, language) for entry in found.instrument.elements}
        for element in found.elements:
            if element.mean is None and element.code not in seen:
                seen.add(element.code)
                yield names[element.code]
