"""A running demo of its own, and a browser to visit it with."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tera.portal.demo.actions import PASSWORD
from tests.homes import grown, run_tera
from tests.journeys.serving import starting, wait_until
from tools import browser


@dataclass(frozen=True)
class Demo:
    """A demo that is being served."""

    address: str
    home: Path
    password: str = PASSWORD

    def run(self, *arguments: str) -> str:
        """Run one `tera` command on this installation and return what it prints."""
        return run_tera(self.home, *arguments, TERA_DEMO="1")

    def shell(self, deed: str) -> None:
        """Do something with its campaigns, as no button does it."""
        known = (
            "from datetime import date; from tera.portal.surveys.actions import publish; "
            "from tera.portal.surveys.models import Campaign; "
        )
        self.run("manage", "shell", "--no-imports", "-c", known + deed)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve a demo in a home of its own until the tests are done."""
    folder = tmp_path_factory.mktemp("demo")
    with starting(grown(folder / "home"), folder) as served:
        wait_until(lambda: "password" in served.out.read_text() or served.process.poll() is not None)
        assert served.process.poll() is None, served.err.read_text()
        yield Demo(f"http://127.0.0.1:{served.port}", served.home)


@pytest.fixture(scope="session")
def chrome(chromium: browser.Browser) -> Iterator[Browser]:
    """Return a browser that starts."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium.executable), env={**os.environ, **chromium.environment}
        )
        yield running
        running.close()
