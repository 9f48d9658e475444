"""How answers become numbers, what keeps them whole, and what does not follow from them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from tera.engine.disclosure import K
from tera.portal.ledger.queries import is_said
from tera.portal.results.methods.facts import Facts
from tera.portal.results.methods.values import Value, value
from tera.portal.results.models import Reason
from tera.portal.results.templatetags.numbers import whole


def processing(facts: Facts) -> Value:
    """Return how answers become an index."""
    blocks = _(
        "Jawaban disegel dalam blok, paling sedikit %(k)s sekaligus. Angka dihitung dari rekap blok, tidak"
        " pernah dari jawaban seseorang. Blok sejauh ini: %(n)s."
    )
    return value(
        (_("Blok"), blocks % {"k": K, "n": whole(len(facts.result.blocks))}),
        (
            _("Rumus"),
            _(
                "Rata-rata tiap unsur, dikali bobot yang sama untuk semua unsur, lalu diubah ke skala"
                " peraturan. Langkahnya dapat dibuka di halaman hasil."
            ),
        ),
        (
            _("Pembulatan"),
            _(
                "Dihitung dengan pecahan yang tepat dan baru dibulatkan saat ditampilkan. Batas"
                " dibandingkan dengan nilai yang belum dibulatkan."
            ),
        ),
        blocks=len(facts.result.blocks),
        arithmetic="exact fractions",
    )


def checks(facts: Facts) -> Value:
    """Return what keeps answers from being changed, doubled or made up, and what it found."""
    if facts.is_imported:
        return value(
            (
                _("Sebelum diimpor"),
                _("Tidak diketahui bagaimana jawaban diperiksa di tempat asalnya."),
            ),
            (_("Sejak diimpor"), _ledger(facts)),
            in_ledger=facts.standing.place is not None,
        )
    return value(
        (_("Buku besar"), _ledger(facts)),
        (
            _("Jawaban ganda"),
            _(
                "Setiap jawaban punya kunci sendiri: kiriman ulang dihitung sekali, dan satu tiket hanya"
                " memasukkan satu jawaban. Orang yang sengaja menjawab dua kali tanpa tiket tidak terlihat."
            ),
        ),
        (_("Pengecualian"), _exclusions(facts)),
        (_("Jawaban kendali"), _controls(facts)),
        (
            _("Pola jawaban"),
            _(
                "Pola yang tidak wajar hanya menjadi tanda untuk diperiksa orang. Tidak ada jawaban yang"
                " dikeluarkan program dengan sendirinya, dan tidak ada penjawab yang dituduh."
            ),
        ),
        (
            _("Pemeriksaan ulang"),
            _(
                "Siapa pun memeriksa buku besar dengan tera verify. Penyelenggara memeriksa dengan tera"
                " fsck bahwa jawaban, blok, dan buku besar cocok. Penjawab memeriksa tanda terimanya."
            ),
        ),
        in_ledger=facts.standing.place is not None,
        exclusions=dict(facts.reasons),
    )


def _ledger(facts: Facts) -> str:
    """Return what the ledger has of the campaign."""
    if facts.standing.place is not None:
        words = {"place": whole(facts.standing.place)}
        return (
            _("Setiap blok dan hasil ini tercatat di buku besar terbuka; hasilnya catatan nomor %(place)s.")
            % words
        )
    if is_said(f"closed/{facts.campaign.code}"):
        return _("Setiap blok tercatat di buku besar terbuka, juga bahwa survei sudah ditutup.")
    return _("Setiap blok dicatat di buku besar terbuka. Blok yang diubah kemudian akan ketahuan.")


def _exclusions(facts: Facts) -> str:
    if not facts.reasons:
        return _("Tidak ada. Hanya dua orang dari dua kantor bersama yang dapat mengecualikan jawaban.")
    names = dict(Reason.choices)
    listed = ", ".join(
        f"{names.get(reason, reason)}: {whole(count)}" for reason, count in facts.reasons.items()
    )
    return _("%(listed)s. Diputuskan oleh dua orang dari dua kantor dan tercatat di buku besar.") % {
        "listed": listed
    }


def _controls(facts: Facts) -> str:
    if not facts.standing.controls:
        return _("Auditor tidak menyebut jawaban kendali.")
    return _("%(n)s dimasukkan auditor; semuanya ditemukan dan dikeluarkan.") % {
        "n": whole(facts.standing.controls)
    }


def confidentiality(facts: Facts) -> Value:
    """Return how respondents are protected."""
    small = _(
        "Tidak ada angka tentang apa yang dijawab kurang dari %(k)s orang, juga tidak lewat selisih dua"
        " angka. Jawaban seseorang tidak pernah ditampilkan sendiri."
    )
    own = _(
        "Tidak disimpan: nama, nomor telepon, alamat perangkat, dan jam menjawab. Tiket tidak tersambung"
        " dengan jawaban. Tanda terima membuktikan bahwa jawaban masuk, bukan isinya."
    )
    counted = _(
        "Jenis perangkat, lama mengisi, dan umur tiket hanya dihitung per blok; tidak melekat pada jawaban."
    )
    elsewhere = _("Bagaimana penjawab dilindungi di tempat asalnya tidak diketahui.")
    return value(
        (_("Angka kecil"), small % {"k": K}),
        (_("Tempat asal") if facts.is_imported else _("Data diri"), elsewhere if facts.is_imported else own),
        (_("Cara menjawab"), "" if facts.is_imported else counted),
        k=K,
    )


def limitations(facts: Facts) -> Value:
    """Return what does not follow from the result."""
    return value(*_limits(facts))


def _limits(facts: Facts) -> Iterator[str]:
    if facts.is_imported:
        yield _(
            "Bagaimana jawaban ini dikumpulkan tidak diketahui, dan tidak ada yang mengesahkannya. Angkanya"
            " tidak dapat dibandingkan begitu saja dengan hasil yang dikumpulkan di Tera."
        )
        return
    yield _(
        "Penjawab memilih sendiri. Yang tidak menjawab mungkin menilai lain; berapa jauh, tidak diketahui."
    )
    if not facts.campaign.needs_ticket:
        yield _(
            "Siapa saja yang punya tautan dapat menjawab, lebih dari sekali pun. Program tidak dapat"
            " membuktikan bahwa setiap penjawab benar-benar dilayani."
        )
    yield _(
        "Tidak ada program yang dapat melihat apakah seseorang diarahkan saat menjawab. Yang menjawab di"
        " kantor, di depan petugas, cenderung lebih sopan."
    )
    yield _("Jumlah orang yang dilayani adalah keterangan unit, yang boleh berupa perkiraan.")
    if facts.campaign.extensions.exists():
        yield _("Survei diperpanjang sebelum ditutup; hasil yang berhenti pada hari lain dapat berbeda.")


def data(facts: Facts) -> Value:
    """Return where the data, the record and the program are."""
    campaign = facts.campaign
    return value(
        (_("Hasil"), f"/hasil/{campaign.code}/"),
        (_("Lembar ini untuk program"), f"/hasil/{campaign.code}/metode.json"),
        (_("Buku besar"), "/log/checkpoint"),
        (
            _("Jawaban"),
            _(
                "Yang berwenang dapat mengunduh jawaban tersegel, teracak, dan menghitung ulang dengan tera"
                " index. Untuk umum tersedia rekapnya, di buku besar."
            ),
        ),
        (
            _("Program"),
            _("Tera, perangkat lunak terbuka (Apache-2.0), dengan metode tertulis: docs/method.md"),
        ),
        result=f"/hasil/{campaign.code}/",
        ledger="/log/checkpoint",
        licence_of_program="Apache-2.0",
    )
