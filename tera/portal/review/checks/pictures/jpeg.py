"""The parts of a JPEG that draw it: ITU-T T.81, annex B."""

import struct
from collections.abc import Iterator

from tera.portal.review.checks.pictures.limits import BadPicture, require_size

START = b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame, of every kind of JPEG
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_HUFFMAN, _CONDITIONS, _QUANTITIES, _RESTART = 0xC4, 0xCC, 0xDB, 0xDD  # by which the pixels are unpacked
_APP0, _APP14 = 0xE0, 0xEE
_END, _SCAN = 0xD9, 0xDA


def parts(content: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG that draw it, up to its end; what comes after that is another file."""
    yield START
    at, has_frame = 2, False
    while (marker := _marker_at(content, at)) != _END:
        at = content.index(marker, at + 1) + 1
        if marker in _ALONE:
            yield bytes((0xFF, marker))
            continue
        (length,) = struct.unpack_from(">H", content, at)
        part, at = content[at + 2 : at + length], at + length
        if length < 2 or at > len(content):
            raise BadPicture("the file ends too soon")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">2H", part, 1)
            require_size(width, height)
            has_frame = True
        if kept := _kept(marker, part):
            yield struct.pack(">BBH", 0xFF, marker, len(kept) + 2) + kept
        if marker == _SCAN:
            start, at = at, _after_scan(content, at)
            yield content[start:at]
    if not has_frame:
        raise BadPicture("a JPEG without a frame")
    yield bytes((0xFF, _END))


def _marker_at(content: bytes, at: int) -> int:
    """Return which part begins here; its marker may be filled up with more bytes of FF."""
    if content[at] != 0xFF:
        raise BadPicture("a JPEG with something between its parts")
    while content[at] == 0xFF:
        at += 1
    return content[at]


def _kept(marker: int, part: bytes) -> bytes:
    """Return what is kept of a part: of JFIF and Adobe the numbers that draw, never a small copy."""
    if marker == _APP0:
        return part[:12] + b"\0\0" if part.startswith(b"JFIF\0") and len(part) >= 14 else b""
    if marker == _APP14:
        return part[:12] if part.startswith(b"Adobe") else b""
    length = _length(marker, part)
    if length not in (None, len(part)):
        raise BadPicture("a JPEG with something in its tables")
    return part if length else b""


def _length(marker: int, part: bytes) -> int | None:
    """Return how long a part that draws is by what it says itself, or nothing for one that does not draw."""
    if marker in _FRAMES:
        return 6 + 3 * part[5]
    if marker == _SCAN:
        return 4 + 2 * part[0]
    if marker == _RESTART:
        return 2
    if marker == _CONDITIONS:
        return min(len(part) // 2, 8) * 2  # of four tables, two kinds
    return _length_of_tables(marker, part) if marker in (_QUANTITIES, _HUFFMAN) else None


def _length_of_tables(marker: int, part: bytes) -> int:
    """Return where the last table ends, of those that follow each other in a part."""
    at = 0
    while at < len(part):
        if marker == _QUANTITIES:
            at += 1 + 64 * (2 if part[at] >> 4 else 1)
        else:
            at += 17 + sum(part[at + 1 : at + 17])
    return at


def _after_scan(content: bytes, at: int) -> int:
    """Return where the marker after the packed pixels stands."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise BadPicture("the file ends too soon")
        if content[at + 1] != 0 and content[at + 1] not in _ALONE:
            return at
        at += 2
