"""How large a picture may be, so that an ordinary phone can still draw it."""

MOST_BYTES = 5_000_000  # a picture
MOST_PIXELS = 12_000  # a side
MOST_TOGETHER = 64_000_000  # width times height; drawn, each pixel takes four bytes


class BadPicture(ValueError):
    """The file is no picture that we keep; the message says what it is instead."""


class TooLarge(BadPicture):
    """The file, or the picture in it, is larger than we take."""


def require_size(width: int, height: int) -> None:
    """Raise TooLarge for a picture that has no pixels, or too many."""
    is_side = 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS
    if not is_side or width * height > MOST_TOGETHER:
        raise TooLarge(f"{width} × {height} pixels")
