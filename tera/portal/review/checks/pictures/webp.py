"""The chunks of a WebP that draw it: RFC 9649; the head of a lossy frame is in RFC 6386, section 9.1."""

import struct
from collections.abc import Iterator

from tera.portal.review.checks.pictures.limits import BadPicture, require_size

RIFF, WEBP = b"RIFF", b"WEBP"
_EXTENDED, _LOSSY, _LOSSLESS, _TRANSPARENT = b"VP8X", b"VP8 ", b"VP8L", b"ALPH"
_KEPT = frozenset({_EXTENDED, _LOSSY, _LOSSLESS, _TRANSPARENT})
_MOVES = frozenset({b"ANIM", b"ANMF"})
_ALPHA = 0x10  # of what a VP8X says is in the file, all that is left
_SIDE = 0x3FFF  # fourteen bits
_LOSSY_START, _LOSSLESS_START = b"\x9d\x01\x2a", 0x2F


def whole(content: bytes) -> bytes:
    """Return a WebP of the chunks that draw it."""
    chunks = list(_chunks(content))
    names = [name for name, _ in chunks]
    is_one = len(set(names)) == len(names) and (_LOSSY in names) != (_LOSSLESS in names)
    if not is_one or _EXTENDED in names[1:] or names[0] == _TRANSPARENT:
        raise BadPicture("a WebP without a picture, or with several")
    parts = b"".join(
        struct.pack("<4sI", name, len(part)) + part + b"\0" * (len(part) % 2) for name, part in chunks
    )
    return RIFF + struct.pack("<I", len(parts) + 4) + WEBP + parts


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk that draws."""
    (length,) = struct.unpack_from("<I", content, 4)
    at, end = 12, 8 + length
    while at < end:
        name, size = struct.unpack_from("<4sI", content, at)
        part, stop = content[at + 8 : at + 8 + size], at + 8 + size
        if len(part) != size or stop > end:
            raise BadPicture("the file ends too soon")
        if name in _MOVES:
            raise BadPicture("a picture that moves")
        if name in _KEPT:
            yield name, _measured(name, part)
        at = stop + size % 2


def _measured(name: bytes, part: bytes) -> bytes:
    """Return a chunk whose picture is not too large, and which is what its name says."""
    if name == _EXTENDED:
        says, sides = struct.unpack_from("<B3x6s", part)
        width, height = (int.from_bytes(sides[at : at + 3], "little") + 1 for at in (0, 3))
        require_size(width, height)
        return struct.pack("<B3x6s", says & _ALPHA, sides)
    if name == _LOSSY:
        width, height = struct.unpack_from("<2H", part, 6)
        first = int.from_bytes(part[:3], "little")
        is_frame = first & 1 == 0 and part[3:6] == _LOSSY_START and first >> 5 <= len(part) - 10
        if not is_frame:
            raise BadPicture("a WebP without a frame")
        require_size(width & _SIDE, height & _SIDE)
    if name == _LOSSLESS:
        start, packed = struct.unpack_from("<BI", part)
        if start != _LOSSLESS_START or packed >> 29:
            raise BadPicture("a WebP without a frame")
        require_size((packed & _SIDE) + 1, (packed >> 14 & _SIDE) + 1)
    return part
