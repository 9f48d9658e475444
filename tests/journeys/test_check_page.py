"""A receipt is checked in the browser: only what the site itself said ever speaks against the operator."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Error, FilePayload, Page, Route, expect

from tera.engine import note
from tera.engine.receipt import message
from tera.engine.response import receipt_code
from tera.intake.signing import read_key
from tera.intake.submission import base64url
from tests.journeys.conftest import Demo

DAY, DAY_NUMBER = "2026-11-20", 20777
RIGHT, WRONG, NEUTRAL, OPEN = "^Semua benar", "^Ada yang tidak benar", "^Belum diperiksa", "^Belum semuanya"


@dataclass(frozen=True)
class Receipt:
    """A receipt under the demo's key, of a response that exists or of one that does not."""

    commitment: bytes
    signature: bytes

    @property
    def code(self) -> str:
        return receipt_code(self.commitment)

    @property
    def compact(self) -> str:
        return f"demo.{DAY}.{base64url(self.commitment)}.{base64url(self.signature)}"

    def as_json(self, **others: str) -> str:
        said = {"receipt": self.code, "campaign": "demo", "day": DAY, "commitment": self.commitment.hex()}
        return json.dumps({**said, "signature": base64url(self.signature), **others})


@dataclass(frozen=True)
class Checking:
    """The page in a browser of its own, and what can be entered there."""

    page: Page
    demo: Demo
    receipt: Receipt
    other: Receipt

    def saved(self, path: str) -> str:
        """Return a file of the site, as people keep it."""
        return self.page.request.get(self.demo.address + path).text()

    def proof(self) -> str:
        return self.saved(f"/r/{self.receipt.code}/bukti.json")

    def check(self, receipt: str, expected: str, *, proof: str = "", keys: str = "", key: str = "") -> None:
        """Enter this, press the button, and expect a verdict that begins like this."""
        self.page.locator("details").evaluate("one => { one.open = true }")
        self.page.locator("#receipt").fill(receipt)
        self.page.locator("#keys").fill(keys)
        self.page.locator("#key").fill(key)
        given = FilePayload(name="bukti.json", mimeType="application/json", buffer=proof.encode())
        self.page.locator("#proof").set_input_files([given] if proof else [])
        self.page.get_by_role("button", name="Periksa", exact=True).click()
        self.expect_verdict(expected)

    def expect_verdict(self, expected: str) -> None:
        expect(self.page.locator("[data-summary]")).to_have_text(re.compile(expected))
        expect(self.page.locator("[data-summary]")).to_be_focused()

    def answer_with(self, pattern: str, status: int, body: str) -> None:
        """Let something answer for the site from now on."""
        self.page.unroute_all()
        self.page.route(re.compile(pattern), lambda route: route.fulfill(status=status, body=body))


def sign(home: Path, commitment: bytes) -> Receipt:
    return Receipt(commitment, read_key(home / "receipt.key").sign(message(commitment, "demo", DAY_NUMBER)))


