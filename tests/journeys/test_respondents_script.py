"""What the script adds to the form: a draft, any comment, progress, text size, questions read aloud."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.phone import (
    PHONE,
    TAP,
    answer,
    comments_in,
    day_of,
    expect_thanks,
    open_form,
    receipts_of,
    send,
)
from tests.journeys.schedules.network import between

NO_TICKET = "15CAF-36F84-S01DJ-SKP86-YK425-4"
CHOSEN = "fieldset[id] input:checked"
ANY_LETTERS = (
    "\u0634\u0643\u0631\u064b\u0627 \ua9b2\ua98f 👨\u200d👩\u200d👧 <b>&amp;"  # Arabic, Javanese, a family
)
PROGRESS = ".progress span"
QUEUE = """() => new Promise(resolve => {
    indexedDB.open("tera").onsuccess = ({ target }) => {
        const all = target.result.transaction("queue").objectStore("queue").getAll();
        all.onsuccess = () => resolve(JSON.stringify(all.result));
    };
})"""
# A device that has a voice for Indonesian, and one that asks its maker to speak Javanese.
VOICES = """
const voices = [{lang: "id-ID", localService: true}, {lang: "jv_ID", localService: false}];
speechSynthesis.getVoices = () => voices;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.spoken = [];
speechSynthesis.speak = ({text, lang}) => spoken.push(`${lang} ${text}`);
speechSynthesis.cancel = () => spoken.push("-");
"""


@pytest.fixture
def phone(chrome: Browser) -> Iterator[BrowserContext]:
    with chrome.new_context(viewport=PHONE, locale="id-ID") as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def form(demo: Demo, phone: BrowserContext) -> Page:
    return open_form(phone, f"{demo.address}/s/demo")


def test_a_reload_keeps_the_draft_and_another_language_too(demo: Demo, form: Page) -> None:
    form.locator("input[name=WAKTU][value='3']").check()
    form.locator("#comment").fill("Antre lama")
    expect(form.locator(PROGRESS)).to_have_text("1 dari 14 terjawab")
    form.reload()
    expect(form.locator("input[name=WAKTU][value='3']")).to_be_checked()
    expect(form.locator("#comment")).to_have_value("Antre lama")
    form.goto(f"{demo.address}/s/demo/en")
    expect(form.locator(PROGRESS)).to_have_text("1 of 14 answered")
    expect(form.locator("#comment")).to_have_value("Antre lama")
    other = form.context.new_page()  # nobody else's tab has it
    other.goto(f"{demo.address}/s/demo")
    expect(other.locator(PROGRESS)).to_have_text("0 of 14 answered")


def test_what_nobody_touched_for_ten_minutes_is_gone(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{demo.address}/s/demo")
    page.evaluate(TAP, 1)
    expect(page.locator(PROGRESS)).to_have_text("14 dari 14 terjawab")
    page.clock.fast_forward("09:00")
    expect(page.locator(PROGRESS)).to_have_text("14 dari 14 terjawab")
    page.clock.fast_forward("01:30")
    expect(page.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    expect(page.get_by_role("status").first).to_contain_text("dikosongkan")
    page.reload()
    expect(page.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")


def test_after_sending_nothing_leads_back_to_the_answers(demo: Demo, form: Page) -> None:
    answer(form, comment="Rahasia")
    send(form)
    code = expect_thanks(form)
    form.reload()
    expect(form.locator(".settled b")).to_have_text(code)  # the receipt is not lost by a slip
    expect(form.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    form.go_back()
    expect(form.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    form.goto("about:blank")
    form.go_back()
    expect(form.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    expect(form.locator("#comment")).to_have_value("")
    assert form.evaluate("JSON.stringify(sessionStorage)").count("Rahasia") == 0


def test_a_slip_back_from_the_receipt_does_not_lose_it(form: Page) -> None:
    answer(form)
    send(form)
    code = expect_thanks(form)
    form.go_back()
    expect(form.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    expect(form.locator(".settled b")).to_have_text(code)


def test_a_copied_tab_with_other_answers_is_told_that_the_first_ones_count(demo: Demo, form: Page) -> None:
    before = receipts_of(demo.home)
    answer(form, 1)
    with form.expect_popup() as opened:
        form.evaluate("() => { open(location.href); }")
    copied = opened.value
    expect(copied.locator(PROGRESS)).to_have_text("14 dari 14 terjawab")
    send(form)
    code = expect_thanks(form)
    answer(copied, 2)
    send(copied)
    expect(copied.locator("main")).to_contain_text("yang pertama tetap berlaku")
    copied.get_by_role("button", name="Mulai dari awal").click()
    expect(copied.locator(PROGRESS)).to_have_text("0 dari 14 terjawab")
    assert [new for key, new in receipts_of(demo.home).items() if key not in before] == [code]


def test_what_is_missing_is_said_before_anything_is_sent(form: Page) -> None:
    form.evaluate(TAP, 1)
    form.evaluate("document.querySelector('input[name=WAKTU]:checked').checked = false")
    form.get_by_role("button", name="Periksa jawaban").click()
    summary = form.get_by_role("alert")
    expect(summary).to_be_focused()
    link = summary.get_by_role("link")
    expect(link).to_have_text(re.compile(r"^3\. "))
    link.click()
    assert form.evaluate("document.activeElement.name") == "WAKTU"
    expect(form.locator("#WAKTU .error")).to_have_text("Pertanyaan ini belum dijawab.")
    form.keyboard.press("Space")
    expect(form.locator("#WAKTU .error")).to_be_hidden()


@pytest.mark.parametrize("letter", ["x", "👍", "ب"])
def test_a_comment_that_is_too_long_is_kept_and_counted(demo: Demo, form: Page, letter: str) -> None:
    form.evaluate(TAP, 1)
    form.locator("#comment").fill(letter * 1001)
    expect(form.locator("#comment + .help")).to_have_text("1001 dari 1000 huruf")
    form.get_by_role("button", name="Periksa jawaban").click()
    expect(form.get_by_role("alert")).to_contain_text("Saran paling panjang 1000 huruf; ini 1001.")
    expect(form.locator("#comment")).to_have_value(letter * 1001)
    answer(form, comment=letter * 1000)
    send(form)
    expect_thanks(form)
    assert letter * 1000 in comments_in(demo.home)


def test_letters_of_any_kind_arrive_and_what_no_database_stores_is_left_out(demo: Demo, form: Page) -> None:
    form.evaluate(TAP, 1)
    given = f"\0{ANY_LETTERS}\ud83d\r\n{ANY_LETTERS}\0 "
    form.evaluate(
        "text => { document.querySelector('#comment').value = JSON.parse(text); }", json.dumps(given)
    )
    form.get_by_role("button", name="Periksa jawaban").click()
    expect(form.locator("dd.lines")).to_have_text(f"{ANY_LETTERS}\n{ANY_LETTERS}")
    send(form)
    expect_thanks(form)
    assert f"{ANY_LETTERS}\n{ANY_LETTERS}" in comments_in(demo.home)


def test_what_the_server_refuses_comes_back_with_all_that_was_given(demo: Demo, form: Page) -> None:
    before = receipts_of(demo.home)
    form.evaluate(TAP, 1)
    form.locator("#comment").fill("Antre lama")
    form.evaluate("""document.querySelector("input[name=WAKTU]:checked").value = 9""")
    form.get_by_role("button", name="Periksa jawaban").click()
    send(form)
    expect(form.locator("#WAKTU .error")).to_have_text("Jawaban 9 tidak ada; pilihannya 1, 2, 3, 4.")
    expect(form.get_by_role("alert")).to_be_focused()
    expect(form.locator("#comment")).to_have_value("Antre lama")
    assert form.locator(CHOSEN).count() == 14
    form.reload()
    form.locator("input[name=WAKTU][value='3']").check()
    form.get_by_role("button", name="Periksa jawaban").click()
    send(form)
    code = expect_thanks(form)
    assert [new for key, new in receipts_of(demo.home).items() if key not in before] == [code]


def test_the_ticket_of_a_link_is_taken_and_leaves_the_address_bar(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{demo.address}/s/demo#{NO_TICKET}")
    ticket = page.locator("input[name=ticket]")
    expect(ticket).to_have_value(NO_TICKET)
    assert page.url == f"{demo.address}/s/demo"
    page.reload()
    expect(ticket).to_have_value(NO_TICKET)
    answer(page, comment="Antre lama")
    send(page)
    expect(page.locator("#ticket-error")).to_contain_text("Kode tiket ini tidak ada.")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#ticket")
    expect(page.locator("#comment")).to_have_value("Antre lama")
    ticket.fill("")
    expect(page.locator("#ticket-error")).to_be_hidden()
    page.get_by_role("button", name="Periksa jawaban").click()
    send(page)
    expect_thanks(page)


def test_pressing_again_shows_that_it_is_tried(form: Page) -> None:
    form.context.set_offline(True)
    answer(form)
    send(form)
    form.get_by_role("button", name="Kirim sekarang").click()
    expect(form.get_by_role("status").first).to_have_text("Mengirim… Menunggu dikirim (1).")
    expect(form.get_by_role("status").first).to_have_text("Menunggu dikirim (1).")
    form.context.set_offline(False)
    expect_thanks(form)


def test_the_day_of_a_key_is_the_servers(demo: Demo, phone: BrowserContext) -> None:
    before = receipts_of(demo.home)
    with between(int(demo.address.rpartition(":")[2])) as network:
        network.seconds_off = 24 * 60 * 60  # as seen from here; the phone's clock is behind by a day
        page = open_form(phone, f"http://127.0.0.1:{network.port}/s/demo")
        answer(page)
        send(page)
        expect_thanks(page)
    [key] = receipts_of(demo.home).keys() - before.keys()
    assert day_of(key) == (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days + 1


def test_the_worker_keeps_empty_forms_and_the_script_only(demo: Demo, form: Page) -> None:
    answer(form)
    send(form)
    code = expect_thanks(form)
    for path in ("/s/demo/en?channel=QR", f"/r/{code}", "/hasil/"):
        form.goto(demo.address + path)
    form.goto(f"{demo.address}/s/demo")
    kept = form.evaluate("""async () => {
        const found = [];
        for (const name of await caches.keys()) for (const {url} of await (await caches.open(name)).keys())
            found.push(new URL(url).pathname);
        return found.sort();
    }""")
    script = form.locator("script").get_attribute("src")
    assert kept == ["/s/demo", "/s/demo/en", script]


def test_a_newer_worker_takes_over_the_forms_of_an_older_one(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(f"{demo.address}/hasil/")
    page.evaluate("""async () => {
        const old = await caches.open("tera /s/isi.0123.js");
        await old.put("/s/demo/en", new Response("old"));
    }""")
    page = open_form(phone, f"{demo.address}/s/demo")
    page.wait_for_function("() => navigator.serviceWorker.controller.state === 'activated'")
    script = page.locator("script").get_attribute("src")
    assert page.evaluate("caches.keys()") == [f"tera {script}"]
    phone.set_offline(True)
    page.goto(f"{demo.address}/s/demo/en")
    expect(page.locator(PROGRESS)).to_have_text("0 of 14 answered")


def test_where_the_script_does_not_come_the_form_is_the_plain_one(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/isi.*", lambda route: route.abort())
    page.goto(f"{demo.address}/s/demo")
    expect(page.locator(PROGRESS)).to_be_hidden()
    page.evaluate(TAP, 2)
    page.get_by_role("button", name="Periksa jawaban").click()
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect_thanks(page)


def test_where_nothing_can_be_kept_the_server_takes_over(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('not here'); }")
    page.goto(f"{demo.address}/s/demo")
    answer(page)
    send(page)
    expect_thanks(page)  # the server's own page
    assert page.locator("[data-do]").count() == 0


def sent_by(page: Page) -> Any:
    """Send, and return what went over the network."""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        send(page)
    expect_thanks(page)
    return sent.value.post_data_json


def test_how_long_it_took_is_sent_in_bands_and_counted_from_who_comes_next(
    demo: Demo, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{demo.address}/s/demo")
    page.locator("#comment").fill("Antre lama")
    page.clock.fast_forward("00:45")
    page.reload()
    expect(page.locator("#comment")).to_have_value("Antre lama")
    answer(page)
    assert sent_by(page)["duration"] == "30-59"
    assert "30-59" not in page.evaluate(QUEUE)
    page.get_by_role("button", name="Isi untuk orang lain").click()
    page.clock.fast_forward("08:00")  # nobody is there
    page.locator("#comment").click()
    page.clock.fast_forward("01:30")
    answer(page)
    assert sent_by(page)["duration"] == "60-179"


def test_letters_come_in_three_sizes(form: Page) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('legend')).fontSize)"
    sizes = []
    for name in ("Huruf biasa", "Huruf besar", "Huruf sangat besar"):
        form.get_by_role("button", name=name).click()
        expect(form.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        sizes.append(form.evaluate(size))
        assert form.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert sizes == sorted({*sizes})
    form.reload()
    assert form.evaluate(size) == sizes[-1]


def test_a_question_is_read_aloud_by_a_voice_of_the_device(demo: Demo, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.add_init_script(VOICES)
    page.goto(f"{demo.address}/s/demo")
    button = page.locator("#PERSYARATAN").get_by_role("button", name="Dengarkan")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    spoken = page.evaluate("spoken")
    assert spoken[0].startswith("id-ID 1. Bagaimana pendapat Saudara")
    assert "id-ID Sangat sesuai" in spoken
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("spoken.pop()") == "-"
    page.goto(f"{demo.address}/s/demo/jv")
    expect(page.locator(PROGRESS)).to_be_visible()
    expect(page.locator(".speak")).to_have_count(0)  # only the browser's maker could read this
