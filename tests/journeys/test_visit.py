"""Ratna visits an office where there is no network: her phone keeps what she saw and sends it later, once."""

import base64
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect

from tests.journeys.conftest import Demo
from tests.journeys.phone import PHONE
from tests.portal.pictures import MAKER, PLACE, exif

PATH = "/tinjauan/demo/kunjungan/"
IS_KEPT = """async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 20));
    while (!navigator.serviceWorker.controller || !await caches.match(location.pathname)) await pause();
}"""
# A picture as large as a camera's, drawn by the browser; what a camera would write is put in afterwards.
DRAW = """async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 2400, height: 1800 });
    canvas.getContext("2d").fillRect(200, 200, 900, 900);
    return canvas.toDataURL("image/jpeg").split(",")[1];
}"""


@pytest.fixture
def phone(chrome: Browser) -> Iterator[BrowserContext]:
    with chrome.new_context(viewport=PHONE, locale="id-ID") as context:  # type: ignore[arg-type]
        yield context


@pytest.fixture
def page(demo: Demo, phone: BrowserContext) -> Page:
    """Return the page of a visit, which the phone has kept and which has looked who is logged in."""
    page = phone.new_page()
    page.goto(demo.address + PATH)
    with page.expect_response(is_look):  # a late one would bring back the cookies that a test has cleared
        log_in(page, demo)
    expect(page.get_by_role("heading", name="Kunjungan")).to_be_visible()
    page.evaluate(IS_KEPT)
    return page


def is_look(response: Response) -> bool:
    return response.url.endswith(PATH) and response.request.resource_type == "fetch"


def log_in(page: Page, demo: Demo, name: str = "ratna") -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", demo.password)
    page.press("#id_password", "Enter")


def photo(page: Page) -> bytes:
    """Return a photo as a camera takes it: it says where."""
    drawn = base64.b64decode(page.evaluate(DRAW))
    said = exif()
    return drawn[:2] + b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said + drawn[2:]


def kept(home: Path) -> list[tuple[str, str, bytes]]:
    """Return what the server has of visits: what was answered, with each photo."""
    asked = """
        SELECT visit.answers, visit.note, photo.picture FROM review_visit visit
        LEFT JOIN review_photo photo ON photo.visit_id = visit.id
    """
    with closing(sqlite3.connect(home / "app.db")) as database:
        return list(database.execute(asked))


def test_a_visit_without_a_network_arrives_once(demo: Demo, phone: BrowserContext, page: Page) -> None:
    taken = photo(page)
    assert PLACE in taken
    phone.set_offline(True)
    page.locator("#POSTER_VISIBLE").get_by_label("Ya", exact=True).check()
    files = [{"name": "poster.jpg", "mimeType": "image/jpeg", "buffer": taken}]
    page.set_input_files("#photo-POSTER_VISIBLE", files)  # type: ignore[arg-type]
    expect(page.locator(".shots canvas")).to_have_count(1)
    page.fill("#id_note", "Tidak ada sinyal di sini.")
    expect(page.locator("#draft-state")).to_contain_text("Tersimpan di ponsel ini")

    page.reload()  # the phone opens it again, and there is still no network
    expect(page.locator("#id_note")).to_have_value("Tidak ada sinyal di sini.")
    expect(page.locator("#POSTER_VISIBLE").get_by_label("Ya", exact=True)).to_be_checked()
    expect(page.locator(".shots canvas")).to_have_count(1)
    page.get_by_role("button", name="Kirim", exact=True).click()
    row = page.locator(".on-phone-row")
    expect(row).to_contain_text("Tersimpan di ponsel ini")
    expect(row).to_contain_text("Belum ada jaringan")
    expect(row).to_contain_text("1 foto")
    expect(page.locator("#id_note")).to_have_value("")  # the next visit may begin
    assert kept(demo.home) == []

    phone.clear_cookies()  # the login has run out meanwhile
    phone.set_offline(False)
    expect(row).to_contain_text("Sesi Anda sudah berakhir")
    assert kept(demo.home) == []
    row.get_by_role("link", name="Masuk lagi").click()
    log_in(page, demo)
    expect(row).to_contain_text("Terkirim")
    page.reload()
    expect(row).to_contain_text("Terkirim")  # until somebody has seen it
    [(answers, note, picture)] = kept(demo.home)
    assert (answers, note) == ('{"POSTER_VISIBLE": "YES"}', "Tidak ada sinyal di sini.")
    assert picture.startswith(b"\xff\xd8")
    assert PLACE not in picture
    assert MAKER not in picture
    page.get_by_role("button", name="Sudah saya lihat").click()
    expect(row).to_have_count(0)

    page.goto(f"{demo.address}/tinjauan/demo/periksa/")
    shown = page.locator(".seen img")
    assert re.fullmatch(rf"{PATH}foto/\d+/", str(shown.get_attribute("src")))
    assert shown.evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    ) == [1600, 1200]


