"""The board of a meeting about thirty units: one look at one screen, of a desk and of a phone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.homes import installed
from tests.journeys.conftest import Demo
from tests.journeys.looking import DARK_DESK, LIGHT_PHONE, SIDEWAYS, VIEWS, faults, small_targets, squeezed
from tests.journeys.serving import starting, wait_until
from tests.journeys.test_first_campaign import log_in

FOUND = 200
DESK, PHONE = (1280, 800), (360, 740)
TILES = """() => [...document.querySelectorAll(".board li")].map(one => one.getBoundingClientRect().bottom)"""
CLIPPED = """() => [...document.querySelectorAll(".tile")].filter(
    one => one.scrollHeight > one.clientHeight + 1 || [...one.querySelectorAll(".tile-state, .tile-numbers")]
        .some(part => part.scrollWidth > part.clientWidth + 1)).map(one => one.innerText)"""


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, str]]:
    """Serve a meeting about thirty units, with the ribbon of a demo above it; return its address."""
    folder: Path = tmp_path_factory.mktemp("meeting")
    home = installed(folder / "home")
    demo = Demo("", home)
    shell = "from tests.journeys.thirty import meet; print(meet())"
    number = demo.run("manage", "shell", "--no-imports", "-c", shell).split()[-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERA_DEMO", "1")
        with starting(home, folder, "serve", "--no-worker") as served:
            wait_until(lambda: served.get("/masuk/") == FOUND)
            yield replace(demo, address=f"http://127.0.0.1:{served.port}"), f"/tinjauan/rapat/{number}/"


@pytest.fixture(scope="module")
def desk(chrome: Browser, meeting: tuple[Demo, str]) -> Iterator[Page]:
    """Return a browser in which Ratna is logged in."""
    with chrome.new_context(locale="id-ID") as context:
        page = context.new_page()
        log_in(page, meeting[0], "ratna")
        yield page


@pytest.fixture
def board(desk: Page, meeting: tuple[Demo, str]) -> Page:
    """Return the board of the meeting."""
    desk.goto(meeting[0].address + meeting[1])
    return desk


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("screen", ["", "layar/?unit=0"], ids=["board", "screen"])
def test_thirty_units_fit_one_screen(board: Page, size: tuple[int, int], screen: str) -> None:
    board.set_viewport_size({"width": size[0], "height": size[1]})
    board.goto(board.url + screen)
    bottoms = board.evaluate(TILES)
    assert len(bottoms) == 30
    assert max(bottoms) <= size[1]
    assert board.evaluate(SIDEWAYS) == []
    assert board.evaluate(CLIPPED) == []
    expect(board.get_by_text("11 dari 30 diputuskan")).to_be_visible()


@pytest.mark.parametrize("path", ["", "unit/13/", "unit/2/", "layar/", "../kantor/kanwil/"])
def test_nothing_stands_in_the_way(board: Page, path: str) -> None:
    board.goto(board.url + path)
    views = VIEWS if path == "" else [LIGHT_PHONE, DARK_DESK]
    assert [*faults(board, views), *squeezed(board)] == []
    board.evaluate("document.querySelector('.top').remove()")  # the bar that every page has
    assert small_targets(board) == []


def test_arrow_keys_lead_the_room_and_another_screen_follows(
    board: Page, chrome: Browser, meeting: tuple[Demo, str]
) -> None:
    demo, path = meeting
    address = demo.address + path
    board.goto(f"{address}layar/")
    expect(board.get_by_role("heading", level=2)).to_have_text("Lapas Kelas IIA Sungai Raya")
    with chrome.new_context(locale="id-ID") as room:
        watching = room.new_page()
        log_in(watching, demo, "wati")
        watching.goto(f"{address}layar/")
        board.keyboard.press("ArrowRight")
        expect(board.get_by_role("heading", level=2)).to_have_text("Lapas Kelas IIA Ketapang")
        expect(watching.get_by_role("heading", level=2)).to_have_text("Lapas Kelas IIA Ketapang")
    board.keyboard.press("ArrowLeft")
    expect(board.get_by_role("heading", level=2)).to_have_text("Lapas Kelas IIA Sungai Raya")
