"""Can this file be printed as a logo? PNG and JPEG only: an SVG is as much a program as a picture."""

import struct
from dataclasses import dataclass

from tera.portal.invitations.printing import CannotPrint, compile_pdf

MOST_BYTES = 500_000
MOST_PIXELS = 4000  # a side: more costs memory when it is unpacked, and no printer shows it
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# Start of frame, of every kind of JPEG; C4, C8 and CC between them are something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class BadPicture(ValueError):
    """The file is no picture that can be printed."""


class TooLarge(BadPicture):
    """The file, or the picture in it, is larger than we take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that Typst printed."""

    media_type: str
    content: bytes

    @classmethod
    def read(cls, content: bytes) -> "Picture":
        """Return the picture in a file, once Typst has printed it.

        Raises:
            TooLarge: more than 500 kB, or than 4000 pixels a side.
            BadPicture: neither PNG nor JPEG, damaged, or with colours that PDF/A does not take (CMYK).
        """
        if len(content) > MOST_BYTES:
            raise TooLarge(f"{len(content)} bytes")
        media_type, (width, height) = _measure(content)
        if max(width, height) > MOST_PIXELS:
            raise TooLarge(f"{width} × {height} pixels")
        try:
            compile_pdf("picture", {}, {"picture": content})
        except CannotPrint as error:
            raise BadPicture(str(error)) from error
        return cls(media_type, content)


def _measure(content: bytes) -> tuple[str, tuple[int, int]]:
    """Return what a file is and its sides in pixels, from its first bytes: nothing is unpacked for that."""
    try:
        if content.startswith(_PNG):
            return "image/png", struct.unpack_from(">2I", content, 16)
        if content.startswith(_JPEG):
            return "image/jpeg", _frame(content)
    except (struct.error, IndexError) as error:
        raise BadPicture("the file ends too soon") from error
    raise BadPicture("neither PNG nor JPEG")


def _frame(content: bytes) -> tuple[int, int]:
    """Return the sides that the frame of a JPEG gives; it is a chain of parts that say how long they are."""
    at = 2
    while content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">2H", content, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    raise BadPicture("a JPEG without a frame")