@pytest.fixture
def checking(demo: Demo, chrome: Browser) -> Iterator[Checking]:
    with closing(sqlite3.connect(f"file:{demo.home}/responses.db?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT commitment FROM sealed WHERE campaign = 'demo' LIMIT 2").fetchall()
    receipt, other = (sign(demo.home, commitment) for (commitment,) in rows)
    with chrome.new_context(locale="id-ID") as context:
        page = context.new_page()
        page.goto(f"{demo.address}/hasil/verifikasi/")
        page.set_default_timeout(5000)
        yield Checking(page, demo, receipt, other)


def foreign_key(name: str) -> str:
    public = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return str(note.Key(name, note.ED25519, public))


def test_a_receipt_is_taken_as_people_have_it(checking: Checking) -> None:
    whole, link = checking.receipt.as_json(), f"{checking.demo.address}/hasil/verifikasi/#"
    curly = re.sub(r'"(\w+)"', "“\\1”", whole)
    folded = "\n".join(f"> {whole[start : start + 60]}" for start in range(0, len(whole), 60))
    for receipt in (whole, checking.receipt.compact, link + checking.receipt.compact, curly, folded):
        checking.check(receipt, RIGHT)
    assert checking.page.locator("[data-state=yes]").count() == 5
    first = checking.page.locator("[data-step=signed]")
    expect(first).to_contain_text("Selesai:")
    expect(first).to_contain_text(re.compile("20 November 2026.*dengan kunci dari situs ini"))


def test_what_is_entered_wrongly_accuses_nobody(checking: Checking) -> None:
    whole, proof, key = checking.receipt.as_json(), checking.proof(), checking.saved("/log/key")
    for nonsense in ("halo", "{}", "null", "[]", whole[:-20], whole.replace("demo", ""), proof, "#%E0%A4%A"):
        checking.check(nonsense, NEUTRAL)
    checking.check(checking.receipt.as_json(receipt=checking.other.code), NEUTRAL + ".*Kode")
    checking.check(checking.receipt.code.lower(), NEUTRAL + ".*hanya kodenya")
    link = checking.page.locator("[data-summary] a").get_attribute("href")
    assert link == f"/r/{checking.receipt.code.replace('-', '')}"
    for damaged in (proof[:300], "{}", "null", proof.replace('"block"', '"blok"'), checking.other.as_json()):
        checking.check(whole, NEUTRAL + ".*Berkas bukti", proof=damaged)
    checking.check(checking.other.as_json(), NEUTRAL + ".*tanda terima lain", proof=proof)
    said = json.loads(proof)
    said["log"]["proof"][0] = said["log"]["proof"][0][::-1]
    checking.check(whole, NEUTRAL + ".*Berkas bukti", proof=json.dumps(said))
    checking.check(whole, NEUTRAL + ".*tidak terbaca", key=key[:-5])
    checking.check(whole, NEUTRAL + ".*kunci buku besar", key=foreign_key("ledger.tera.invalid"))
    checking.check(whole, NEUTRAL + ".*tidak terbaca", keys="kunci")
    checking.check(whole, NEUTRAL + ".*kunci tanda terima", keys=foreign_key("ledger.tera.invalid/receipts"))


def test_without_a_network_it_needs_the_three_saved_files(checking: Checking) -> None:
    whole, proof = checking.receipt.as_json(), checking.proof()
    keys, key = checking.saved("/log/receipt-key"), checking.saved("/log/key")
    checking.page.context.set_offline(True)
    checking.check(whole, RIGHT, proof=proof, keys=keys, key=key)
    expect(checking.page.locator("[data-step=signed]")).to_contain_text("dengan kunci yang Anda percaya")
    checking.check(whole, OPEN)
    checking.check(whole, OPEN, proof=proof, key=key)
    assert checking.page.locator("[data-step][data-state=yes]").count() == 3


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "<html>Masuk ke Wi-Fi</html>"), (429, ""), (502, "Bad Gateway"), (404, "<html>"), (200, "null")],
)
def test_a_network_that_fails_says_nothing(checking: Checking, status: int, body: str) -> None:
    for answered in ("bukti.json$", "/log/receipt-key$", "/log/key$", "bukti.json$|/log/"):
        checking.answer_with(answered, status, body)
        checking.check(checking.receipt.as_json(), OPEN)


def change_root(proof: dict[str, Any]) -> None:
    proof["statement"] = re.sub(r'("root":")..', r"\1zz", proof["statement"])


def change_size(proof: dict[str, Any]) -> None:
    proof["log"]["size"] += 1


def change_note(proof: dict[str, Any]) -> None:
    head, gap, below = proof["checkpoint"].partition("\n\n")
    proof["checkpoint"] = f"{head}\nlebih{gap}{below}"


