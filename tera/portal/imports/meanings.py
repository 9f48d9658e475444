"""What columns and their values may mean, and which values name their meaning themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from tera.engine.catalogue import get_codelists
from tera.engine.codelist import CodeList
from tera.engine.explain import said
from tera.portal.imports.mapping import DAY, ITEM, NOT_GIVEN, PROFILE, SERVICE, UNUSED
from tera.portal.imports.reading import Setting

Options = Sequence[tuple[str, str]]
OLDEST = 120


def uses_offered(setting: Setting, language: str) -> list[tuple[str, Options]]:
    """Return what a column may be, in groups."""
    groups: list[tuple[str, Options]] = [("", [(UNUSED, _("Tidak dipakai"))])]
    for entry in setting.instruments:
        items = [(f"{ITEM}{item.code}", f"{item.code}: {said(item.stem, language)}") for item in entry.items]
        groups.append((said(entry.title, language), items))
    lists = [(f"{PROFILE}{codes.id}", said(codes.name, language)) for codes in get_codelists().profile]
    about = [(SERVICE, _("Layanan yang diterima")), (DAY, _("Tanggal menjawab")), *lists]
    return [*groups, (_("Tentang responden"), about)]


def codes_offered(use: str, setting: Setting, language: str) -> Options:
    """Return what a value of a column with this use may mean."""
    nothing = [("", _("Pilih")), (NOT_GIVEN, _("tidak ada di daftar: kosongkan"))]
    if use == SERVICE:
        return [*nothing, *setting.services.items()]
    return [*nothing, *((entry.code, said(entry.label, language)) for entry in list_of(use).codes)]


def list_of(use: str) -> CodeList:
    """Return the code list of a profile column."""
    [codes] = [entry for entry in get_codelists().profile if use == f"{PROFILE}{entry.id}"]
    return codes


def clear(use: str, texts: Iterable[str], setting: Setting) -> dict[str, str]:
    """Return the code of each text that names one without doubt."""
    found = {
        text: service_of(setting.services, text) if use == SERVICE else profile_of(list_of(use), text)
        for text in texts
    }
    return {text: code for text, code in found.items() if code}


def service_of(services: Mapping[str, str], text: str) -> str | None:
    """Return the code of the service that a text names by code or name."""
    word = text.casefold()
    found = {code for code, name in services.items() if word in {code.casefold(), name.casefold()}}
    return found.pop() if len(found) == 1 else None


def profile_of(codes: CodeList, text: str) -> str | None:
    """Return the code that a text names: by code, by label, or an age in years by its band."""
    word = text.casefold()
    for entry in codes.codes:
        if word in {entry.code.casefold(), *(label.casefold() for label in entry.label.values())}:
            return entry.code
    if codes.id == "age_band" and re.fullmatch(r"[0-9]{1,3}", text, re.ASCII):
        return next((entry.code for entry in codes.codes if _spans(entry.code, int(text))), None)
    return None


def _spans(band: str, age: int) -> bool:
    lowest, _dash, highest = band.rstrip("+").partition("-")
    return lowest.isdigit() and int(lowest) <= age <= int(highest or OLDEST)