def test_when_the_reply_is_lost_it_is_sent_again_and_counts_once(
    demo: Demo, phone: BrowserContext, page: Page
) -> None:
    before, met = len(kept(demo.home)), list[int]()

    def lose(route: Route) -> None:
        if route.request.method != "POST" or met:
            return route.continue_()
        met.append(route.fetch().status)
        return route.abort()

    page.route(f"**{PATH}", lose)
    page.fill("#id_note", "Balasan hilang di jalan.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".on-phone-row")).to_contain_text("Terkirim", timeout=20_000)  # it tries by itself
    assert met == [201]
    assert len(kept(demo.home)) == before + 1


LOSE_PHOTOS = """() => new Promise((resolve) => {
    indexedDB.open("tera-visit-photos").onsuccess = ({ target }) => {
        const deed = target.result.transaction("photos", "readwrite");
        deed.objectStore("photos").clear();
        deed.oncomplete = resolve;
    };
})"""
# Until the service worker has forgotten the page.
IS_FORGOTTEN = """async () => {
    const pause = () => new Promise(resolve => setTimeout(resolve, 20)), end = Date.now() + 10_000;
    while (await caches.match("/tinjauan/demo/kunjungan/")) {
        if (Date.now() > end) throw new Error("the page is still kept");
        await pause();
    }
}"""


def test_a_photo_that_the_phone_lost_holds_up_no_other_visit(
    demo: Demo, phone: BrowserContext, page: Page
) -> None:
    taken, before = photo(page), len(kept(demo.home))
    phone.set_offline(True)
    files = [{"name": "poster.jpg", "mimeType": "image/jpeg", "buffer": taken}]
    page.set_input_files("#photo-POSTER_VISIBLE", files)  # type: ignore[arg-type]
    expect(page.locator(".shots canvas")).to_have_count(1)
    page.fill("#id_note", "Kunjungan dengan foto.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".on-phone-row")).to_have_count(1)
    page.fill("#id_note", "Kunjungan sesudahnya.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator(".on-phone-row")).to_have_count(2)
    page.evaluate(LOSE_PHOTOS)

    phone.set_offline(False)
    later, first = page.locator(".on-phone-row").all()
    expect(later).to_contain_text("Terkirim")
    expect(first).to_contain_text("Ada foto yang hilang dari ponsel ini")
    assert [note for _, note, _ in kept(demo.home)[before:]] == ["Kunjungan sesudahnya."]
    first.get_by_role("button", name="Perbaiki").click()
    expect(page.locator("#id_note")).to_have_value("Kunjungan dengan foto.")
    expect(page.locator(".shots")).to_contain_text(["Foto hilang"])
    page.get_by_role("button", name="Hapus foto").click()
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator('.on-phone-row[data-state="arrived"]')).to_have_count(2)
    assert [note for _, note, _ in kept(demo.home)[before + 1 :]] == ["Kunjungan dengan foto."]


def test_who_is_sent_to_log_in_leaves_no_page_to_fill_in(
    demo: Demo, phone: BrowserContext, page: Page
) -> None:
    expect(page.locator("#offline-told")).to_contain_text("Halaman ini untuk akun ratna.")
    phone.clear_cookies()
    page.goto(demo.address + PATH)
    expect(page.locator("#id_username")).to_be_visible()
    page.evaluate(IS_FORGOTTEN)


def test_who_logs_out_through_the_menu_leaves_none_either(page: Page) -> None:
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("button", name="Keluar")).to_have_count(0)
    page.evaluate(IS_FORGOTTEN)


def test_nothing_is_written_under_the_name_of_another(demo: Demo, phone: BrowserContext, page: Page) -> None:
    before = len(kept(demo.home))
    phone.clear_cookies()
    other = phone.new_page()
    other.goto(demo.address + "/masuk/")
    log_in(other, demo, "irma")
    expect(other.get_by_role("button", name="Keluar")).to_be_visible()
    page.fill("#id_note", "Ditulis Irma di halaman Ratna.")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("#problems")).to_contain_text("yang masuk sekarang akun lain")
    expect(page.locator(".on-phone-row")).to_have_count(0)
    page.evaluate(IS_FORGOTTEN)
    page.reload()
    expect(page.locator("#offline-told")).to_contain_text("Halaman ini untuk akun irma.")
    expect(page.locator("#id_note")).to_have_value("")
    page.evaluate(IS_KEPT)
    other.goto(demo.address)
    other.get_by_role("button", name="Keluar").click()
    expect(other.locator("#id_username").or_(other.get_by_role("link", name="Masuk").first)).to_be_visible()
    page.goto(demo.address + PATH)
    log_in(page, demo)
    expect(page.get_by_role("heading", name="Kunjungan")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(kept(demo.home)) == before
