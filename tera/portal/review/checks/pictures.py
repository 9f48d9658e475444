"""Takes out of a picture what the camera wrote beside it: where, when, with what, by whom, smaller copies.

What is kept is named, and everything else goes, also what nobody has heard of yet. The pixels stay as they
are. How a phone was held is written there too, so that a picture may lie on its side afterwards; where the
page's script runs, it turns the picture before it is sent.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5_000_000  # a picture
MOST_PIXELS = 12_000  # a side
_JPEG, _PNG, _RIFF, _WEBP = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF", b"WEBP"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame, of every kind of JPEG
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})  # by which the pixels are unpacked
_APP0, _APP14 = 0xE0, 0xEE
_END, _SCAN = 0xD9, 0xDA
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB"})
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH"})
_WEBP_MOVES = frozenset({b"ANIM", b"ANMF"})
_ALPHA = 0x10  # of what a VP8X says is in the file, all that is left


class BadPicture(ValueError):
    """The file is no picture that we keep; the message says what it is instead."""


class TooLarge(BadPicture):
    """The file, or the picture in it, is larger than we take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without anything beside it."""

    kind: str
    content: bytes

    @classmethod
    def read(cls, content: bytes) -> "Picture":
        """Return what a file shows, without what its camera wrote.

        Raises:
            TooLarge: more than 5 MB, or than 12 000 pixels a side.
            BadPicture: not JPEG, PNG or WebP, damaged, or a picture that moves.
        """
        if len(content) > MOST_BYTES:
            raise TooLarge(f"{len(content)} bytes")
        try:
            if content.startswith(_JPEG):
                return cls("image/jpeg", b"".join(_jpeg(content)))
            if content.startswith(_PNG):
                return cls("image/png", b"".join(_png(content)))
            if content.startswith(_RIFF) and content[8:12] == _WEBP:
                return cls("image/webp", _webp(content))
        except (struct.error, IndexError) as error:
            raise BadPicture("the file ends too soon") from error
        raise BadPicture("neither JPEG, PNG nor WebP")


def _require_sides(width: int, height: int) -> None:
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise TooLarge(f"{width} × {height} pixels")


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG that draw it, up to its end; what comes after that is another file."""
    yield _JPEG
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
            _require_sides(width, height)
            has_frame = True
        if kept := _part_of_jpeg(marker, part):
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


def _part_of_jpeg(marker: int, part: bytes) -> bytes:
    """Return what is kept of a part: of JFIF and Adobe the numbers that draw, never a small copy."""
    if marker == _APP0:
        return part[:12] + b"\0\0" if part.startswith(b"JFIF\0") and len(part) >= 14 else b""
    if marker == _APP14:
        return part[:12] if part.startswith(b"Adobe") else b""
    return part if marker in _FRAMES or marker in _TABLES or marker == _SCAN else b""


def _after_scan(content: bytes, at: int) -> int:
    """Return where the marker after the packed pixels stands."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise BadPicture("the file ends too soon")
        if content[at + 1] != 0 and content[at + 1] not in _ALONE:
            return at
        at += 2


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at, seen = len(_PNG), set[bytes]()
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
            _require_sides(*struct.unpack_from(">2I", part, 8))
        seen.add(name)
        if name in _PNG_KEPT:
            yield part
        at = end
    if b"IDAT" not in seen:
        raise BadPicture("a PNG without a picture")


def _webp(content: bytes) -> bytes:
    parts = b"".join(_parts_of_webp(content))
    if not (parts.startswith((b"VP8 ", b"VP8L", b"VP8X")) and (b"VP8 " in parts or b"VP8L" in parts)):
        raise BadPicture("a WebP without a picture")
    return _RIFF + struct.pack("<I", len(parts) + 4) + _WEBP + parts


def _parts_of_webp(content: bytes) -> Iterator[bytes]:
    (length,) = struct.unpack_from("<I", content, 4)
    at, end = 12, 8 + length
    if end > len(content):
        raise BadPicture("the file ends too soon")
    while at < end:
        name, size = struct.unpack_from("<4sI", content, at)
        part, at = content[at + 8 : at + 8 + size], at + 8 + size + size % 2
        if len(part) != size:
            raise BadPicture("the file ends too soon")
        if name in _WEBP_MOVES:
            raise BadPicture("a picture that moves")
        if name == b"VP8X":
            part = bytes((part[0] & _ALPHA,)) + part[1:]
            width, height = (int.from_bytes(part[place : place + 3], "little") + 1 for place in (4, 7))
            _require_sides(width, height)
        if name in _WEBP_KEPT:
            yield struct.pack("<4sI", name, size) + part + b"\0" * (size % 2)
