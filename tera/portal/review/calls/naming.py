"""What outcomes of calls are called on a page, in the order in which they are offered."""

from django.utils.translation import gettext_lazy as _

from tera.portal.review.models.calls import Outcome

OUTCOMES = {
    Outcome.GENUINE: _("Menjawab sendiri dan bebas"),
    Outcome.NOT_SELF: _("Tidak menjawab sendiri"),
    Outcome.STEERED: _("Menjawab, tetapi diarahkan"),
    Outcome.NOT_SERVED: _("Tidak pernah dilayani"),
    Outcome.DID_NOT_ANSWER: _("Tidak pernah mengisi survei"),
    Outcome.NOT_REACHED: _("Tidak terhubung"),
    Outcome.REFUSED: _("Menolak bicara"),
}