@pytest.mark.parametrize(
    ("change", "step"), [(change_root, "sealed"), (change_size, "logged"), (change_note, "noted")]
)
def test_a_site_that_contradicts_itself_is_accused(checking: Checking, change: Any, step: str) -> None:
    proof = json.loads(checking.proof())
    change(proof)
    checking.answer_with("bukti.json$", 200, json.dumps(proof))
    checking.check(checking.receipt.as_json(), WRONG)
    expect(checking.page.locator("[data-step][data-state=no]")).to_have_attribute("data-step", step)
    expect(checking.page.locator("[data-state=no] [data-said]")).to_have_text("Salah:")


def test_a_forged_signature_and_a_vanished_response_are_told(checking: Checking) -> None:
    forged = Receipt(checking.receipt.commitment, checking.other.signature)
    checking.check(forged.compact, WRONG + ".*tanda tangan")
    vanished = sign(checking.demo.home, bytes(31) + b"\x01")
    checking.check(vanished.as_json(), WRONG + ".*tidak mengenal")
    checking.check(vanished.as_json(), OPEN, keys=checking.saved("/log/receipt-key"))
    checking.answer_with("bukti.json$", 404, '{"state": "waiting"}')
    checking.check(vanished.as_json(), OPEN)
    expect(checking.page.locator("[data-step=sealed]")).to_contain_text("Coba lagi besok")


def test_a_site_that_never_answers_is_not_waited_for(checking: Checking) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    checking.page.clock.install()
    checking.page.reload()
    checking.check(checking.receipt.as_json(), RIGHT)
    checking.page.route(re.compile("receipt-key$"), hold)
    button = checking.page.get_by_role("button", name="Periksa", exact=True)
    button.click()
    expect(checking.page.locator("[data-step=signed]")).to_have_attribute("data-state", "wait")
    expect(checking.page.locator("[data-summary]")).to_have_text("")
    checking.check("halo", NEUTRAL)
    checking.page.wait_for_timeout(200)  # the older check was given up, and must not write
    checking.expect_verdict(NEUTRAL)
    checking.page.locator("#receipt").fill(checking.receipt.as_json())
    button.click()
    expect(checking.page.locator("[data-step=signed]")).to_have_attribute("data-state", "wait")
    checking.page.clock.fast_forward(20_000)
    checking.expect_verdict(OPEN)
    assert len(held) == 2


def test_the_receipt_behind_the_address_stays_there(checking: Checking) -> None:
    address = f"{checking.demo.address}/hasil/verifikasi/"
    errors: list[Error] = []

    def remember(error: Error) -> None:
        errors.append(error)

    checking.page.on("pageerror", remember)
    checking.page.goto(f"{address}#%E0%A4%A")
    checking.expect_verdict(NEUTRAL)
    checking.page.goto(f"{address}#{checking.receipt.compact}")
    checking.expect_verdict(RIGHT)
    checking.page.locator("#file").set_input_files([])
    checking.page.locator(".skip").evaluate("link => link.click()")
    expect(checking.page.locator("#receipt")).to_have_value(checking.receipt.compact)
    checking.page.get_by_role("button", name="EN").click()
    checking.expect_verdict("^All is right")
    expect(checking.page.locator("[data-step=signed]")).to_contain_text("November 20, 2026")
    assert errors == []


def test_without_signatures_in_the_browser_it_only_says_so(checking: Checking) -> None:
    checking.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})")
    checking.page.goto("about:blank")
    checking.page.goto(f"{checking.demo.address}/hasil/verifikasi/#{checking.receipt.compact}")
    expect(checking.page.locator("[data-insecure]")).to_be_visible()
    expect(checking.page.get_by_role("button", name="Periksa", exact=True)).to_be_disabled()
    expect(checking.page.locator("[data-result]")).to_be_hidden()


def test_without_javascript_there_is_no_form(demo: Demo, chrome: Browser) -> None:
    with chrome.new_context(java_script_enabled=False, locale="id-ID") as context:
        page = context.new_page()
        page.goto(f"{demo.address}/hasil/verifikasi/")
        expect(page.locator("main form")).to_be_hidden()
        expect(page.locator("noscript p")).to_be_visible()
        assert page.locator("main form [name]").count() == 0
