"""What of proposals waits for somebody, in the words of the first page."""

from collections.abc import Iterator

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tera.engine.proposal import TABLE, Condition, Stage
from tera.portal.accounts.models import User
from tera.portal.proposals import gate
from tera.portal.proposals.models import Case, Step
from tera.portal.proposals.queries import has_moved, last_opinion, results_now
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


def _reached(user: User) -> QuerySet[Case]:
    """Return the cases of units for which somebody may do something and that did not end, a few of them."""
    permissions = {*(name for one in WAITS.values() for name in one), *ANSWERED_BY.values()}
    mine = [user.units_with(name).values("pk") for name in sorted(permissions)]
    stage = Step.objects.filter(case=OuterRef("pk")).order_by("-number").values("stage")[:1]
    cases = Case.objects.annotate(now=Subquery(stage)).filter(now__in=[*WAITS, *ANSWERED_BY])
    found = cases.filter(unit__in=mine[0].union(*mine[1:]))
    return found.select_related("unit", "office").order_by("pk")[:MOST]


def _corrected(user: User, case: Case) -> str:
    permission = ANSWERED_BY.get(case.stage)
    if permission and gate.may(user, permission, case) and has_moved(case):
        return _("Hasil %(unit)s, %(period)s berubah setelah usulan %(target)s: putuskan lagi.")
    return ""


def _next(user: User, case: Case) -> str:
    for permission, words in WAITS.get(case.stage, {}).items():
        if gate.may(user, permission, case) and not (
            permission == "score-inspectorate" and _has_its_opinion(case)
        ):
            return str(words)
    return ""


def _has_its_opinion(case: Case) -> bool:
    opinion = last_opinion(case, Layer.INSPECTORATE)
    return opinion is not None and opinion.results == results_now(case)
