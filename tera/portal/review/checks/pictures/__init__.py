"""Takes out of a picture what the camera wrote beside it: where, when, with what, by whom, smaller copies.

What is kept is named, no longer than its kind allows, and everything else goes, also what nobody has heard of
yet. The packed pixels stay as they are. How a phone was held is written beside them too, so that it may
lie on its side afterwards; where the page's script runs, it turns the picture before it is sent.
"""

import struct
from dataclasses import dataclass

from tera.portal.review.checks.pictures import jpeg, png, webp
from tera.portal.review.checks.pictures.limits import (
    MOST_BYTES,
    MOST_PIXELS,
    MOST_TOGETHER,
    BadPicture,
    TooLarge,
)

__all__ = ["MOST_BYTES", "MOST_PIXELS", "MOST_TOGETHER", "BadPicture", "Picture", "TooLarge"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without anything beside it."""

    kind: str
    content: bytes

    @classmethod
    def read(cls, content: bytes) -> "Picture":
        """Return what a file shows, without what its camera wrote.

        Raises:
            TooLarge: more than 5 MB, than 12 000 pixels a side, or than 64 million together.
            BadPicture: not JPEG, PNG or WebP, damaged, or a picture that moves.
        """
        if len(content) > MOST_BYTES:
            raise TooLarge(f"{len(content)} bytes")
        try:
            if content.startswith(jpeg.START):
                return cls("image/jpeg", b"".join(jpeg.parts(content)))
            if content.startswith(png.START):
                return cls("image/png", b"".join(png.parts(content)))
            if content.startswith(webp.RIFF) and content[8:12] == webp.WEBP:
                return cls("image/webp", webp.whole(content))
        except (struct.error, IndexError) as error:
            raise BadPicture("the file ends too soon") from error
        raise BadPicture("neither JPEG, PNG nor WebP")
