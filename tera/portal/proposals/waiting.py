"""What of proposals waits for somebody, in the words of the first page."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.engine.proposal import TABLE, Condition, Stage
from tera.portal.accounts.models import User
from tera.portal.proposals import gate
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import FIXES, is_in_conflict, is_met_by, last_opinion, results_now
from tera.portal.results.models import Certification
from tera.portal.review.models.checks import Layer
from tera.portal.review.waiting.line import Line

MOST = 15
WAITS = {  # by stage, for whom, and in which words
    Stage.DRAFT: {"begin-proposal": gettext_lazy("Usulan %(target)s %(unit)s, %(period)s belum diajukan.")},
    Stage.INVITED: {
        "begin-proposal": gettext_lazy("%(office)s mengundang %(unit)s diusulkan: %(target)s, %(period)s.")
    },
    Stage.SUBMITTED: {
        "recommend-unit": gettext_lazy("Usulan %(target)s %(unit)s, %(period)s menunggu rekomendasi.")
    },
    Stage.RECOMMENDED: {
        "score-inspectorate": gettext_lazy(
            "Usulan %(target)s %(unit)s, %(period)s menunggu nilai dan pendapat inspektorat."
        ),
        "decide-proposal": gettext_lazy(
            "Usulan %(target)s %(unit)s, %(period)s menunggu nilai dan putusan kementerian."
        ),
    },
    Stage.PROPOSED: {
        "decide-proposal": gettext_lazy(
            "%(unit)s diusulkan untuk %(target)s, %(period)s; belum dikirim ke tim nasional."
        )
    },
}
ANSWERED_BY = {
    source: row.permission
    for row in TABLE
    if Condition.IN_CONFLICT in row.conditions
    for source in row.sources
}


def lines_of_proposals(user: User) -> Iterator[Line]:
    """Yield the proposals in which somebody has to do something, the oldest first."""
    left = MOST
    for case in _reached(user):
        words = {
            "target": case.target_id.upper(),
            "unit": case.unit.short_name,
            "period": case.period,
            "office": case.office.short_name,
        }
        address = reverse("proposal", args=[case.pk])
        if said := _corrected(user, case) or _next(user, case):
            yield Line(said % words, address, _("Buka usulan"))
            left -= 1
        if not left:
            return


def _reached(user: User) -> Iterator[Case]:
    """Yield the cases in which somebody may have to do something: those under way, and those that moved."""
    permissions = {*(name for one in WAITS.values() for name in one), *ANSWERED_BY.values()}
    mine = [user.units_with(name).values("pk") for name in sorted(permissions)]
    steps = Step.objects.filter(case=OuterRef("pk")).order_by("-number")
    since = Certification.objects.filter(
        campaign__unit=OuterRef("unit"),
        campaign__period=OuterRef("period"),
        certified_at__gt=OuterRef("fixed_at"),
    )
    cases = Case.objects.annotate(
        now=Subquery(steps.values("stage")[:1]),
        fixed_at=Subquery(steps.filter(FIXES).values("at")[:1]),
    ).filter(unit__in=mine[0].union(*mine[1:]))
    wait = cases.filter(Q(now__in=WAITS) | Q(Exists(since), now__in=ANSWERED_BY))
    return wait.select_related("unit", "office", "campaign").order_by("pk").iterator(chunk_size=100)


def _corrected(user: User, case: Case) -> str:
    permission = ANSWERED_BY.get(case.stage)
    if not permission or not is_in_conflict(case):
        return ""
    if gate.may(user, permission, case):
        return _("Hasil %(unit)s, %(period)s berubah setelah usulan %(target)s: putuskan lagi.")
    is_asked = permission == "decide-proposal" and gate.may(user, "score-inspectorate", case)
    if is_asked and not _has_judged(case):
        return _(
            "Hasil %(unit)s, %(period)s berubah setelah usulan %(target)s: nilai dan beri pendapat lagi."
        )
    return ""


def _next(user: User, case: Case) -> str:
    for permission, words in WAITS.get(case.stage, {}).items():
        if gate.may(user, permission, case) and not (
            permission == "score-inspectorate" and _has_judged(case)
        ):
            return str(words)
    return ""


def _has_judged(case: Case) -> bool:
    """Say whether the inspectorate said what it has to: against it, or for it with scores that meet it."""
    opinion = last_opinion(case, Layer.INSPECTORATE)
    if opinion is None or opinion.results != results_now(case):
        return False
    return not opinion.is_for or is_met_by(case, Layer.INSPECTORATE)
