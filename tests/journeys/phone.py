"""Somebody answers on a phone, in a real browser; and what an installation has stored of it."""

from base64 import urlsafe_b64decode
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tera.engine.response import receipt_code
from tera.intake.tables import Database
from tests.intake.kills.audit import Stored, look

PHONE = {"width": 360, "height": 740}
# Taps one option of every question; which one depends on the person.
TAP = """person => document.querySelectorAll("fieldset[id]").forEach((set, place) => {
    const options = [...set.querySelectorAll("input")].filter(option => option.value);
    options[(person + place) % options.length].click();
})"""
IS_KEPT = """async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 20));
    while (!navigator.serviceWorker.controller || !await caches.match(location.pathname)) await pause();
}"""


def open_form(phone: BrowserContext, address: str) -> Page:
    """Open the form, and wait until it would open without a network too."""
    page = phone.new_page()
    page.goto(address)
    page.evaluate(IS_KEPT)
    return page


def answer(page: Page, person: int = 0, comment: str = "") -> None:
    """Answer every question, and look the answers through."""
    page.evaluate(TAP, person)
    page.locator("#comment").fill(comment)
    page.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_role("heading", name="Periksa jawaban Anda")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="Kirim", exact=True).click()


def expect_waiting(page: Page, count: int) -> None:
    expect(page.get_by_role("status").first).to_contain_text(f"Menunggu dikirim ({count})")


def expect_thanks(page: Page) -> str:
    """Expect the receipt, and return its code."""
    expect(page.get_by_role("heading", name="Terima kasih. Jawaban Anda sudah masuk.")).to_be_visible()
    return page.locator(".receipt .code").inner_text().strip()


def stored(home: Path) -> Stored:
    return look(Database(path=home / "responses.db"), "demo")


def receipts_of(home: Path) -> dict[str, str]:
    """Return the code of the receipt for each client key."""
    return {key: receipt_code(commitment) for key, commitment in stored(home).commitments.items()}


def day_of(key: str) -> int:
    return int.from_bytes(urlsafe_b64decode(key + "==")[:2], "big")


def comments_in(home: Path) -> list[str]:
    with Database(path=home / "responses.db").transaction(writes=False) as cursor:
        return [text for (text,) in cursor.rows("SELECT comment FROM comments")]
