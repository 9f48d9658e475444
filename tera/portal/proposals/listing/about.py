"""What a list says of itself, so that nobody who gets the file alone takes it for more, or for another."""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from tera.engine.nearness import Nearness
from tera.portal.proposals.listing.choosing import Asked, count_states
from tera.portal.proposals.listing.lines import rulebooks_of
from tera.portal.proposals.listing.sheets import Cell, Sheet
from tera.portal.proposals.listing.wording import STATES, TITLES
from tera.portal.units.models import UnitKind


def filters_of(asked: Asked, offices: Mapping[int, tuple[str, str]]) -> list[str]:
    """Return by what a list is narrowed down, in words; nothing where it holds every unit."""
    kinds = dict(UnitKind.choices)
    found = {
        _("Keadaan"): str(STATES[asked.state]) if asked.state else "",
        _("Jenis unit"): str(kinds.get(asked.kind, "")),
        _("Kantor di atas unit"): offices[asked.office][1] if asked.office is not None else "",
        _("Nama memuat"): asked.words,
    }
    return [f"{name}: {value}" for name, value in found.items() if value]


def rows_about(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    """Yield what the list is about, what narrows it down, and how many units are in each state."""
    asked, office = sheet.asked, sheet.office
    rulebooks = "; ".join(f"{rules.title} ({rules.id})" for rules in rulebooks_of(sheet.lines))
    filters = "; ".join(filters_of(asked, sheet.offices))
    yield (_("Daftar unit"), f"{TITLES[asked.title]}, {asked.period}")
    if settings.IS_DEMO:
        yield (_("Data contoh"), _("Data contoh: semua angka rekaan."))
    yield (_("Kantor"), office.name)
    yield (_("Periode"), asked.period)
    yield (_("Saringan"), filters or _("tidak ada: semua unit di bawah kantor ini"))
    yield (_("Aturan"), rulebooks or _("belum ada hasil yang disahkan"))
    yield (_("Dibuat pada"), f"{sheet.made_at:%d-%m-%Y %H:%M} {office.get_zone_display()}")
    yield (_("Isi"), _("Hanya hasil yang sudah disahkan, dan hanya syarat yang dijawab oleh survei."))
    yield (
        _("Nilai"),
        _('Dibulatkan ke empat desimal; kolom "tepat" berisi bilangan persisnya, dan itulah yang dinilai.'),
    )
    yield (_("Jumlah unit"), _("Dalam berkas ini"), _("Semua unit di bawah kantor ini"))
    here, every = count_states(sheet.lines), count_states(sheet.every)
    yield from (
        (_("Unit yang %(state)s") % {"state": STATES[one]}, here[one], every[one]) for one in Nearness
    )
    yield (_("Semua unit"), len(sheet.lines), len(sheet.every))
