"""The script of the respondents' page: what it is made of, how it is served, how much a phone loads."""

import gzip
import hashlib
import re

from django.test import Client

from tera.intake.paradata import DURATIONS, UNKNOWN
from tera.portal.surveys import scripts
from tera.portal.surveys.models import Campaign
from tests.portal.respondents import Respondent

FORM_BYTES, ALL_BYTES = 14 * 1024, 40 * 1024


def test_the_library_is_the_one_that_was_published() -> None:
    text = (scripts.FOLDER / scripts.LIBRARY).read_text(encoding="utf-8")
    noted = re.search(r"sha256-([0-9a-f]{64})", text)
    assert noted
    assert hashlib.sha256(text.partition("*/\n")[2].partition("*/\n")[2].encode()).hexdigest() == noted[1]


def test_only_what_people_need_is_left_out() -> None:
    for script in (scripts.page(), scripts.worker()):
        assert script.text.count("/*!") == 1  # whose library it is, and under which licence
        assert not re.findall(r"^(?://|/\*[^!]| |\n)", script.text, re.MULTILINE)
    assert "const store = async (mode, work)" in scripts.page().text


def test_the_page_names_the_script_and_the_policy_allows_nothing_else(
    sari: Respondent, campaign: Campaign, client: Client
) -> None:
    page = sari.get("/s/sambas1")
    assert re.findall(r'<script src="([^"]+)" defer></script>', page.text) == [scripts.address()]
    assert page.text.count("<script") == 1
    policy = page.headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self';", "worker-src 'self';", "connect-src 'self';"):
        assert rule in policy
    served = client.get(scripts.address())
    assert (served.content.decode(), served["content-type"]) == (
        scripts.page().text,
        "text/javascript; charset=utf-8",
    )


def test_the_script_is_kept_for_good_and_the_worker_looked_at_again(client: Client) -> None:
    script, worker = client.get(scripts.address()), client.get("/s/kerja.js")
    assert "immutable" in script["cache-control"]
    assert worker["cache-control"] == "no-cache"
    assert scripts.address() in worker.content.decode()
    assert client.get("/s/kerja.js", headers={"if-none-match": worker["etag"]}).status_code == 304
    packed = client.get(scripts.address(), headers={"accept-encoding": "gzip, br"})
    assert gzip.decompress(packed.content) == script.content
    assert packed["content-encoding"] == "gzip"


def test_an_old_page_gets_the_script_of_today_but_does_not_keep_it(client: Client) -> None:
    old = client.get("/s/isi.0123456789abcdef.js")
    assert (old.status_code, old["cache-control"]) == (200, "no-cache")


def test_no_script_asks_the_database_for_a_campaign(sari: Respondent, campaign: Campaign) -> None:
    assert sari.get(scripts.address()).status == 404  # which is: handed on to the portal


def test_the_page_says_how_long_it_took_in_words_that_the_intake_knows() -> None:
    [bands] = re.findall(r"BANDS = (.*);", scripts.page().text)
    assert (UNKNOWN, *re.findall(r'"([^"]+)"', bands)) == DURATIONS


def test_a_first_visit_loads_little(sari: Respondent, campaign: Campaign) -> None:
    for language in campaign.languages:
        page = sari.get(f"/s/sambas1/{language}")
        form = len(gzip.compress(page.text.encode(), 9))
        assert form <= FORM_BYTES
        assert form + len(scripts.page().packed) + len(scripts.worker().packed) <= ALL_BYTES
