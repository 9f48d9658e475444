"""An operator opens a campaign, people answer it on their phones, and everybody sees the same index."""

import json
import re
from base64 import urlsafe_b64decode
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tera.engine.response import receipt_code
from tests.journeys.conftest import Demo
from tests.journeys.serving import wait_until
from tests.journeys.verifying import WAIT, Offices

PHONE = {"width": 360, "height": 740}
RESPONDENTS = 30
# The first respondent taps every option; the others tap one and click the rest without waiting between.
QUICKLY = """chosen => Object.entries(chosen).forEach(([name, score]) =>
    document.querySelector(`input[name=${name}][value="${score}"]`).click())"""


def log_in(page: Page, demo: Demo, name: str) -> None:
    page.goto(f"{demo.address}/masuk/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(demo.password)
    page.get_by_role("main").get_by_role("button", name="Masuk").click()
    expect(page).to_have_url(re.compile("/survei/$"))


def open_campaign(page: Page) -> str:
    """Open a campaign with what is proposed, and return its code."""
    page.goto(page.url + "buka/kanim-sambas/")
    page.locator("[name=period]").select_option(index=2)  # the quarter; the half year has the demo's own
    page.locator("[name=population]").fill("40")
    page.get_by_role("button", name="Buka survei").click()
    expect(page.get_by_role("img", name="Kode QR ke survei")).to_be_visible()
    return page.url.rstrip("/").rpartition("/")[2]


def answer(phone: BrowserContext, address: str, person: int) -> str:
    """Answer every question as one person, look the answers through, and send them.

    Return where the receipt can be checked.
    """
    page = phone.new_page()
    page.goto(address)
    questions = page.locator(
        "fieldset:has(input[type=radio][required]), fieldset:has(input[name=PERSYARATAN])"
    )
    assert questions.count() > 0
    names = page.eval_on_selector_all("input[type=radio]", "all => [...new Set(all.map(one => one.name))]")
    items = [name for name in names if name.isupper()]
    assert len(items) == 14
    chosen = {name: 4 - (person * 7 + place * 3) % 5 // 3 for place, name in enumerate(items)}
    for name, score in list(chosen.items())[: None if person == 0 else 1]:
        page.locator(f"label:has(input[name={name}][value='{score}'])").tap()
    page.evaluate(QUICKLY, chosen)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Periksa jawaban").click()
    with page.expect_response(lambda reply: reply.request.method == "POST") as sent:
        page.get_by_role("button", name="Kirim", exact=True).click()
    assert sent.value.status == 201  # the receipts of those who answered here before are on the page already
    expect(page.locator("main")).to_contain_text(
        re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{1,5}){5}")
    )
    # Above the form stand the receipts of what was answered here before.
    link = page.get_by_role("link", name="Periksa sendiri", include_hidden=True).last.get_attribute("href")
    assert link is not None
    page.close()
    return link


def code_of(receipt: str) -> str:
    """Return the short code of a receipt that a link holds."""
    commitment = receipt.partition("#")[2].split(".")[2]
    return receipt_code(urlsafe_b64decode(commitment + "="))


def fill_methods(page: Page, demo: Demo, code: str) -> None:
    """Let budi of the unit write what no program knows of the survey: nobody certifies before."""
    page.goto(f"{demo.address}/laporan/{code}/")
    incomplete = page.get_by_text("Lembar metode belum lengkap")
    wait_until(lambda: page.reload() and incomplete.is_visible())  # once the ledger says that it is closed
    page.get_by_role("link", name="Isi lembar metode").click()
    for name in ("invited", "incentives", "field", "contact"):
        page.locator(f"[name={name}]").fill("Tidak ada; survei ini rekaan.")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status")).to_contain_text("Tersimpan")


def verify(offices: Offices, code: str) -> None:
    """Let ratna check the survey and hold a meeting about it alone."""
    offices.ask(WAIT, CODES=[code])
    ratna = offices.desk_of("ratna")
    offices.check(ratna, code, "wilayah")
    meeting = offices.plan(ratna, "Rapat tentang satu survei", code)
    offices.convene(ratna, meeting, {"ratna": "CHAIR"})
    offices.decide(ratna, offices.item(ratna, meeting, "Kanim Sambas"), "VERIFIED")
    offices.end(ratna, meeting)


def certify(office: Browser, demo: Demo, code: str) -> Page:
    """Let ratna of the regional office certify a result, and return the page that everybody sees."""
    page = office.new_context(locale="id-ID").new_page()
    log_in(page, demo, "ratna")
    page.goto(f"{demo.address}/laporan/{code}/")
    page.get_by_text("Sahkan hasil ini…").click()
    page.get_by_role("button", name="Sahkan dan terbitkan").click()
    expect(page.locator("main")).to_contain_text("Semua 30 jawaban yang disegel dihitung.")
    everybody = office.new_context(locale="id-ID").new_page()
    everybody.goto(f"{demo.address}/hasil/{code}/")
    return everybody


def index_of_export(page: Page, demo: Demo, code: str, folder: Path) -> tuple[int, str, str]:
    """Return n, the converted SKM and the IPK points that `tera index` gives on the export."""
    export = folder / f"{code}.csv"
    export.write_bytes(page.request.get(f"{demo.address}/laporan/{code}/jawaban.csv").body())
    satisfaction = json.loads(demo.run("index", str(export), "--instrument", "skm-9", "--json"))
    honesty = json.loads(demo.run("index", str(export), "--instrument", "spak-5-4", "--json"))
    return satisfaction["n"], satisfaction["converted"], honesty["converted"]


def expect_shown(page: Page, demo: Demo, code: str, converted: str, points: str) -> None:
    page.goto(f"{demo.address}/laporan/{code}/")
    expect(page.locator("main")).to_contain_text(converted.replace(".", ","))
    expect(page.locator("main")).to_contain_text(points.replace(".", ","))


def test_from_opening_to_the_index(demo: Demo, chrome: Browser, tmp_path: Path) -> None:
    office = chrome.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID")
    page = office.new_page()
    log_in(page, demo, "budi")
    code = open_campaign(page)

    phone = chrome.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="id-ID")  # type: ignore[arg-type]
    receipts = [answer(phone, f"{demo.address}/s/{code}", person) for person in range(RESPONDENTS)]

    # While it runs, ten or more wait for the next block; the others are in the index.
    page.goto(f"{demo.address}/survei/{code}/")
    expect(page.locator("main")).to_contain_text("30")
    wait_until(lambda: page.request.get(f"{demo.address}/laporan/{code}/jawaban.csv").ok)
    n, converted, points = index_of_export(page, demo, code, tmp_path)
    assert n == RESPONDENTS - 20
    expect_shown(page, demo, code, converted, points)

    # When the window and its grace are over, the last block takes the rest.
    demo.run(
        "manage",
        "shell",
        "--no-imports",
        "-c",
        "from datetime import UTC, datetime; from random import SystemRandom; "
        "from django.conf import settings; "
        "from tera.intake.sealing import seal; from tera.portal.surveys.models import Campaign; "
        f"form = Campaign.objects.get(code={code!r}).form; "  # the demo's own goes on
        "seal(settings.INTAKE, form, datetime(2100, 1, 1, tzinfo=UTC), SystemRandom())",
    )
    page.goto(f"{demo.address}/laporan/{code}/")
    expect(page.locator("main")).to_contain_text("20 jawaban terakhir tampil bersama hasil yang disahkan")
    proof = f"{demo.address}/r/{code_of(receipts[7])}/bukti.json"
    wait_until(lambda: page.request.get(proof).ok)  # the worker tells the ledger, and publishes it
    fill_methods(page, demo, code)
    verify(Offices(demo, chrome), code)
    everybody = certify(chrome, demo, code)
    n, converted, points = index_of_export(page, demo, code, tmp_path)
    assert n == RESPONDENTS
    expect_shown(page, demo, code, converted, points)
    expect(everybody.locator("main")).to_contain_text(converted.replace(".", ","))

    # Whoever has a receipt checks it in their own browser, and a forged one is found out.
    checked = phone.new_page()
    checked.goto(demo.address + receipts[7])
    expect(checked.locator("[data-summary]")).to_have_text(re.compile("^Semua benar"))
    assert checked.locator("[data-state=yes]").count() == 5
    forged = receipts[7][:-3] + ("AAA" if not receipts[7].endswith("AAA") else "BBB")
    checked.goto("about:blank")
    checked.goto(demo.address + forged)
    expect(checked.locator("[data-summary]")).to_have_text(re.compile("^Ada yang tidak benar"))


def test_without_javascript_and_in_english(demo: Demo, chrome: Browser) -> None:
    phone = chrome.new_context(
        viewport={"width": 320, "height": 640}, is_mobile=True, java_script_enabled=False, locale="en-GB"
    )
    page = phone.new_page()
    page.goto(f"{demo.address}/s/demo/en")
    expect(page.locator("main")).to_contain_text("How easy was the procedure at this office?")
    expect(page.locator("input[name=PUNGLI]")).to_have_count(4)
