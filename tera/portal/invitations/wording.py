"""The words of an invitation, in each language of the portal. All who are invited get the same link."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tera.portal.invitations.senders import Message
from tera.portal.surveys.models import Campaign


def write(way: str, campaign: Campaign, link: str, language: str) -> Message:
    """Return the invitation for a way of sending (EMAIL, WHATSAPP, SMS) in a language (id, en)."""
    with override(language):
        words = {
            "unit": campaign.unit.name,
            "short": campaign.unit.short_name,
            "day": date_format(campaign.ends_on, "j F Y"),
            "link": link,
        }
        message = Message(_subject() % words, _TEXTS[way]() % words)
        if campaign.needs_ticket:
            ready = _("Siapkan tiket yang Anda terima di loket.")
            message = Message(message.subject, f"{message.text}{_gap(way)}{ready}")
        if not campaign.is_invented:
            return message
        mark = _("[Data contoh]")
        return Message(f"{mark} {message.subject}", f"{mark}{_gap(way)}{message.text}")


def _gap(way: str) -> str:
    return "\n\n" if way == "EMAIL" else " "


def _subject() -> str:
    return _("Bagaimana pelayanan %(unit)s?")


def _mail() -> str:
    return _(
        "Yth. pengguna layanan %(unit)s,\n\n"
        "bagaimana pelayanan kami? Jawab survei singkat ini lewat ponsel atau komputer, sampai %(day)s:\n\n"
        "%(link)s\n\n"
        "Survei ini tanpa nama. Semua orang mendapat tautan yang sama, jadi tidak ada yang tahu siapa yang "
        "menjawab apa.\n\n"
        "Terima kasih.\n"
        "%(unit)s"
    )


def _chat() -> str:
    return _(
        "Bagaimana pelayanan %(unit)s? Jawab survei singkat ini lewat ponsel, tanpa nama, sampai %(day)s:\n"
        "%(link)s"
    )


def _short() -> str:
    return _("%(short)s: bagaimana pelayanan kami? Jawab tanpa nama sampai %(day)s: %(link)s")


_TEXTS = {"EMAIL": _mail, "WHATSAPP": _chat, "SMS": _short}
