"""What a phone loads when somebody opens the demo's form for the first time, in each language."""

import tempfile
from pathlib import Path

from tests.journeys.serving import starting, wait_until
from tests.journeys.steps import LANGUAGES
from tests.journeys.weight import first_visit


def measure() -> dict[str, int]:
    """Return the bytes of the form and of all that comes with it, compressed as they are served."""
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with starting(folder / "home", folder) as served:
            wait_until(lambda: served.get("/s/demo") == 200)
            for language in LANGUAGES:
                form, everything, _ = first_visit(f"http://127.0.0.1:{served.port}", language)
                figures |= {f"bytes of the form, {language}": form, f"bytes of all, {language}": everything}
    return figures
