"""What was asked, what was said before, and by which rules it is counted."""

from django.utils.translation import gettext as _

from tera.engine.catalogue import get_language, get_notice
from tera.engine.explain import said
from tera.engine.instrument import Instrument
from tera.engine.language import DRAFT
from tera.engine.rulebook import Rulebook
from tera.portal.accounts.queries import language_in_force
from tera.portal.results.methods.facts import Facts
from tera.portal.results.methods.values import Value, value
from tera.portal.results.templatetags.numbers import whole
from tera.portal.surveys.models import Campaign


def questionnaires(facts: Facts) -> Value:
    """Return each questionnaire with its fingerprint; the words themselves are in its data."""
    campaign = facts.campaign
    now = campaign.rules_now()
    rows = []
    for entry in campaign.instruments:
        rows.append((said(entry.title, language_in_force()), _about(entry)))
        rows.append((_("Sidik jari naskahnya"), _fingerprint(campaign, entry.id, now)))
    return value(
        *rows,
        (_("Bahasa"), "" if facts.is_imported else ", ".join(map(_spoken, campaign.languages))),
        (_("Bentuk aslinya"), _("tidak diketahui; jawabannya diimpor") if facts.is_imported else ""),
        questionnaires=[_data(campaign, entry, now) for entry in campaign.instruments],
        languages=[] if facts.is_imported else list(campaign.languages),
    )


def _about(entry: Instrument) -> str:
    words = {"id": entry.id, "n": whole(len(entry.items)), "highest": entry.highest}
    return _("%(id)s: %(n)s pertanyaan, dijawab dari 1 sampai %(highest)s") % words


def _fingerprint(campaign: Campaign, name: str, now: dict[str, str]) -> str:
    """Return the sha256 that the ledger has, and whether the words in the program are still those."""
    kept = f"sha256 {campaign.rules[name]}"
    if now[name] == campaign.rules[name]:
        return kept
    return _("%(kept)s; naskah di program sudah berubah sejak survei dibuka") % {"kept": kept}


def _spoken(code: str) -> str:
    language = get_language(code)
    return _("%(name)s (rancangan)") % {"name": language.name} if language.status == DRAFT else language.name


def _data(campaign: Campaign, entry: Instrument, now: dict[str, str]) -> dict[str, object]:
    """Return one questionnaire word by word in all its languages."""
    return {
        "id": entry.id,
        "sha256": campaign.rules[entry.id],
        "is_unchanged": now[entry.id] == campaign.rules[entry.id],
        "source": entry.source,
        "items": [
            {
                "code": item.code,
                "is_required": item.required,
                "stem": dict(item.stem),
                "help": dict(item.help),
                "options": [
                    {"score": option.score, "label": dict(option.label)}
                    for option in sorted(item.options, key=lambda option: option.score)
                ],
            }
            for item in entry.items
        ],
    }


def notice(facts: Facts) -> Value:
    """Return what respondents were told before the first question."""
    campaign = facts.campaign
    if not campaign.notice:
        return value(_("Tidak ada: survei ini dibuka sebelum Tera memberi pemberitahuan."))
    told, language = get_notice(campaign.notice), get_language(language_in_force())
    return value(
        language.say(told.lead, unit=campaign.unit.name),
        *map(language.say, told.more),
        (_("Pemberitahuan"), f"{told.id}, sha256 {told.sha256}"),
        id=told.id,
        sha256=told.sha256,
    )


def rulebooks(facts: Facts) -> Value:
    """Return the regulations under which the campaign is counted and judged."""
    campaign, now = facts.campaign, facts.campaign.rules_now()
    uses = ((_("Mutu A–D"), campaign.survey_rulebook), (_("WBK dan WBBM"), campaign.zone_rulebook))
    rows = [
        (name, f"{book.title} ({book.id}), {_fingerprint(campaign, book.id, now)}") for name, book in uses
    ]
    return value(*rows, rulebooks=[_rules(campaign, book) for _use, book in uses])


def _rules(campaign: Campaign, book: Rulebook) -> dict[str, str]:
    return {"id": book.id, "title": book.title, "sha256": campaign.rules[book.id]}
