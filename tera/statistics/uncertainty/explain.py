"""What the data prove of a criterion, in a sentence or two, in Indonesian and in English."""

from collections.abc import Mapping

from tera.engine.eligibility import Finding
from tera.engine.explain import value_text
from tera.engine.rulebook import RESPONDENTS
from tera.statistics.uncertainty.proof import Proof, Status

NAMES: Mapping[Status, Mapping[str, str]] = {
    Status.PROVEN: {"id": "terbukti, 95 %", "en": "proven at 95 %"},
    Status.NOT_YET: {"id": "lulus di atas kertas, belum terbukti", "en": "meets on the face, not yet proven"},
    Status.BELOW: {"id": "di bawah ambang", "en": "below"},
    Status.UNJUDGED: {"id": "tidak dapat dinilai", "en": "can't be judged"},
}


def explain_proof(finding: Finding, proof: Proof) -> dict[str, str]:
    """Return what is proven, what it takes, and how many invented forms would explain a pass, by language."""
    if finding.criterion.measure == RESPONDENTS:
        return {"id": _counted_id(proof), "en": _counted_en(proof)}
    bound = {
        language: value_text(proof.lower_bound, finding.criterion.measure, language)
        for language in ("id", "en")
        if proof.lower_bound is not None
    }
    fakes = explain_fakes(proof)
    return {
        "id": f"{_status_id(proof, bound.get('id', ''))} {fakes.get('id', '')}".strip(),
        "en": f"{_status_en(proof, bound.get('en', ''))} {fakes.get('en', '')}".strip(),
    }


def explain_together(proof: Proof) -> dict[str, str]:
    """Return what is proven of a verdict as a whole; nothing where the law says no already."""
    if proof.status == Status.BELOW:
        return {}
    more = proof.respondents_needed
    if proof.status == Status.PROVEN:
        id_, en = "Juga terbukti, dengan keyakinan 95 %.", "Also proven, at 95 % confidence."
    elif proof.status == Status.UNJUDGED:
        id_ = "Seberapa kuat buktinya tidak dapat dinilai."
        en = "How strong the proof is can't be judged."
    elif more is None:
        id_ = "Lulus di atas kertas, belum terbukti; tambahan responden seperti ini tidak membuktikannya."
        en = "Meets on the face, not yet proven; more respondents with answers like these would not prove it."
    else:
        id_ = f"Lulus di atas kertas, belum terbukti: perlu {more} responden lagi dengan jawaban seperti ini."
        en = f"Meets on the face, not yet proven: it takes {more} more respondents with answers like these."
    return {"id": id_, "en": en}


def _status_id(proof: Proof, bound: str) -> str:
    if proof.status == Status.PROVEN:
        return f"Terbukti: dengan keyakinan 95 %, nilai sebenarnya paling rendah {bound}."
    if proof.status == Status.BELOW:
        return "Di bawah ambang."
    if proof.status == Status.UNJUDGED:
        return "Tidak dapat dinilai: jawaban yang lengkap terlalu sedikit, atau sebarannya tidak diketahui."
    start = f"Lulus di atas kertas, belum terbukti: nilai sebenarnya masih mungkin serendah {bound}."
    if proof.respondents_needed is None:
        return f"{start} Dengan jawaban seperti ini, tambahan responden tidak akan membuktikannya."
    return f"{start} Perlu {proof.respondents_needed} responden lagi dengan jawaban seperti ini."


def _status_en(proof: Proof, bound: str) -> str:
    if proof.status == Status.PROVEN:
        return f"Proven: at 95 % confidence the true value is at least {bound}."
    if proof.status == Status.BELOW:
        return "Below the threshold."
    if proof.status == Status.UNJUDGED:
        return "Can't be judged: too few complete answers, or how they spread is not known."
    start = f"Meets on the face, not yet proven: the true value may still be as low as {bound}."
    if proof.respondents_needed is None:
        return f"{start} With answers like these, more respondents would not prove it."
    return f"{start} It takes {proof.respondents_needed} more respondents with answers like these."


def explain_fakes(proof: Proof) -> dict[str, str]:
    """Return how many forms would have to be invented for the pass to fall; nothing where nothing passes."""
    flips, n, calls = proof.fake_forms_to_flip, proof.respondents, proof.calls_needed
    if flips is None:
        return {}
    return {
        "id": f"Kelulusan ini baru gugur bila {flips} dari {n} formulir ternyata dibuat-buat dan bernilai "
        f"sempurna; {calls} panggilan acak tanpa satu pun kejanggalan menyingkirkan kemungkinan itu.",
        "en": f"It would take {flips} invented perfect forms of {n} to explain this pass; {calls} random "
        "call-backs without a failure rule that out.",
    }


def _counted_id(proof: Proof) -> str:
    if proof.status == Status.UNJUDGED:
        return "Tidak dapat dinilai: jumlah responden tidak diketahui."
    if proof.status == Status.BELOW:
        return f"Kurang {proof.respondents_needed} responden."
    return f"Dihitung, bukan ditaksir. Tanpa {proof.fake_forms_to_flip} di antaranya, syarat ini gagal."


def _counted_en(proof: Proof) -> str:
    if proof.status == Status.UNJUDGED:
        return "Can't be judged: the number of respondents is not known."
    if proof.status == Status.BELOW:
        return f"{proof.respondents_needed} more respondents are needed."
    return f"Counted, not estimated. Without {proof.fake_forms_to_flip} of them it would fail."
