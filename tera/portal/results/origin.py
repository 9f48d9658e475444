"""Where exported answers come from and what is left out of them, in the words of the office."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from tera.engine.disclosure import K
from tera.engine.index import MeasureIndex
from tera.portal.results.queries import Result, count_erased

EMPTY = (
    "kolom ini kosong: jawaban atas pertanyaan yang boleh dikosongkan hanya diberikan"
    f" dari {K} orang atau lebih, dan setelah hasil disahkan"
)
NEVER = "tanggal, saluran, layanan, data diri, isian bebas, tiket, dan tanda terima"
BELOW_K = f"angka di bawah {K} tidak ditampilkan, begitu pula angka yang membuatnya dapat dihitung"


def about(found: Result, rows: int, indices: Sequence[MeasureIndex], at: datetime) -> list[tuple[str, str]]:
    """Return names and values, for the codebook."""
    campaign = found.campaign
    return [
        ("Unit", f"{campaign.unit.name} ({campaign.unit.slug})"),
        ("Periode", campaign.period),
        *(
            ("Survei", f"{one.code}, {one.starts_on} – {one.ends_on}, {', '.join(one.instrument_ids)}")
            for one in found.campaigns
        ),
        (
            "Asal jawaban",
            f"diimpor dari {campaign.source}" if campaign.source else "dijawab di Tera, tersegel",
        ),
        *([("Data contoh", "semua angka rekaan")] if campaign.is_invented else []),
        ("Peraturan", f"{campaign.survey_rulebook.title} ({campaign.survey_rulebook.id})"),
        ("Peraturan zona integritas", f"{campaign.zone_rulebook.title} ({campaign.zone_rulebook.id})"),
        ("Keadaan", _state(found)),
        ("Jumlah baris", str(rows)),
        ("Jumlah jawaban masuk", str(found.count.total)),
        *_left_out(found, rows),
        ("Tidak pernah ada di dalamnya", NEVER),
        ("Urutan baris", "diacak lagi setiap kali diunduh; nomor baris tidak menunjuk siapa pun"),
        *_compared(found, indices),
        ("Tabel responden", f"tiap survei yang disahkan, dengan jawaban yang dikecualikan; {BELOW_K}"),
        ("Dibuat", timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")),
    ]


def _state(found: Result) -> str:
    if found.campaign.source:
        return "diimpor, tidak disahkan oleh kantor mana pun"
    return "disahkan" if found.is_certified else "sementara, belum seluruhnya disahkan"


def _left_out(found: Result, rows: int) -> Iterator[tuple[str, str]]:
    """Yield what is not among the rows, and why."""
    label = "Tidak termasuk"
    if found.waiting:
        yield label, f"{found.waiting} jawaban yang belum tersegel atau menunggu pengesahan"
    if len(found.listed) < len(found.shown):
        yield label, "blok terakhir, supaya jawaban yang dikecualikan tidak dapat dikenali"
    if count_erased(found.campaigns):
        yield label, "blok yang jawabannya dihapus atas permintaan penjawabnya"
    listed = sum(block.responses for block in found.listed)
    if rows < listed:
        yield (
            label,
            f"{listed - rows} jawaban dari blok itu, atau yang tidak memuat satu pun jawaban yang diberikan",
        )


def _compared(found: Result, indices: Sequence[MeasureIndex]) -> Iterator[tuple[str, str]]:
    """Yield the indices of the rows beside those of the result page, which count differently at times."""
    shown = {entry.measure.id: entry for entry in (*found.zone.values(), *found.indices)}
    for entry in indices:
        page = shown.get(entry.measure.id)
        beside = f"; di halaman hasil {_said(page)}" if page and page.converted != entry.converted else ""
        yield f"{entry.measure.short} dari baris ini", f"{_said(entry)}{beside}"


def _said(entry: MeasureIndex) -> str:
    shown = entry.converted_shown.replace(".", ",")
    return f"{shown} dari {entry.measure.maximum.value} ({entry.n} responden, {entry.rulebook.id})"
