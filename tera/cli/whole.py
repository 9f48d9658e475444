"""Reads whole numbers that count no people, such as seeds, given on the command line."""

from argparse import ArgumentTypeError

MOST_DIGITS = 12


def whole(text: str) -> int:
    """Return a whole number written in plain digits; argparse shows the complaint."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        shown = text[:MOST_DIGITS]
        raise ArgumentTypeError(
            f"{shown!r} is not a whole number, 0 or more, of at most {MOST_DIGITS} digits"
        )
    return int(text)
