"""What the data prove of a criterion, in a sentence or two, in Indonesian and in English."""

from collections.abc import Mapping

from tera.engine.eligibility import Finding
from tera.engine.explain import LANGUAGES, value_text
from tera.engine.rulebook import RESPONDENTS
from tera.statistics.uncertainty.proof import Proof, Status

Words = Mapping[str, str]
PROVEN: Words = {
    "id": "Terbukti: andai penjawabnya dipilih acak, nilai sebenarnya paling rendah {bound}, dengan "
    "keyakinan 95 %.",
    "en": "Proven: had respondents been drawn at random, the true value is at least {bound}, at 95 % "
    "confidence.",
}
NOT_YET: Words = {
    "id": "Lulus di atas kertas, belum terbukti: nilai sebenarnya masih mungkin serendah {bound}. Perlu "
    "{more} responden lagi dengan jawaban seperti ini.",
    "en": "Meets on the face, not yet proven: the true value may still be as low as {bound}. It takes {more} "
    "more respondents with answers like these.",
}
NEVER: Words = {
    "id": "Lulus di atas kertas, belum terbukti: nilai sebenarnya masih mungkin serendah {bound}. Dengan "
    "jawaban seperti ini, tambahan responden tidak akan membuktikannya.",
    "en": "Meets on the face, not yet proven: the true value may still be as low as {bound}. With answers "
    "like these, more respondents would not prove it.",
}
BELOW: Words = {"id": "Di bawah ambang.", "en": "Below the threshold."}
UNJUDGED: Words = {
    "id": "Tidak dapat dinilai: jawaban yang lengkap terlalu sedikit, atau sebarannya tidak diketahui.",
    "en": "Can't be judged: too few complete answers, or how they spread is not known.",
}
NOT_ASKED: Words = {
    "id": "Tidak ditanyakan, jadi tidak dapat dinilai.",
    "en": "Not asked, so it can't be judged.",
}
OF_RESPONDENTS: Mapping[Status, Words] = {
    Status.PROVEN: {
        "id": "Dihitung, bukan ditaksir. Tanpa {flips} di antaranya, syarat ini gagal.",
        "en": "Counted, not estimated. Without {flips} of them it would fail.",
    },
    Status.BELOW: {"id": "Kurang {more} responden.", "en": "{more} more respondents are needed."},
    Status.UNJUDGED: {
        "id": "Tidak dapat dinilai: jumlah responden tidak diketahui.",
        "en": "Can't be judged: the number of respondents is not known.",
    },
}
TOGETHER: Mapping[Status, Words] = {
    Status.PROVEN: {
        "id": "Juga terbukti, dengan keyakinan 95 %, sejauh penjawabnya mewakili semua yang dilayani.",
        "en": "Also proven, at 95 % confidence, as far as respondents stand for all who were served.",
    },
    Status.NOT_YET: {
        "id": "Lulus di atas kertas, belum terbukti: perlu {more} responden lagi dengan jawaban seperti ini.",
        "en": "Meets on the face, not yet proven: it takes {more} more respondents with answers like these.",
    },
    Status.UNJUDGED: {
        "id": "Seberapa kuat buktinya tidak dapat dinilai.",
        "en": "How strong the proof is can't be judged.",
    },
}
NEVER_TOGETHER: Words = {
    "id": "Lulus di atas kertas, belum terbukti; tambahan responden seperti ini tidak membuktikannya.",
    "en": "Meets on the face, not yet proven; more respondents with answers like these would not prove it.",
}
FAKES: Words = {
    "id": "Andai ada formulir yang dibuat-buat dan bernilai sempurna, kelulusan ini baru gugur bila "
    "jumlahnya paling sedikit {flips} dari {n}. Panggilan acak kepada {calls} penjawab yang dapat dihubungi, "
    "tanpa satu pun kejanggalan, menyingkirkan kemungkinan itu.",
    "en": "If forms were invented and perfect, it would take at least {flips} of {n} to explain this pass. "
    "Call-backs to {calls} respondents drawn at random, without a failure, rule that out.",
}


def explain_proof(finding: Finding, proof: Proof) -> dict[str, str]:
    """Return what is proven, what it takes, and how many invented forms would explain a pass, by language."""
    measure = finding.criterion.measure
    if measure == RESPONDENTS:
        return _said(OF_RESPONDENTS[proof.status], proof, measure)
    if finding.value is None:
        return dict(NOT_ASKED)
    status, fakes = _said(_status(proof), proof, measure), explain_fakes(proof)
    return {language: f"{status[language]} {fakes.get(language, '')}".strip() for language in LANGUAGES}


def explain_together(proof: Proof) -> dict[str, str]:
    """Return what is proven of a verdict as a whole; nothing where the law says no already."""
    if proof.status == Status.BELOW:
        return {}
    is_never = proof.status == Status.NOT_YET and proof.respondents_needed is None
    return _said(NEVER_TOGETHER if is_never else TOGETHER[proof.status], proof)


def explain_fakes(proof: Proof) -> dict[str, str]:
    """Return how many forms would have to be invented for the pass to fall; nothing where nothing passes."""
    return {} if proof.fake_forms_to_flip is None else _said(FAKES, proof)


def _status(proof: Proof) -> Words:
    if proof.status == Status.NOT_YET:
        return NEVER if proof.respondents_needed is None else NOT_YET
    return {Status.PROVEN: PROVEN, Status.BELOW: BELOW, Status.UNJUDGED: UNJUDGED}[proof.status]


def _said(words: Words, proof: Proof, measure: str = "") -> dict[str, str]:
    """Return words with the numbers of a proof, as people of each language write them."""
    return {
        language: words[language].format(
            bound="" if proof.lower_bound is None else value_text(proof.lower_bound, measure, language),
            more=proof.respondents_needed,
            flips=proof.fake_forms_to_flip,
            n=proof.respondents,
            calls=proof.calls_needed,
        )
        for language in LANGUAGES
    }
