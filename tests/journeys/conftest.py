"""A running demo of its own, and a browser to visit it with."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tera.portal.demo.actions import PASSWORD
from tools import browser

PATIENCE = 600
TENTH = 0.1


@dataclass(frozen=True)
class Demo:
    """A demo that is being served."""

    address: str
    home: Path
    password: str = PASSWORD

    def run(self, *arguments: str) -> str:
        """Run one `tera` command on this installation and return what it prints."""
        environment = {**os.environ, "TERA_HOME": str(self.home), "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}
        command = [sys.executable, "-m", "tera", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve a demo in a home of its own until the tests are done."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TERA_HOME": str(home), "TERA_DATABASE_URL": ""}
    command = [sys.executable, "-m", "tera", "demo", "--port", str(port)]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT) as server,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/sehat", server, home / "log")
            yield Demo(address, home)
        finally:
            server.send_signal(signal.SIGTERM)


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(PATIENCE):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  a demo on this machine
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(TENTH)
    pytest.fail(f"the demo does not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def chrome(chromium: browser.Browser) -> Iterator[Browser]:
    """Return a browser that starts."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium.executable), env={**os.environ, **chromium.environment}
        )
        yield running
        running.close()
