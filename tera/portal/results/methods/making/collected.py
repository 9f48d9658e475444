"""When people could answer, and by which channels they did."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tera.engine.catalogue import get_codelists
from tera.engine.explain import said
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.methods.facts import Facts, day
from tera.portal.results.methods.values import Value, value
from tera.portal.results.templatetags.numbers import whole

SECONDS_OF_AN_HOUR = 3600


def dates(facts: Facts) -> Value:
    """Return when people could answer, and what was changed about it."""
    campaign = facts.campaign
    hours = int(campaign.form.grace.total_seconds()) // SECONDS_OF_AN_HOUR
    first, last = day(campaign.starts_on), day(campaign.ends_on)
    extensions = list(campaign.extensions.order_by("number"))
    shared: dict[str, object] = {
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
    }
    if facts.is_imported:
        words = {"first": first, "last": last}
        told = _("%(first)s – %(last)s, menurut sumbernya. Hari yang tepat tidak diketahui.") % words
        return value((_("Masa survei"), told), **shared)
    words = {"first": first, "last": last, "zone": campaign.get_zone_display()}
    return value(
        (_("Masa survei"), _("%(first)s – %(last)s, kedua hari termasuk (%(zone)s)") % words),
        *((_("Diperpanjang"), text) for text in _extended(facts)),
        (_("Perpanjangan"), "" if extensions else _("Tidak ada.")),
        (_("Masa tenggang"), _grace(hours)),
        **shared,
        grace_hours=hours,
        extensions=[
            {"until": entry.until.isoformat(), "by": entry.by_office.slug, "reason": entry.reason}
            for entry in extensions
        ],
    )


def _grace(hours: int) -> str:
    text = ngettext(
        "%(hours)s jam: jawaban yang diisi pada waktunya tetapi tertahan tanpa jaringan masih diterima.",
        "%(hours)s jam: jawaban yang diisi pada waktunya tetapi tertahan tanpa jaringan masih diterima.",
        hours,
    )
    return text % {"hours": hours}


def _extended(facts: Facts) -> Iterator[str]:
    for entry in facts.campaign.extensions.select_related("by_office").order_by("number"):
        words = {
            "before": day(entry.ends_on),
            "after": day(entry.until),
            "office": entry.by_office.name,
            "reason": entry.reason,
        }
        yield _("dari %(before)s sampai %(after)s oleh %(office)s: %(reason)s") % words


def mode(facts: Facts) -> Value:
    """Return by which channels people answered, as far as that may be shown."""
    if facts.is_imported:
        words = {"source": facts.campaign.source}
        told = _("Tidak diketahui: jawabannya dikumpulkan di tempat lain dan diimpor. Sumber: %(source)s")
        return value(told % words, is_imported=True)
    held = {"held": whole(facts.with_ticket), "all": whole(facts.result.count.total)}
    return value(
        (_("Cara"), _("Halaman web, diisi sendiri; dapat diisi tanpa jaringan dan terkirim kemudian.")),
        *_channels(facts),
        (_("Dengan tiket"), _("%(held)s dari %(all)s jawaban yang masuk") % held),
        is_imported=False,
        channels=dict(facts.by_channel) if facts.by_channel is not None else None,
        with_ticket=facts.with_ticket,
    )


def _channels(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.by_channel is None:
        is_certified = facts.certification is not None
        few = _("Tidak dirinci: terlalu sedikit jawaban.")
        yield _("Menurut saluran"), few if is_certified else _("Tampil setelah hasil disahkan.")
        return
    labels = {entry.code: said(entry.label, language_in_force()) for entry in get_codelists().channel.codes}
    for code, count in facts.by_channel.items():
        if count:
            yield labels.get(code, _("tidak diketahui")), _responses(count)
    if None in facts.by_channel.values():
        hidden = _("Saluran yang dipakai sedikit orang tidak dirinci, supaya tidak seorang pun dikenali.")
        yield _("Saluran lain"), hidden


def _responses(count: int) -> str:
    return ngettext("%(n)s jawaban", "%(n)s jawaban", count) % {"n": whole(count)}
