"""What lists of units call the states of a unit, and why nothing is known of one."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.nearness import Nearness


class Why(StrEnum):
    """Why a unit cannot be judged yet."""

    NO_SURVEY = "NO_SURVEY"
    NOT_CERTIFIED = "NOT_CERTIFIED"
    REJECTED = "REJECTED"  # by a meeting, every one
    NOT_COUNTED = "NOT_COUNTED"  # certified, and on its way into the list


STATES: dict[Nearness, Promise] = {
    Nearness.ELIGIBLE: _("memenuhi syarat survei"),
    Nearness.NEARLY: _("hampir memenuhi syarat survei"),
    Nearness.NOT: _("belum memenuhi syarat survei"),
    Nearness.NOT_ASSESSABLE: _("belum dapat dinilai"),
}
WORDS = {  # by which an address names a state
    "memenuhi": Nearness.ELIGIBLE,
    "hampir": Nearness.NEARLY,
    "belum": Nearness.NOT,
    "belum-dinilai": Nearness.NOT_ASSESSABLE,
}
SIGNS = {Nearness.ELIGIBLE: "✓", Nearness.NEARLY: "≈", Nearness.NOT: "✕", Nearness.NOT_ASSESSABLE: "?"}
LOOKS = {  # the class by which a state is drawn; each also has a sign or a height of its own
    Nearness.ELIGIBLE: "yes",
    Nearness.NEARLY: "near",
    Nearness.NOT: "no",
    Nearness.NOT_ASSESSABLE: "quiet",
}
REASONS: dict[Why, Promise] = {
    Why.NO_SURVEY: _("Belum ada survei untuk periode ini"),
    Why.NOT_CERTIFIED: _("Hasil belum disahkan"),
    Why.REJECTED: _("Survei periode ini ditolak dalam rapat verifikasi"),
    Why.NOT_COUNTED: _("Hasil baru disahkan; segera masuk daftar ini"),
}
IN_CONFLICT = _("bertentangan dengan hasil sekarang")
TITLES = {"wbk": "WBK", "wbbm": "WBBM"}
