"""What decisions, parts, layers and methods are called, on pages and on paper."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DECISIONS: dict[str, tuple[Promise, Promise]] = {  # each with what follows from it
    "VERIFIED": (_("Terverifikasi"), _("Hasil survei dapat disahkan.")),
    "VERIFIED_WITH_NOTES": (
        _("Terverifikasi dengan catatan"),
        _("Hasil survei dapat disahkan. Catatan rapat dilaksanakan unit."),
    ),
    "RETURNED": (
        _("Dikembalikan"),
        _("Unit memperbaiki yang tertulis dalam catatan, lalu mengirim ulang surveinya."),
    ),
    "REJECTED": (_("Ditolak"), _("Hasil survei tidak disahkan.")),
}
PARTS: dict[str, Promise] = {
    "CHAIR": _("Pimpinan rapat"),
    "VERIFIER": _("Verifikator"),
    "PRESENTER": _("Penyaji unit"),
    "OBSERVER": _("Pengamat"),
    "MINUTES": _("Notulis"),
}
LAYERS: dict[str, Promise] = {
    "unit": _("Unit"),
    "region": _("Kantor wilayah"),
    "inspectorate": _("Inspektorat"),
    "ministry": _("Kementerian"),
}
METHODS: dict[str, Promise] = {
    "LOGIN": _("Masuk dengan kata sandi"),
    "SECOND_FACTOR": _("Masuk dan langkah kedua"),
    "CERTIFIED": _("Tanda tangan elektronik tersertifikasi"),
}
