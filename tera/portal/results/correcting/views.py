"""The page on which the office above corrects a certified result."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tera.engine.disclosure import K
from tera.portal.results.correcting import actions
from tera.portal.results.correcting.forms import CorrectionForm
from tera.portal.results.queries import count_late
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

logger = logging.getLogger(__name__)
REFUSED: dict[type[actions.CannotCorrect], Promise] = {
    actions.TooFewLate: _(
        "Belum dikoreksi: kurang dari sepuluh jawaban dikecualikan sesudah pengesahan. Yang sudah disetujui"
        " menunggu; koreksi dapat dibuat begitu jumlahnya sepuluh atau lebih."
    ),
    actions.TooClose: _(
        "Belum dikoreksi: satu angka yang tampil akan berkurang beberapa orang saja, sehingga jawaban mereka"
        " terbaca dari selisihnya. Tiap pertanyaan dan kuesioner harus kehilangan sepuluh jawaban atau lebih,"
        " atau tidak satu pun. Yang sudah disetujui menunggu pengecualian lain."
    ),
    actions.CannotCorrect: _(
        "Belum dikoreksi: tidak ada yang dikecualikan sesudah pengesahan, atau hasilnya baru saja dikoreksi."
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a correction does, and make it; where there is nothing to correct, lead to the result."""
    campaign = get_object_or_404(Campaign.objects.select_related("unit__parent"), code=code)
    user, page = gate.look(request, actions.PERMISSION, campaign), reverse("result", args=[campaign.code])
    late = count_late([campaign])
    if request.method != "POST" and not late:
        return redirect(page)
    form, refused = CorrectionForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(campaign, form.cleaned_data["reason"], by=user, at=timezone.now())
        except actions.CannotCorrect as error:
            logger.info("campaign %s was not corrected: %s", campaign.code, error)
            refused = REFUSED[next(kind for kind in type(error).__mro__ if kind in REFUSED)]
        else:
            return redirect(f"{page}?disahkan")
    context = {"campaign": campaign, "form": form, "refused": refused, "late": late, "k": K}
    status = 400 if refused or form.errors else 200
    return render(request, "results/correcting/correct.html", context, status=status)
