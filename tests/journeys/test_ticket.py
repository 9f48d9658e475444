"""Somebody comes with a ticket from the counter; and who met corruption learns where to report it."""

import re
import secrets
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tera.engine.response import receipt_code
from tera.engine.ticket import CODE_BYTES, ticket_hash
from tera.intake import tickets
from tera.intake.tables import Database
from tera.intake.wallet import Ticket
from tests.journeys.conftest import Demo
from tests.journeys.phone import PHONE, TAP, answer, expect_thanks, expect_waiting, open_form, send

UNIT = "kanim-sambas"


@pytest.fixture
def page(chrome: Browser) -> Page:
    return chrome.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]


def issue(home: Path, unit: str = UNIT) -> str:
    """Issue a ticket as the portal does, and return its code."""
    code = secrets.token_bytes(CODE_BYTES)
    about = Ticket("tickets/1", unit, "", date.fromisoformat("2099-01-01") - timedelta(days=1))
    tickets.issue(Database(path=home / "responses.db"), about, [ticket_hash(code)])
    return receipt_code(code)


def test_the_code_of_a_slip_is_filled_in_and_leaves_the_address(demo: Demo, page: Page) -> None:
    code = issue(demo.home)
    page.goto(f"{demo.address}/s/demo?channel=QR#{code}")
    expect(page.get_by_label("Kode tiket")).to_have_value(code)
    assert code not in page.url
    answer(page)
    expect(page.locator("dl")).to_contain_text(code)
    send(page)
    expect_thanks(page)


def test_a_ticket_that_was_used_is_told_at_its_field_and_nothing_is_lost(demo: Demo, page: Page) -> None:
    code = issue(demo.home)
    for comment in ("", "Antre lama"):
        page.goto("about:blank")
        page.goto(f"{demo.address}/s/demo#{code}")
        answer(page, comment=comment)
        send(page)
        if not comment:
            expect_thanks(page)
    field = page.get_by_label("Kode tiket")
    expect(field).to_be_visible()
    expect(field).to_have_accessible_description(re.compile("Tiket ini sudah dipakai"))
    expect(page.get_by_role("alert")).to_contain_text("Tiket ini sudah dipakai")
    expect(page.locator("#comment")).to_have_value("Antre lama")
    field.fill("")
    page.get_by_role("button", name="Periksa jawaban").click()
    send(page)
    expect_thanks(page)


@pytest.mark.parametrize(
    ("unit", "typed", "complaint"),
    [("lapas-pontianak", "", "Tiket ini dari kantor lain"), (UNIT, "ABC", "26 huruf dan angka")],
)
def test_a_ticket_that_is_no_good_is_told_plainly(
    demo: Demo, page: Page, unit: str, typed: str, complaint: str
) -> None:
    page.goto(f"{demo.address}/s/demo")
    page.get_by_text("Punya tiket? Isi kodenya").click()
    page.get_by_label("Kode tiket").fill(typed or issue(demo.home, unit))
    page.evaluate(TAP, 0)
    page.get_by_role("button", name="Periksa jawaban").click()
    if not typed:
        send(page)
    expect(page.get_by_role("alert")).to_contain_text(complaint)
    expect(page.get_by_label("Kode tiket")).to_be_visible()


def test_a_ticket_that_was_refused_later_is_mended_with_nothing_lost(demo: Demo, page: Page) -> None:
    """The answer waited without a network, and the page was opened anew when there was one."""
    address, used = f"{demo.address}/s/demo", issue(demo.home)
    page.goto(f"{address}#{used}")
    answer(page)
    send(page)
    expect_thanks(page)
    phone = page.context.browser.new_context(viewport=PHONE)  # type: ignore[union-attr, arg-type]
    other = open_form(phone, address)
    phone.set_offline(True)
    other.get_by_text("Punya tiket? Isi kodenya").click()
    other.get_by_label("Kode tiket").fill(used)
    answer(other, comment="Antre lama")
    send(other)
    expect_waiting(other, 1)
    other.goto("about:blank")
    phone.set_offline(False)
    other.goto(address)
    expect(other.locator(".settled")).to_contain_text("Tiket ini sudah dipakai")
    other.reload()
    other.get_by_role("button", name="Perbaiki").click()
    expect(other.locator("#comment")).to_have_value("Antre lama")
    other.get_by_label("Kode tiket").fill("")
    other.get_by_role("button", name="Periksa jawaban").click()
    send(other)
    expect_thanks(other)
    phone.close()


@pytest.mark.parametrize(("comment", "is_shown"), [("Ada calo di loket", True), ("Terima kasih", False)])
def test_who_met_corruption_learns_where_to_report_it(
    demo: Demo, page: Page, comment: str, is_shown: bool
) -> None:
    page.goto(f"{demo.address}/s/demo")
    for question in page.get_by_role("group").filter(has=page.get_by_role("radio")).all():
        question.get_by_role("radio").last.check()  # the best there is
    page.locator("#comment").fill(comment)
    page.get_by_role("button", name="Periksa jawaban").click()
    send(page)
    expect_thanks(page)
    expect(page.get_by_role("link", name="SP4N-LAPOR!")).to_be_visible(visible=is_shown)
