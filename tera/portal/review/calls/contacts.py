"""The list from which people to call are drawn: read in memory, kept nowhere but for those who are drawn.

What is wrong is told by the number of its line, never by what stands there.
"""

import csv
import re
from dataclasses import dataclass

CONTACT_MOST, REFERENCE_MOST = 120, 80
LIST_MOST = 50_000  # bytes: a longer body would lie on the server's disk while it arrives
SEPARATORS = ";\t,"
_CAN_BE_REACHED = re.compile(r"[0-9@]")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who was served: how to reach them, and the service system's number of the transaction."""

    contact: str
    reference: str


class BadLines(ValueError):
    """Lines that name no contact, by their numbers from 1."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(f"no contact in lines {', '.join(map(str, numbers))}")
        self.numbers = numbers


def read_contacts(text: str) -> tuple[Contact, ...]:
    """Return the contacts of a list, each once, in its order; a first line that names columns is none.

    Raises:
        BadLines: a line has no telephone number or address at its beginning, or one that is too long.
    """
    found: dict[str, Contact] = {}
    wrong = []
    written = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    lines = [(number, line) for number, line in written if line.strip()]
    mark = max(SEPARATORS, key=lines[0][1].count) if lines else ""
    for place, (number, line) in enumerate(lines):
        contact, reference = _cells(line, mark)
        if (
            not _CAN_BE_REACHED.search(contact)
            or len(contact) > CONTACT_MOST
            or len(reference) > REFERENCE_MOST
        ):
            if place:  # else it names the columns
                wrong.append(number)
        else:
            found.setdefault(contact, Contact(contact, reference))
    if wrong:
        raise BadLines(tuple(wrong))
    return tuple(found.values())


def _cells(line: str, mark: str) -> tuple[str, str]:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
    except csv.Error:
        return "", ""
    return (*cells, "", "")[0], (*cells, "", "")[1]
