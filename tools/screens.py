"""Take a picture of every step of answering, in every language: `make screens TO=folder`.

On a phone of 360 px, light and dark, and on a screen of 1280 px; with script and without; and the pages that
take no answer. It serves a demo of its own. Somebody has to look at the pictures.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.serving import Served, starting, wait_until
from tests.journeys.steps import (
    LANGUAGES,
    OTHER_YEARS,
    ignore_scripts,
    use_a_key_twice,
    with_script,
    without_script,
)
from tools import browser

VIEWS = (("light", 360), ("dark", 360), ("light", 1280))
HEIGHT = 740
NOT_FOUND = 404


def steps(served: Served, chrome: Browser, language: str) -> Iterator[tuple[str, Page]]:
    """Yield each page that a respondent may see in a language, with its name, while it is shown."""
    address = f"http://127.0.0.1:{served.port}/s"
    with chrome.new_context(locale="id-ID") as phone:
        page = phone.new_page()
        page.goto(f"{address}/demo/{language}")
        for place, step in enumerate(with_script(page), 1):
            yield f"{place} {step}", page
        for code in ("lalu", "nanti"):
            page.goto(f"{address}/{code}/{language}")
            yield code, page
    with chrome.new_context(locale="id-ID") as phone:
        ignore_scripts(phone)
        page = phone.new_page()
        page.goto(f"{address}/demo/{language}")
        for place, step in enumerate(without_script(page), 1):
            yield f"without script {place} {step}", page
        page.goto(f"{address}/demo/{language}")
        use_a_key_twice(page)
        page.wait_for_load_state()
        yield "used", page


def add_other_years(served: Served) -> None:
    command = [sys.executable, "-m", "tera", "manage", "shell", "--no-imports", "-c", OTHER_YEARS]
    environment = os.environ | {"TERA_HOME": str(served.home), "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}
    subprocess.run(command, check=True, env=environment)
    wait_until(lambda: served.get("/s/nanti") != NOT_FOUND)


def take(served: Served, chrome: Browser, folder: pathlib.Path, languages: list[str]) -> int:
    """Take all pictures, and return how many there are."""
    count = 0
    for language in languages:
        for name, page in steps(served, chrome, language):
            for scheme, width in VIEWS:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.set_viewport_size({"width": width, "height": HEIGHT})
                picture = folder / f"{language} {name}, {scheme} {width}.png"
                page.screenshot(path=picture, full_page=True)
                count += 1
            page.set_viewport_size({"width": 360, "height": HEIGHT})
    return count


def main() -> int:
    parser = argparse.ArgumentParser(prog="screens", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    chromium = browser.get()
    os.environ.update(chromium.driver_environment)
    with tempfile.TemporaryDirectory(prefix="tera-screens-") as name, sync_playwright() as playwright:
        home = pathlib.Path(name)
        with starting(home / "home", home) as served:
            wait_until(lambda: served.get("/s/demo") == 200)
            add_other_years(served)
            chrome = playwright.chromium.launch(
                executable_path=str(chromium.executable), env={**os.environ, **chromium.environment}
            )
            count = take(served, chrome, asked.folder, asked.languages)
            chrome.close()
    print(f"{count} pictures in {asked.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
