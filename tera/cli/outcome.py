"""What a verb answers: text for stdout and an exit code. One place prints it, so nothing is half said."""

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text to print and the exit code: 0 fine, 1 the answer is no."""

    text: str = ""
    code: int = 0


def for_people(write: Callable[[Console], None]) -> str:
    """Return what `write` prints on a console, in which no text is taken for markup."""
    console = Console(markup=False, highlight=False)
    with console.capture() as capture:
        write(console)
    return capture.get()
