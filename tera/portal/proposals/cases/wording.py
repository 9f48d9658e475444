"""What stages, deeds and conditions of a proposal are called on every page, and what to do about these."""

from collections.abc import Iterable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.proposal import Condition, Stage
from tera.portal.proposals.cases.why import Why
from tera.portal.review.models.checks import Layer

STAGES: dict[Stage, Promise] = {
    Stage.DRAFT: _("Disiapkan unit"),
    Stage.INVITED: _("Diundang untuk diusulkan"),
    Stage.SUBMITTED: _("Diajukan unit"),
    Stage.RECOMMENDED: _("Direkomendasikan"),
    Stage.NOT_RECOMMENDED: _("Tidak direkomendasikan"),
    Stage.PROPOSED: _("Diusulkan"),
    Stage.NOT_PROPOSED: _("Tidak diusulkan"),
    Stage.SENT: _("Dikirim ke tim nasional"),
    Stage.GRANTED: _("Predikat diberikan"),
    Stage.NOT_GRANTED: _("Predikat tidak diberikan"),
    Stage.WITHDRAWN: _("Ditarik unit"),
    Stage.REVOKED: _("Usulan dicabut"),
}
GOOD = (*(Stage.RECOMMENDED, Stage.PROPOSED, Stage.SENT, Stage.GRANTED),)
BAD = (*(Stage.NOT_RECOMMENDED, Stage.NOT_PROPOSED, Stage.NOT_GRANTED, Stage.REVOKED),)
DEEDS: dict[str, Promise] = {  # what a button says, and a step of the way
    "begin": _("Siapkan usulan"),
    "invite": _("Undang unit"),
    "submit": _("Ajukan ke kantor wilayah"),
    "return": _("Kembalikan ke unit"),
    "recommend": _("Rekomendasikan"),
    "not-recommend": _("Jangan rekomendasikan"),
    "propose": _("Usulkan ke tim nasional"),
    "not-propose": _("Jangan usulkan"),
    "send": _("Catat sebagai terkirim"),
    "grant": _("Catat predikat diberikan"),
    "deny": _("Catat predikat tidak diberikan"),
    "withdraw": _("Tarik usulan"),
    "begin-again": _("Mulai lagi dengan hasil sekarang"),
    "uphold": _("Tetap usulkan dengan hasil sekarang"),
    "uphold-title": _("Pertahankan predikat dengan hasil sekarang"),
    "revoke": _("Cabut usulan"),
}
SURE: dict[str, Promise] = {  # what a button says once more, of a deed that nothing takes back
    "propose": _("Ya, usulkan"),
    "send": _("Ya, catat terkirim"),
    "grant": _("Ya, catat predikat diberikan"),
    "deny": _("Ya, catat predikat tidak diberikan"),
    "withdraw": _("Ya, tarik usulan"),
    "uphold": _("Ya, tetap usulkan"),
    "uphold-title": _("Ya, pertahankan predikat"),
    "revoke": _("Ya, cabut usulan"),
}
DONE: dict[str, Promise] = {  # what a step of the way says
    "begin": _("Unit menyiapkan usulan"),
    "invite": _("Kantor mengundang unit"),
    "submit": _("Unit mengajukan usulan"),
    "return": _("Dikembalikan ke unit"),
    "recommend": _("Direkomendasikan kantor wilayah"),
    "not-recommend": _("Tidak direkomendasikan kantor wilayah"),
    "propose": _("Kementerian mengusulkan"),
    "not-propose": _("Kementerian tidak mengusulkan"),
    "send": _("Dikirim ke tim nasional (TPN)"),
    "grant": _("Tim nasional memberi predikat"),
    "deny": _("Tim nasional tidak memberi predikat"),
    "withdraw": _("Unit menarik usulan"),
    "begin-again": _("Dinilai lagi karena hasil dikoreksi"),
    "uphold": _("Tetap diusulkan setelah hasil dikoreksi"),
    "uphold-title": _("Predikat dipertahankan setelah hasil dikoreksi"),
    "revoke": _("Usulan dicabut karena hasil dikoreksi"),
}
OTHER_LAYER = _(
    "Anda sudah bertindak dalam usulan ini bagi lapis lain; seorang hanya bertindak bagi satu lapis."
)
# What is missing, as a sentence of its own, and what to do about it.
CONDITIONS: dict[Condition, tuple[Promise, Promise]] = {
    Condition.SURVEY_MET: (
        _("Syarat dari survei belum terpenuhi semua oleh hasil yang disahkan."),
        _("Lihat baris yang bertanda ✕ atau ? pada syarat dari survei."),
    ),
    Condition.SCORES_GIVEN: (
        _("Nilai unit belum lengkap."),
        _("Unit mengisi setiap syarat lain dan melampirkan buktinya."),
    ),
    Condition.IN_MINUTES: (
        _("Hasil survei belum diverifikasi dalam rapat yang berberita acara."),
        _("Verifikasi surveinya dalam rapat, lalu akhiri rapat itu supaya berita acaranya terbit."),
    ),
    Condition.REGION_CONSENTS: (
        _("Menurut nilai kantor wilayah sendiri, ada syarat yang belum terpenuhi."),
        _("Perbaiki nilainya bila keliru, atau jangan rekomendasikan."),
    ),
    Condition.INSPECTORATE_FOR: (
        _("Inspektorat belum menyatakan setuju atas hasil yang sekarang."),
        _("Mintalah inspektorat memberi pendapat di halaman ini."),
    ),
    Condition.INSPECTORATE_MET: (
        _("Menurut nilai inspektorat, belum semua syarat terpenuhi."),
        _("Inspektorat mengisi nilainya sendiri untuk setiap syarat."),
    ),
    Condition.MINISTRY_MET: (
        _("Menurut nilai kementerian, belum semua syarat terpenuhi."),
        _("Kementerian mengisi nilainya sendiri untuk setiap syarat."),
    ),
    Condition.ONE_LAYER: (OTHER_LAYER, _("Orang lain yang melakukannya.")),
    Condition.ALL_CERTIFIED: (
        _("Ada survei lain unit ini pada periode yang sama yang hasilnya belum disahkan."),
        _("Tunggu sampai semua survei periode itu disahkan."),
    ),
    Condition.LETTER_WRITTEN: (
        _("Belum ada surat kepada tim nasional dengan putusan yang terakhir."),
        _("Buat suratnya: usulan, atau ralat bila sudah pernah dikirim."),
    ),
    Condition.NOTE_GIVEN: (_("Alasan belum ditulis."), _("Tulis alasannya.")),
    Condition.IN_AGREEMENT: (
        _("Hasil survei dikoreksi setelah usulan ini diajukan, jadi dasarnya sudah berubah."),
        _("Selesaikan dahulu pertentangannya, di bagian atas halaman ini."),
    ),
    Condition.IN_CONFLICT: (
        _("Hasil survei tidak berubah sejak usulan ini diajukan, jadi tidak ada yang perlu dikoreksi."),
        _("Tidak ada yang perlu dilakukan."),
    ),
}
REFUSED: dict[Why, Promise] = {  # why a proposal did not begin, in the address of the unit's page
    Why.NO_SURVEY: _(
        "Unit ini tidak punya survei dalam periode itu. Buka survei dahulu, lalu siapkan usulan."
    ),
    Why.NO_TITLE: _("Aturan periode itu tidak mengenal predikat yang dipilih. Pilih WBK atau WBBM."),
    Why.UNDER_WAY: _(
        "Sudah ada usulan unit ini untuk predikat itu atas survei pada hari-hari yang sama. "
        "Lanjutkan yang sudah ada."
    ),
    Why.NOT_MET: _(
        "Unit ini belum dapat diundang: syarat dari survei belum terpenuhi semua oleh hasil yang disahkan."
    ),
}
CLOSED: dict[Layer, Promise] = {  # until when each layer gives values
    Layer.UNIT: _(
        "Nilai unit tidak dapat diubah sesudah usulan diajukan. Bila ada yang keliru, mintalah kantor "
        "wilayah mengembalikan usulan ini."
    ),
    Layer.REGION: _(
        "Nilai kantor wilayah diisi sesudah unit mengajukan usulan dan sebelum kantor wilayah memutuskan "
        "rekomendasinya."
    ),
    Layer.INSPECTORATE: _(
        "Inspektorat menilai sesudah unit mengajukan usulan dan sebelum kementerian memutuskan, dan lagi "
        "bila hasil surveinya dikoreksi."
    ),
    Layer.MINISTRY: _(
        "Kementerian menilai sesudah unit mengajukan usulan dan sebelum memutuskan, dan lagi bila hasil "
        "surveinya dikoreksi."
    ),
}
SAID: dict[str, Promise] = {  # what happened just now, in the address of the page
    "dimulai": _("Usulan disiapkan. Isi syarat lainnya dengan bukti, lalu ajukan."),
    "diundang": _("Unit diundang. Unit mengisi syarat lainnya dengan bukti, lalu mengajukan."),
    "langkah": _("Tercatat. Langkah itu sekarang tampak pada perjalanan usulan."),
    "tersimpan": _("Nilai tersimpan."),
    "diubah": _("Nilai tersimpan. Nilai sebelumnya tetap dicatat."),
    "sama": _("Tidak ada yang berubah."),
    "pendapat": _("Pendapat inspektorat tersimpan."),
    "diumumkan": _("Diumumkan. Siapa pun dapat membacanya sekarang."),
}
TOO_LONG = _("Alasan paling panjang 2000 huruf. Tidak ada yang berubah.")
BAD_REASON = _(
    "Alasan ini menjadi terbuka. Tulis dengan kata, paling panjang 300 huruf, tanpa tanda yang tidak dapat "
    "dicetak. Tidak ada yang berubah."
)
OTHER_STAGE = _("Usulan ini sudah berada di tahap lain. Tidak ada yang berubah.")
CANNOT_ANNOUNCE = _("Belum dapat diumumkan: belum ada putusan, atau sudah diumumkan.")
OPINION_LACKS = _("Pilih setuju atau tidak, dan tulis alasannya, paling panjang 2000 huruf.")


def wording_of(conditions: Iterable[Condition]) -> Sequence[tuple[Promise, Promise]]:
    """Return what is missing before a deed may happen, and what to do about it."""
    return [CONDITIONS[condition] for condition in conditions]


def chip_of(stage: Stage) -> str:
    """Return the class of a stage's chip: what is good, bad, or still under way."""
    if stage in GOOD:
        return "yes"
    return "no" if stage in BAD else "quiet" if stage == Stage.WITHDRAWN else "wait"


def refusal_of(code: str) -> Promise | str:
    """Return why a proposal did not begin, by what stands in the address of the unit's page."""
    return next((words for why, words in REFUSED.items() if why == code), "")
