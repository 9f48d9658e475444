"""The code on printed minutes: 80 random bits, which people can read out and type in."""

import secrets

from tera.engine.response import AS_TYPED, CROCKFORD, BadCode

DIGITS, GROUP = 16, 4  # five bits each
_DASHES = str.maketrans(dict.fromkeys("\t\u00a0\u2010\u2011\u2012\u2013\u2014"))


def new_code() -> str:
    """Return a code that nobody can guess, without the letters that look like digits."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(DIGITS))


def grouped(code: str) -> str:
    """Return a code as it is printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """Return the code that somebody typed, without regard to case, spaces and dashes; O is 0, I and L are 1.

    Raises:
        BadCode: it is none.
    """
    code = typed.upper().translate(_DASHES).translate(AS_TYPED)
    if len(code) != DIGITS or set(code) - set(CROCKFORD):
        raise BadCode(f"the code of minutes has {DIGITS} letters and digits, in groups of {GROUP}")
    return code
