"""The chunks of a PNG that draw it: ISO/IEC 15948."""

import struct
import zlib
from collections.abc import Iterator

from tera.portal.review.checks.pictures.limits import BadPicture, require_size

START = b"\x89PNG\r\n\x1a\n"
_PIXELS = b"IDAT"
_LENGTHS = {  # of the other chunks that are kept, once each
    b"IHDR": range(13, 14),
    b"PLTE": range(3, 768 + 1, 3),
    b"tRNS": range(1, 256 + 1),
    b"gAMA": range(4, 5),
    b"sRGB": range(1, 2),
    b"IEND": range(1),
}


def parts(content: bytes) -> Iterator[bytes]:
    """Yield the beginning and the chunks that draw; what comes after the end is another file."""
    yield START
    at, seen = len(START), set[bytes]()
    while b"IEND" not in seen:
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        part = content[at:end]
        (said,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(part[4:-4]) != said:
            raise BadPicture("a PNG that is damaged")
        if not seen:
            if name != b"IHDR":
                raise BadPicture("a PNG without a beginning")
            require_size(*struct.unpack_from(">2I", part, 8))
        if name in _LENGTHS and (name in seen or length not in _LENGTHS[name]):
            raise BadPicture("a PNG with something in its chunks")
        seen.add(name)
        if name in _LENGTHS or name == _PIXELS:
            yield part
        at = end
    if _PIXELS not in seen:
        raise BadPicture("a PNG without a picture")
