"""What the states of a unit mean, on the page of one unit; lists call them the same without saying why."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tera.engine.nearness import Nearness

MEANINGS: dict[Nearness, Promise] = {
    Nearness.ELIGIBLE: _("Semua syarat yang dapat dijawab survei terpenuhi."),
    Nearness.NEARLY: _("Setiap syarat yang belum terpenuhi sudah mencapai paling sedikit 95 % ambangnya."),
    Nearness.NOT: _("Paling sedikit satu syarat masih di bawah 95 % ambangnya."),
    Nearness.NOT_ASSESSABLE: _("Ada syarat yang belum dapat dinilai; yang lain tidak jauh dari ambangnya."),
}
