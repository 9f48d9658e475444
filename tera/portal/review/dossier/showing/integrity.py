"""Whether the answers are those that came in: ledger, screening, and what is taken off."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tera.engine.disclosure import may_show_with
from tera.portal.ledger.models import Statement
from tera.portal.results.models import Exclusion, Reason, Removed
from tera.portal.results.present import show_beside
from tera.portal.results.queries import count_erased, with_excluded
from tera.portal.results.statements import certified_id
from tera.portal.review.dossier.case import READY, Case
from tera.portal.review.dossier.summary import ledger
from tera.portal.review.exclusions.wording import REASONS
from tera.portal.review.queries import screening_of
from tera.portal.review.views import shown as shown_screening

DECLINED, CONFIRMED, PROPOSED = "declined", "confirmed", "proposed"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of the ledger about the survey; `place` counts from 1, None until it has one."""

    title: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Set:
    """A set of responses that an office proposed not to count: how many, why, and what became of it."""

    number: int
    count: int
    state: str
    reasons: tuple[tuple[str, int], ...]
    offices: tuple[str, ...]


def integrity(case: Case) -> dict[str, object]:
    """Return what the third part of a dossier shows."""
    standing, other = case.facts.standing, with_excluded(case.result)
    kept = case.values.get("ledger", {})
    return {
        "said": list(_said(case)),
        "ledger": kept,
        "placed": _placed(case) if case.state == READY else 0,
        "faults": [_words_of(fault) for fault in kept.get("faults", ())],
        "sets": list(_sets(case)),
        "standing": standing,
        "last_block": last_block(case),
        "erased": count_erased([case.campaign]),
        "beside": show_beside(case.result),
        "verdicts": _verdicts(case, other.verdicts) if other else [],
        "why_not": _why_not(case, standing.excluded),
    }


def last_block(case: Case) -> str:
    """Return what the certification will still add and take off; "" once it did, and while answers come."""
    last = [block for block in case.result.blocks if block.campaign == case.campaign.code and block.is_last]
    if case.certification or not last:
        return ""
    words, off = {"n": last[0].responses, "off": case.facts.standing.removed}, case.facts.standing.removed
    if not off:
        return _("%(n)s jawaban di blok terakhir baru ikut saat hasil disahkan.") % words
    return (
        _(
            "%(n)s jawaban di blok terakhir baru ikut saat hasil disahkan, dan %(off)s yang tidak dihitung"
            " baru dikurangkan saat itu."
        )
        % words
    )


def signals(case: Case) -> dict[str, object]:
    """Return what screening saw; only for those who may see signals."""
    screening, state = screening_of(case.campaign)
    return {"state": state, **(shown_screening(screening) if screening else {})}


def _said(case: Case) -> Iterator[Said]:
    code, last = case.campaign.code, case.certification.number if case.certification else 1
    titles = {
        f"opened/{code}": _("Survei dibuka"),
        f"closed/{code}": _("Survei ditutup"),
        certified_id(code): _("Hasil disahkan"),
        **{certified_id(code, number): _("Hasil dikoreksi") for number in range(2, last + 1)},
    }
    places = dict(Statement.objects.filter(name__in=titles).values_list("name", "place"))
    for name, title in titles.items():
        if name in places:
            place = places[name]
            yield Said(title, None if place is None else place + 1)


def _placed(case: Case) -> int:
    """Return how many blocks have a place in the ledger by now."""
    names = ledger.names_of_blocks(case.campaign, case.values["ledger"]["blocks"])
    return Statement.objects.filter(name__in=names, place__isnull=False).count()


def _words_of(fault: Mapping[str, object]) -> str:
    block = {"n": fault["block"]}
    words = {
        ledger.UNSAID: _("Blok %(n)s tidak tercatat di buku besar.") % block,
        ledger.COUNT: _("Blok %(n)s tidak berisi sebanyak yang tercatat di buku besar.") % block,
        ledger.ROOT: _("Tanda terima di blok %(n)s bukan yang tercatat di buku besar.") % block,
        ledger.STRAY: _("Ada jawaban di blok %(n)s, yang tidak dikenal buku besar.") % block,
        ledger.CLOSED: _("Jumlah blok atau jawaban bukan yang tercatat saat survei ditutup."),
        ledger.SAID: _("Buku besar mencatat hal lain daripada yang disimpan."),
        ledger.RESULT: _("Hasil yang disahkan tidak mengikuti dari blok-bloknya."),
    }
    return words[str(fault["kind"])]


def _sets(case: Case) -> Iterator[Set]:
    removed = Removed.objects.filter(campaign=case.campaign, exclusion__isnull=False)
    reasons = Counter(removed.values_list("exclusion_id", "reason"))
    entries = Exclusion.objects.filter(campaign=case.campaign).order_by("number")
    for entry in entries.select_related("proposed_for", "confirmed_for", "declined_for"):
        own = {reason: times for (pk, reason), times in sorted(reasons.items()) if pk == entry.pk}
        second = entry.confirmed_for or entry.declined_for
        state = CONFIRMED if entry.confirmed_for else DECLINED if entry.declined_for else PROPOSED
        yield Set(
            number=entry.number,
            count=sum(own.values()) or entry.count,
            state=state,
            reasons=tuple((str(REASONS[Reason(reason)]), times) for reason, times in own.items()),
            offices=tuple(office.short_name for office in (entry.proposed_for, second) if office),
        )


def _verdicts(case: Case, others: Mapping[str, object]) -> list[tuple[str, bool, bool]]:
    """Return each title with whether it is met without the excluded responses, and with them."""
    return [
        (target.upper(), verdict.eligible, bool(getattr(others[target], "eligible", False)))
        for target, verdict in case.result.verdicts.items()
        if target in others
    ]


def _why_not(case: Case, excluded: int) -> str:
    """Return why the result is not shown with the excluded responses too; "" where it is, or none is."""
    if not excluded or (case.certification and (may_show_with(excluded) or case.certification.number > 1)):
        return ""
    if not may_show_with(excluded):
        return _(
            "Hasil dengan jawaban yang dikecualikan tidak ditampilkan: mereka kurang dari sepuluh orang, dan"
            " selisihnya akan menunjukkan jawaban mereka."
        )
    return _("Hasil dengan dan tanpa jawaban yang dikecualikan tampil bersama hasil yang disahkan.")
