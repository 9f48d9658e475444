"""Somebody who cannot see answers: only keys are pressed, and only the accessibility tree is read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.conftest import Demo
from tests.journeys.phone import receipts_of
from tests.journeys.screen_reader import Node, ScreenReader
from tests.journeys.serving import wait_until

REVIEW, SEND = "Periksa jawaban", "Kirim"
QUESTION = re.compile(r"^(\d+)\. .+\?$")
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}-[0-9A-HJKMNP-TV-Z]\b")
QUESTIONS = [str(number) for number in range(1, 15)]


@contextmanager
def listening(
    chrome: Browser, address: str, *, scripts: bool
) -> Iterator[tuple[ScreenReader, BrowserContext]]:
    with chrome.new_context(locale="id-ID", java_script_enabled=scripts) as device:
        page = device.new_page()
        page.goto(address)
        yield ScreenReader(page), device


def fill_in(reader: ScreenReader, *, forget: str = "", first: str = "1") -> Node:
    """Answer every question that one comes to but one, and stop at the button below them."""
    answered = []
    node = reader.go_to("", "radio")
    while node.role != "button":
        if node.role == "radio":
            number = choose(reader, node, forget)
            answered += [number] if number else []
        elif node.role == "textbox" and node.name.startswith("Saran Anda"):
            assert "Jangan menulis nama" in node.description
            reader.type("Loketnya sulit ditemukan.")
        node = reader.press("Tab")
    assert answered == [number for number in QUESTIONS if number != forget]
    return node


def choose(reader: ScreenReader, node: Node, forget: str) -> str:
    """Take the second option of the question that is announced, and return its number."""
    asked = QUESTION.match(node.group().name)
    if not asked:
        assert node.group().name.startswith("Layanan apa yang Anda terima?")  # which is not counted
        return ""
    if asked[1] == forget:
        return ""
    first = reader.press("Space")
    second = reader.press("ArrowDown")
    assert first.name
    assert second.name
    assert first.name != second.name
    assert second.states["checked"] == "true"
    assert second.group().name == asked[0]
    return asked[1]


def look_through_and_send(reader: ScreenReader) -> None:
    """Hear the answers once more, and send them."""
    reader.wait_for_heading("Periksa jawaban Anda")
    heard = reader.text()
    assert "Loketnya sulit ditemukan." in heard
    assert "Belum terkirim" in heard
    reader.go_to(SEND, "button")
    reader.press("Enter")


def hear_the_receipt(reader: ScreenReader) -> str:
    reader.wait_for_heading("Terima kasih. Jawaban Anda sudah masuk.")
    wait_until(lambda: CODE.search(reader.text()))
    return str(CODE.findall(reader.text())[0])


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_from_the_form_to_the_receipt(demo: Demo, chrome: Browser, scripts: bool) -> None:
    with listening(chrome, f"{demo.address}/s/demo", scripts=scripts) as (reader, _):
        assert fill_in(reader).name == REVIEW
        reader.press("Enter")
        look_through_and_send(reader)
        code = hear_the_receipt(reader)
    assert code in receipts_of(demo.home).values()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_forgotten_question_is_found_again(demo: Demo, chrome: Browser, scripts: bool) -> None:
    with listening(chrome, f"{demo.address}/s/demo", scripts=scripts) as (reader, _):
        fill_in(reader, forget="3")
        reader.press("Enter")
        wait_until(lambda: reader.focused().role == "alert")
        assert any("Pertanyaan ini perlu dilihat lagi" in said for said in reader.live())

        link = reader.press("Tab")
        assert (link.role, link.name[:2]) == ("link", "3.")
        reader.press("Enter")
        option = reader.focused() if scripts else reader.press("Tab")
        asked = QUESTION.match(option.group().name)
        assert asked
        assert (option.role, asked[1]) == ("radio", "3")
        assert "Pertanyaan ini belum dijawab." in option.group().description

        reader.press("Space", "ArrowDown")
        reader.go_to(REVIEW, "button")
        reader.press("Enter")
        look_through_and_send(reader)
        assert hear_the_receipt(reader) in receipts_of(demo.home).values()


def test_what_waits_is_said(demo: Demo, chrome: Browser) -> None:
    with listening(chrome, f"{demo.address}/s/demo", scripts=True) as (reader, device):
        assert "" in reader.live()  # a region that is there before it speaks is heard when it does
        fill_in(reader)
        reader.press("Enter")
        reader.wait_for_heading("Periksa jawaban Anda")
        device.set_offline(True)
        look_through_and_send(reader)
        reader.wait_for_heading("Jawaban Anda tersimpan di perangkat ini")
        assert reader.focused().role == "heading"
        assert any("Menunggu dikirim (1)" in said for said in reader.live())
        device.set_offline(False)
        code = hear_the_receipt(reader)
        assert reader.focused().role == "heading"
    assert code in receipts_of(demo.home).values()
