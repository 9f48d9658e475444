"""A filled form of values becomes scores: what is sound is kept, and nothing that was handed in is lost."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tera.portal.accounts.models import User
from tera.portal.proposals.cases.evidence import keep_evidence
from tera.portal.proposals.cases.forms import ALL, FILE, KNOWN, REASON, ScoresForm
from tera.portal.proposals.cases.scoring import Entry, give_score, givens_of
from tera.portal.proposals.models import Case, Evidence
from tera.portal.proposals.queries import scores_of
from tera.portal.review.models.checks import Layer


def form_of(
    case: Case,
    layer: Layer,
    data: QueryDict | None = None,
    files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
) -> ScoresForm:
    """Return the form of a layer, beginning with what it gave last."""
    scores = {name: score for (whose, name), score in scores_of(case).items() if whose == layer}
    evidence = list(Evidence.objects.filter(case=case, layer=layer).defer("content").order_by("pk"))
    givens = givens_of(case.rulebook)
    must_say = layer != Layer.UNIT
    return ScoresForm(data, files, givens=givens, scores=scores, evidence=evidence, must_say=must_say)


@transaction.atomic
def fill(
    case: Case, layer: Layer, data: QueryDict, files: "MultiValueDict[str, UploadedFile[bytes]]", *, by: User
) -> tuple[ScoresForm, int]:
    """Keep every sound value and file of a filled form; return the form to ask again, and how many values.

    Raises as `scoring.give_score`.
    """
    form, at = form_of(case, layer, data, files), timezone.now()
    form.is_valid()
    shared, kept = form.file_of(ALL), 0
    for_all = keep_evidence(case, layer, shared, by=by, at=at) if shared else None
    sound, again = set(form.sound()), data.copy()
    for name in form.names:
        own = form.file_of(FILE + name)
        file = keep_evidence(case, layer, own, by=by, at=at) if own else None
        known = form.files_kept.get(form.cleaned_data.get(KNOWN + name, ""))
        value = form.cleaned_data.get(name, "")
        shown = file or known or (for_all if value or name not in sound else None)
        # Also of what is sound: a form that is asked again holds every file, so that none is taken off by it.
        again[KNOWN + name] = str(shown.pk) if shown and (value or name not in sound) else ""
        if name not in sound:
            continue
        reason = form.cleaned_data[REASON + name] if value else ""
        entry = Entry(name, value, reason, shown if value else None)
        kept += give_score(case, layer, entry, by=by, at=at) is not None
    return (form_of(case, layer, again, files) if form.errors else form), kept
