"""People come by the SSO of their ministry; whoever has no account here is told so, and nothing is made."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.homes import installed
from tests.journeys.provider import CLIENT, PASSWORD, SECRET
from tests.journeys.serving import Served, free_port, starting, wait_until

OWN = "kuda-baterai-jepit-benar"
PEOPLE = {"budi": "budi@kantor.id", "dewi": "dewi@kantor.id", "wayan": ""}


@dataclass(frozen=True)
class Site:
    """An installation that knows a ministry's SSO."""

    served: Served

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"

    def says(self, code: str) -> str:
        """Return what Python prints in this installation."""
        environment = {**os.environ, "TERA_HOME": str(self.served.home), "TERA_DATABASE_URL": ""}
        command = [sys.executable, "-m", "tera", "manage", "shell", "--no-imports", "-c", code]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    def counts(self) -> str:
        return self.says(
            "from tera.portal.accounts.models import User; "
            "from allauth.socialaccount.models import SocialAccount; "
            "print(User.objects.count(), SocialAccount.objects.count())"
        )


@contextmanager
def ministry(folder: Path, port: int, callback: str) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.journeys.provider", str(port), str(folder / "sso.db"), callback]
    with (folder / "sso").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return bool(answer.status)
    except OSError:
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve an installation, and the SSO beside it."""
    folder, port, sso = tmp_path_factory.mktemp("sso"), free_port(), free_port()
    callback = f"http://127.0.0.1:{port}/akun/sso/kembali/"
    named = {
        "TERA_OIDC_URL": f"http://127.0.0.1:{sso}/o",
        "TERA_OIDC_CLIENT": CLIENT,
        "TERA_OIDC_SECRET": SECRET,
        "TERA_OIDC_NAME": "SSO Kementerian",
    }
    with ministry(folder, sso, callback), pytest.MonkeyPatch.context() as patch:
        for name, value in named.items():
            patch.setenv(name, value)
        with starting(installed(folder / "home"), folder, "serve", port=port) as served:
            site = Site(served)
            wait_until(lambda: served.get("/masuk/") or served.process.poll() is not None)
            wait_until(lambda: answers(f"http://127.0.0.1:{sso}/masuk/"))
            people = "; ".join(
                f"User.objects.create_user({name!r}, {email!r}, {OWN!r})" for name, email in PEOPLE.items()
            )
            site.says(f"from tera.portal.accounts.models import User; {people}")
            yield site


@pytest.fixture
def page(site: Site, chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(base_url=site.address, locale="id-ID")
    yield context.new_page()
    context.close()


def at_the_ministry(page: Page, number: str) -> None:
    page.locator("[name=username]").fill(number)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Masuk SSO").click()


def come(page: Page, number: str) -> None:
    page.goto("/masuk/")
    page.get_by_role("button", name="Masuk lewat SSO Kementerian").click()
    at_the_ministry(page, number)


def test_whose_address_is_verified_reaches_their_account(site: Site, page: Page) -> None:
    before = site.counts()
    for _ in range(2):
        come(page, "198501")
        expect(page.get_by_role("link", name="budi")).to_be_visible()
        page.get_by_role("button", name="Keluar").click()
        page.context.clear_cookies()
    users, links = before.split()
    assert site.counts().split() == [users, str(int(links) + 1)]
    page.goto("/masuk/")
    page.get_by_label("Nama akun").fill("budi")
    page.get_by_label("Kata sandi").fill(OWN)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("link", name="budi")).to_be_visible()


@pytest.mark.parametrize("number", ["199002", "199503"])
def test_who_has_no_account_or_no_verified_address_is_told_so(site: Site, page: Page, number: str) -> None:
    before = site.counts()
    come(page, number)
    expect(page.get_by_role("heading", name="Anda belum punya akun di sini")).to_be_visible()
    assert site.counts() == before
    page.goto("/survei/")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()


def test_one_connects_an_account_by_oneself(page: Page) -> None:
    page.goto("/masuk/")
    page.get_by_label("Nama akun").fill("wayan")
    page.get_by_label("Kata sandi").fill(OWN)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.goto("/akun/")
    page.get_by_role("link", name="SSO kementerian").click()
    page.get_by_role("button", name="Sambungkan dengan SSO Kementerian").click()
    at_the_ministry(page, "200004")
    page.get_by_label("Kata sandi").fill(OWN)
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Akun kementerian sudah tersambung")).to_be_visible()
    page.context.clear_cookies()
    come(page, "200004")
    expect(page.get_by_role("link", name="wayan")).to_be_visible()
