"""Who asked, and what kind of research it is."""

from django.utils.translation import gettext as _

from tera import __version__
from tera.portal.results.methods.facts import Facts, day
from tera.portal.results.methods.values import Value, value


def sponsor(facts: Facts) -> Value:
    """Return who ran the survey, the office above, and who certified the result."""
    return value(
        (_("Diselenggarakan dan dijalankan oleh"), facts.unit_name),
        (_("Kantor di atasnya"), facts.office_name or _("tidak ada")),
        (_("Hasil disahkan oleh"), _certified(facts)),
        (_("Program"), f"Tera {__version__}"),
        unit=facts.campaign.unit.slug,
        unit_name=facts.unit_name,
        office_name=facts.office_name,
        certified_by=_office(facts),
        program=f"Tera {__version__}",
    )


def _office(facts: Facts) -> str:
    """Return the office that certified the result; empty where none did."""
    kept = facts.certification
    return kept.certified_for.slug if kept is not None and kept.certified_by_id is not None else ""


def _certified(facts: Facts) -> str:
    if facts.is_imported:
        return _("tidak disahkan oleh kantor mana pun: jawaban dikumpulkan di tempat lain dan diimpor")
    if facts.certification is None:
        return _("belum disahkan")
    when = {
        "office": facts.certification.certified_for.name,
        "day": day(facts.campaign.form.local_day(facts.certification.certified_at)),
    }
    return _("%(office)s, %(day)s") % when


def strategy(facts: Facts) -> Value:
    """Return what kind of research it is."""
    return value(
        _(
            "Survei tanpa nama dengan pertanyaan tertutup. Setiap penjawab mengisi sendiri halaman web"
            " yang sama; pertanyaan dan urutannya tidak berbeda antarorang."
        ),
        kind="survey",
        is_self_completed=True,
    )
