"""From the form to the receipt, step by step in any language: each step by its name, while it is shown."""

from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys.phone import TAP

LANGUAGES = ("id", "en", "ms", "jv", "su")
COMMENT = "Antreannya lama. Lihat https://example.invalid/" + "pertanggungjawaban" * 5
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
# For `tera manage shell`: the demo's campaign once more, when it is over and before it begins.
OTHER_YEARS = """
from datetime import date
from tera.portal.surveys.actions import publish
from tera.portal.surveys.models import Campaign
for code, day in (("lalu", date(2026, 1, 2)), ("nanti", date(2100, 1, 1))):
    c = Campaign.objects.get(code="demo")
    c.pk, c.code, c.starts_on, c.ends_on = None, code, day, day
    c.save()
    publish(c)
"""


def with_script(page: Page) -> Iterator[str]:
    """Answer as the script lets people do it, and lose the network while sending."""
    expect(page.locator(".progress")).to_be_visible()
    yield "form"
    page.evaluate(OPEN_ALL)
    yield "form, all open"
    page.locator("form > .send").click()
    expect(page.locator(".summary")).to_be_focused()
    yield "errors"
    page.evaluate(TAP, 0)
    page.locator("#comment").fill(COMMENT)
    page.locator("form > .send").click()
    expect(page.locator("dl.answers dd.lines")).to_have_text(COMMENT)
    yield "review"
    page.context.set_offline(True)
    page.locator("[data-do=send]").click()
    expect(page.locator("[data-do=again]")).to_be_visible()
    expect(page.locator(".queue")).to_contain_text("1")
    yield "waiting"
    page.context.set_offline(False)
    yield from thanks(page)


def without_script(page: Page) -> Iterator[str]:
    """Answer as the server lets people do it, in a browser that runs no script."""
    yield "form"
    page.locator("form > .send").click()
    expect(page.locator(".summary")).to_be_visible()
    yield "errors"
    choose(page, 1)
    page.locator("#comment").fill(COMMENT)
    page.locator("form > .send").click()
    expect(page.locator("dl.answers dd.lines")).to_have_text(COMMENT)
    yield "review"
    page.locator("form > .send:not(.second)").click()
    yield from thanks(page)


def thanks(page: Page) -> Iterator[str]:
    expect(page.locator(".receipt .code")).to_be_visible()
    yield "thanks"
    for summary in page.locator("main summary:visible").all():
        summary.click()
    yield "thanks, all open"


def choose(page: Page, place: int) -> None:
    """Tap the option at this place of every question."""
    for question in page.locator("fieldset[id]").all():
        question.locator("label").nth(place).click()


def use_a_key_twice(page: Page) -> None:
    """Send the review in one tab, and something else under its key in another."""
    choose(page, 0)
    page.locator("form > .send").click()
    expect(page.locator("dl.answers")).to_be_visible()
    fields = page.locator("form input[type=hidden]").all()
    sent: dict[str, str | float | bool] = {
        str(field.get_attribute("name")): str(field.get_attribute("value")) for field in fields
    }
    page.request.post(page.url, form={**sent, "PERSYARATAN": "2"})
    page.locator("form > .send:not(.second)").click()


def ignore_scripts(phone: BrowserContext) -> None:
    """Show pages as a browser does that runs no script; a tester's own script still runs in them."""

    def strip(route: Route) -> None:
        if route.request.resource_type == "script":
            route.abort()
        elif route.request.resource_type == "document":
            reply = route.fetch(max_redirects=0)
            route.fulfill(response=reply, body=reply.text().replace("noscript>", "div>"))
        else:
            route.continue_()

    phone.route("**/*", strip)
