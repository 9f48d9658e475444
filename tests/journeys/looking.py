"""What stands in somebody's way on a page: broken rules of WCAG, sideways scrolling, small targets."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2; axe leaves it out unless asked
    "resultTypes": ["violations"],
}
CHECK = """rules => axe.run(document, rules).then(({violations}) => violations.flatMap(
    ({id, nodes}) => nodes.map(({target}) => `${id} at ${target.join(" ")}`)))"""
LIGHT_PHONE, DARK_PHONE, LIGHT_DESK, DARK_DESK = VIEWS = [
    (scheme, width) for width in (360, 1280) for scheme in ("light", "dark")
]
# 320 px is a small phone, and a window of 1280 px at 400 %. Text is doubled as a browser's setting does it.
NARROW, DOUBLED = 320, "200%"
SIDEWAYS = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
        one => one.getBoundingClientRect().right > page.clientWidth + 1 && !one.children.length);
    return [`${page.scrollWidth} px wide: ${wide.slice(0, 3).map(one => one.outerHTML.slice(0, 80))}`];
}"""
# What is tapped is 44 px high and wide at least, unless it is a link in a line of text.
OURS = 44
SMALL = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .map(one => one.closest("label") ?? one)
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.matches("p a, li a, .skip"))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, {width, height}]) => width && Math.min(width, height) < least)
    .map(([one, {width, height}]) => `${width} x ${height} px: ${one.outerHTML.slice(0, 80)}`)"""


def faults(page: Page, views: list[tuple[str, int]]) -> list[str]:
    """Return the rules that a page breaks, in these colours and widths."""
    found = set[str]()
    for scheme, width in views:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AXE_SCRIPT)
        found |= {f"{scheme}, {width} px: {fault}" for fault in page.evaluate(CHECK, RULES)}
    return sorted(found)


def squeezed(page: Page) -> list[str]:
    """Return what makes a page scroll sideways where there is little room, with text as it is and doubled."""
    page.set_viewport_size({"width": NARROW, "height": 256})
    found = [f"at {NARROW} px {fault}" for fault in page.evaluate(SIDEWAYS)]
    page.evaluate("size => { document.documentElement.style.fontSize = size }", DOUBLED)
    found += [f"at {NARROW} px and {DOUBLED} text {fault}" for fault in page.evaluate(SIDEWAYS)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def small_targets(page: Page) -> list[str]:
    page.set_viewport_size({"width": 360, "height": 800})
    return list(page.evaluate(SMALL, OURS))
