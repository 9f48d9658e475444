"""Files that show where a value comes from: which kinds are taken, told by what is in them, and kept."""

import hashlib
import struct
import zipfile
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath

from django.db import transaction

from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.proposals.cases.open import require_open
from tera.portal.proposals.models import Case, Evidence
from tera.portal.review.models.checks import Layer

MOST_BYTES, LONGEST_NAME = 10_000_000, 200
# What `zipfile` raises on archives that are damaged, or made to be: ValueError is of names that are no text.
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error)
_OFFICE = "application/vnd.openxmlformats-officedocument"
STARTS = {  # media type by how a file begins
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
PARTS = {  # and by what an archive must hold
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
}
ENDINGS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".xlsx": PARTS["xl/workbook.xml"],
    ".docx": PARTS["word/document.xml"],
}


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    UNKNOWN_KIND = "UNKNOWN_KIND"  # by what is in it
    OTHER_KIND = "OTHER_KIND"  # than its name says


class BadFile(ValueError):
    """A file that is not taken as evidence; `fault` says why."""

    def __init__(self, fault: Fault, name: str) -> None:
        """Say which file, and what is allowed."""
        super().__init__(f"{name}: {fault}; allowed are {', '.join(ENDINGS)} up to {MOST_BYTES} bytes")
        self.fault, self.name = fault, name


@dataclass(frozen=True, slots=True)
class File:
    """A file as somebody hands it in."""

    name: str
    content: bytes

    @property
    def plain_name(self) -> str:
        """Its name without folders and without letters that cannot be seen."""
        last = PurePosixPath(self.name.replace("\\", "/")).name
        return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:]

    def require_kind(self) -> str:
        """Return its media type; BadFile where it is empty, too large, or is not what its name says."""
        if not self.content:
            raise BadFile(Fault.EMPTY, self.plain_name)
        if len(self.content) > MOST_BYTES:
            raise BadFile(Fault.TOO_LARGE, self.plain_name)
        found = _kind_of(self.content)
        if not found:
            raise BadFile(Fault.UNKNOWN_KIND, self.plain_name)
        if ENDINGS.get(PurePosixPath(self.plain_name).suffix.lower()) != found:
            raise BadFile(Fault.OTHER_KIND, self.plain_name)
        return found


def _kind_of(content: bytes) -> str:
    """Return the media type of what is in a file; empty where it is none that is taken."""
    if found := next((kind for start, kind in STARTS.items() if content.startswith(start)), ""):
        return found
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return ""
    held = [kind for part, kind in PARTS.items() if part in names]
    return held[0] if len(held) == 1 and "[Content_Types].xml" in names else ""


@transaction.atomic
def keep_evidence(case: Case, layer: Layer, file: File, *, by: User, at: datetime) -> Evidence:
    """Keep a file of a layer as it was handed in; the same file again is the one that is there.

    Raises:
        PermissionDenied: this person does not score for this layer.
        CannotScore: the layer does not score at this stage.
        BadFile: it is of no kind that is taken, too large, or not what its name says.
    """
    role = require_open(case, layer, by)
    kind, sha256 = file.require_kind(), hashlib.sha256(file.content).hexdigest()
    if known := Evidence.objects.filter(case=case, layer=layer, sha256=sha256).first():
        return known
    kept = Evidence.objects.create(
        case=case,
        layer=layer,
        name=file.plain_name,
        kind=kind,
        size=len(file.content),
        content=file.content,
        sha256=sha256,
        by=by,
        office=role.acts_for,
        at=at,
    )
    done(by, role, "proposal-evidence", f"{case} {layer}: {kept.pk}", case.unit)
    return kept
