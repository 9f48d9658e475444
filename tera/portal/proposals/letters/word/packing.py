"""A document as a file: the same document gives the same bytes, whatever the hour."""

import io
import zipfile

from docx.document import Document as Made

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can name


def pack(made: Made) -> bytes:
    """Return the DOCX of a document, without the picture of another document that python-docx begins with."""
    for key, relation in list(made.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del made.part.package.rels[key]
    saved, packed = io.BytesIO(), io.BytesIO()
    made.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
