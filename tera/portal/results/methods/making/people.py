"""Whom the result is about, how people came to the survey, and who chose to answer."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.catalogue import get_language
from tera.portal.results.methods.facts import Facts, day
from tera.portal.results.methods.values import Value, value
from tera.portal.results.templatetags.numbers import whole


def population(facts: Facts) -> Value:
    """Return whom the result is about, and how many they are as far as the unit said."""
    campaign = facts.campaign
    period = {"unit": facts.unit_name, "first": day(campaign.starts_on), "last": day(campaign.ends_on)}
    return value(
        (_("Siapa"), _("Semua orang yang dilayani %(unit)s dari %(first)s sampai %(last)s.") % period),
        (_("Berapa orang"), _people(facts)),
        (_("Layanan"), _services(facts)),
        population=campaign.population or None,
        services=dict(campaign.services),
        served=dict(campaign.served),
    )


def _people(facts: Facts) -> str:
    if not facts.campaign.population:
        return _("Tidak diketahui.")
    words = {"n": whole(facts.campaign.population)}
    return _("%(n)s, menurut unit saat survei dibuka. Angka perkiraan diperbolehkan.") % words


def _services(facts: Facts) -> str:
    """Return the services, each with the people it served where the unit said so."""
    names, served = facts.campaign.services, facts.campaign.served
    if not names:
        return _("tidak dibedakan")
    if not served:
        return _("%(names)s; jumlah orang tiap layanan tidak dicatat") % {"names": ", ".join(names.values())}
    return ", ".join(f"{name}: {whole(served.get(code, 0))}" for code, name in names.items())


def frame(facts: Facts) -> Value:
    """Return how people came to the survey, and who is not covered."""
    campaign = facts.campaign
    spoken = ", ".join(get_language(code).name for code in campaign.languages)
    uncovered = _(
        "Orang yang tidak tahu ada survei, yang tidak dapat memakai ponsel atau komputer, dan yang tidak"
        " membaca satu pun bahasa ini: %(languages)s."
    )
    return value(
        (
            _("Daftar orang"),
            _("Tidak ada daftar orang yang dilayani, jadi tidak ada yang dipilih dari daftar."),
        ),
        *((_("Jalan masuk"), way) for way in _ways(facts)),
        (_("Undangan lewat Tera"), _invitations(facts)),
        (
            _("Poster dan kartu loket"),
            _("Dapat dicetak dari Tera. Berapa yang dipasang dan di mana tidak dicatat program."),
        ),
        (_("Tidak terjangkau"), uncovered % {"languages": spoken}),
        has_list=False,
        levels=list(campaign.levels),
        tickets_issued=facts.tickets_issued,
        tickets_redeemed=facts.with_ticket,
        invitations_sent=facts.invitations_sent,
    )


def _ways(facts: Facts) -> Iterator[str]:
    campaign = facts.campaign
    if not campaign.needs_ticket:
        yield _("Tautan dan kode QR survei, yang dapat dibuka siapa saja.")
    if campaign.takes_tickets:
        counts = {"issued": whole(facts.tickets_issued), "used": whole(facts.with_ticket)}
        yield (
            _(
                "Tiket sekali pakai dari kantor di atas unit, dibagikan kepada orang yang baru dilayani."
                " Terbit untuk unit ini selama survei: %(issued)s. Dipakai di survei ini: %(used)s."
            )
            % counts
        )


def _invitations(facts: Facts) -> str:
    sent = facts.invitations_sent
    if not sent:
        return _("Tidak ada yang dikirim.")
    text = ngettext(
        "%(n)s kiriman. Kepada siapa tidak disimpan.", "%(n)s kiriman. Kepada siapa tidak disimpan.", sent
    )
    return text % {"n": whole(sent)}


def selection(facts: Facts) -> Value:
    """Return that nobody chose the respondents but themselves, and what a ticket changes of that."""
    return value(
        (_("Acak?"), _("Bukan sampel acak. Setiap orang memutuskan sendiri apakah ia menjawab.")),
        (_("Siapa yang dapat menjawab"), _who(facts)),
        (_("Sasaran menurut layanan"), _quotas(facts)),
        is_random=False,
        quotas=dict(facts.campaign.quotas),
    )


def _who(facts: Facts) -> str:
    if facts.campaign.needs_ticket:
        return _("Hanya pemegang tiket; satu tiket untuk satu jawaban.")
    return _(
        "Siapa saja yang punya tautannya. Tanpa tiket, program tidak dapat memastikan bahwa penjawab"
        " benar-benar dilayani, atau menjawab hanya sekali."
    )


def _quotas(facts: Facts) -> str:
    quotas, names = facts.campaign.quotas, facts.campaign.services
    if not quotas:
        return _("tidak ditetapkan")
    listed = ", ".join(f"{names.get(code, code)}: {whole(count)}" for code, count in quotas.items())
    return _("%(quotas)s. Ini sasaran, bukan batas: tidak ada jawaban yang ditolak karenanya.") % {
        "quotas": listed
    }
