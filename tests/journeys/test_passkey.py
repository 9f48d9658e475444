"""Putri secures her account in a real browser: with a passkey, and with an app that shows codes."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.looking import DARK_DESK, LIGHT_PHONE, faults, squeezed
from tests.portal.code_app import code_of

PASSWORD = "kuda-baterai-jepit-benar"
PAGES = (
    "/akun/",
    "/akun/perangkat/",
    "/akun/sandi/",
    "/akun/langkah-dua/",
    "/akun/kunci/",
    "/akun/kunci/tambah/",
    "/akun/langkah-dua/cadangan/",
    "/akun/langkah-dua/cadangan/baru/",
    "/akun/langkah-dua/aplikasi/",
    "/akun/sso/sambungan/",
)
BEFORE = ("/masuk/", "/akun/sandi/lupa/", "/akun/sandi/lupa/terkirim/", "/akun/nonaktif/", "/akun/sso/gagal/")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
numbers = count(1)


@pytest.fixture
def name(demo: Demo) -> str:
    """Return the name of an account that nobody used yet."""
    name = f"putri{next(numbers)}"
    made = f"User.objects.create_user({name!r}, password={PASSWORD!r})"
    demo.shell(f"from tera.portal.accounts.models import User; {made}")
    return name


@pytest.fixture
def page(demo: Demo, chrome: Browser) -> Iterator[Page]:
    """Return a browser on a device with a fingerprint reader. Passkeys belong to a name, not a number."""
    context = chrome.new_context(base_url=demo.address.replace("127.0.0.1", "localhost"), locale="id-ID")
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield page
    context.close()


def log_in(page: Page, name: str) -> None:
    page.goto("/masuk/")
    page.get_by_label("Nama akun").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Keluar").click()


def confirm(page: Page) -> None:
    """Answer who asks once more."""
    expect(page.get_by_role("heading", name="Pastikan ini Anda")).to_be_visible()
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()


def is_in(page: Page, name: str) -> None:
    expect(page.get_by_role("link", name=name)).to_be_visible()


def type_code(page: Page, secret: str, button: str) -> None:
    """Type what the app shows; if it changed in that moment, what it shows then."""
    for _ in range(2):
        page.get_by_label("Kode", exact=True).fill(code_of(secret))
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()
        if not page.get_by_text("Kode ini tidak cocok").is_visible():
            return
    pytest.fail("the code was refused twice")


def test_a_passkey_logs_in_alone_and_as_a_second_step(page: Page, name: str) -> None:
    log_in(page, name)
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Verifikasi dua langkah").click()
    page.get_by_role("link", name="Pasang kunci sandi").click()
    confirm(page)
    page.get_by_role("button", name="Pasang").click()
    expect(page.get_by_text("Kunci sandi sudah terpasang")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    log_out(page)

    page.goto("/masuk/")
    page.get_by_role("button", name="Pakai kunci sandi").click()
    is_in(page, name)
    log_out(page)

    log_in(page, name)
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    page.get_by_role("button", name="Pakai kunci sandi").click()
    is_in(page, name)


def test_a_device_without_the_passkey_says_so_on_the_page(page: Page) -> None:
    page.goto("/masuk/")
    page.get_by_role("button", name="Pakai kunci sandi").click()
    expect(page.get_by_text("Kunci sandi tidak jadi dipakai")).to_be_visible()


def test_an_app_shows_the_second_step(page: Page, name: str) -> None:
    log_in(page, name)
    is_in(page, name)
    page.goto("/akun/langkah-dua/")
    page.get_by_role("link", name="Pasang aplikasi").click()
    confirm(page)
    page.get_by_text("Tidak dapat memindai?").click()
    secret = page.locator(".secret").inner_text()
    type_code(page, secret, "Pasang")
    expect(page.get_by_text("Aplikasi kode sudah terpasang")).to_be_visible()
    log_out(page)

    log_in(page, name)
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    type_code(page, secret, "Masuk")
    is_in(page, name)


def look(page: Page) -> list[str]:
    return [*faults(page, [LIGHT_PHONE, DARK_DESK]), *squeezed(page)]


def test_everybody_can_use_the_pages_of_an_account(page: Page, name: str) -> None:
    found = []
    for path in BEFORE:
        page.goto(path)
        found += [f"{path}: {fault}" for fault in look(page)]
    log_in(page, name)
    page.goto("/akun/kunci/tambah/")
    found += [f"asked once more: {fault}" for fault in look(page)]
    confirm(page)
    page.get_by_role("button", name="Pasang").click()
    expect(page.locator(".codes li")).to_have_count(10)
    for path in PAGES:
        page.goto(path)
        found += [f"{path}: {fault}" for fault in look(page)]
    log_out(page)
    log_in(page, name)
    expect(page.get_by_role("heading", name="Langkah kedua")).to_be_visible()
    assert found + look(page) == []
