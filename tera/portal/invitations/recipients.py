"""Whom an invitation goes to: a list that somebody pasted, read line by line and kept nowhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

MOST = 100
_FILLING = re.compile(r"[\s().-]")
_STARTS = {"+620": "+62", "+": "+", "00": "+", "0": "+62", "620": "+62", "62": "+62", "8": "+628"}
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, with its number from 1 as people count."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that got no invitation, and why; `is_later` if nothing is wrong with it."""

    line: Line
    reason: str
    is_later: bool = False


class BadRecipient(ValueError):
    """This is no address or number; the message says what is allowed."""


def read_list(text: str, way: str) -> tuple[dict[str, Line], list[Problem]]:
    """Return the recipients in a list, each with the line that names it first, and what cannot be used."""
    found: dict[str, Line] = {}
    problems = []
    for number, written in enumerate(text.splitlines(), start=1):
        line = Line(number, written.strip())
        if not line.text:
            continue
        try:
            to = READERS[way](line.text)
        except BadRecipient as error:
            problems.append(Problem(line, str(error)))
            continue
        if to not in found and len(found) == MOST:
            reason = _("Paling banyak %(most)s sekaligus. Kirim lagi untuk baris ini.") % {"most": MOST}
            problems.append(Problem(line, reason, is_later=True))
        else:
            found.setdefault(to, line)
    return found, problems


def read_address(text: str) -> str:
    """Return a mail address in small letters, so that nobody is written to twice."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise BadRecipient(_("Bukan alamat e-mail. Contoh yang benar: nama@contoh.id")) from error
    return text.lower()


def read_number(text: str) -> str:
    """Return a telephone number as +62…; 08… is Indonesian, and so is 8…, which a spreadsheet made of it."""
    digits = _FILLING.sub("", text)
    for start, meant in _STARTS.items():
        if digits.startswith(start):
            digits = meant + digits.removeprefix(start)
            break
    if not _NUMBER.fullmatch(digits):
        raise BadRecipient(_("Bukan nomor telepon. Contoh yang benar: 0812 3456 7890 atau +62 812 3456 7890"))
    return digits


READERS: dict[str, Callable[[str], str]] = {
    "EMAIL": read_address,
    "WHATSAPP": read_number,
    "SMS": read_number,
}
