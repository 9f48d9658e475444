"""What a respondent is answered: pages with their slots filled, receipts and problems."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime

from tera.engine.catalogue import get_codelists, get_reporting
from tera.engine.explain import said
from tera.engine.reporting import tells_of_corruption
from tera.intake.form import CampaignForm
from tera.intake.http import COMMON, JSON, PROBLEM, Reply, Request, html_headers, read_form
from tera.intake.publishing import CLOSED, FORM, REVIEW, THANKS
from tera.intake.receipt import Receipt
from tera.intake.shelf import Pages
from tera.intake.submission import OPEN_CHANNELS, Refused, Submission, base64url

NO_STORE = ("cache-control", "no-store")  # a reply may hold answers, and a device may be shared
MANY = 4
MENDABLE, TICKET = (413, 422), "ticket"
AGAIN = (429, 503)  # nothing is lost: the same answers may come again under the same key
LANGUAGE_COOKIE = "bahasa"
_JSON_HEADERS = [("content-type", JSON), NO_STORE, *COMMON]
RETRY_SECONDS = 2


def as_form(request: Request, pages: Pages) -> Reply:
    """Return the form, or that it has not changed since this browser got it.

    A link may say by which service and way somebody comes: `?service=PASPOR&channel=QR`.
    """
    accepted = request.headers.get("accept-encoding", "").replace(" ", "")
    is_packed = "gzip" in accepted and "gzip;q=0," not in f"{accepted},"
    ready = pages.ready(*_come_by(request, pages.published.form), is_packed=is_packed)
    tags = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if {"*", ready.headers[0][1]} & tags:
        return Reply(304, ready.headers)
    return ready


def _come_by(request: Request, form: CampaignForm) -> tuple[str, str]:
    """Return service and channel of a link, each empty where it names none that there is."""
    if not request.query:
        return "", ""
    try:
        fields = read_form(request.query.encode())
    except Refused:
        return "", ""
    service, channel = fields.get("service", ""), fields.get("channel", "")
    return service if service in form.services else "", channel if channel in OPEN_CHANNELS else ""


def kept(reply: Reply, language: str) -> Reply:
    """Return a reply that lets the browser keep the language that somebody chose, for a year."""
    cookie = f"{LANGUAGE_COOKIE}={language}; Path=/s/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    return Reply(reply.status, [*reply.headers, ("set-cookie", cookie)], reply.body)


def as_unspoken(pages: Pages) -> Reply:
    """Return the form with the word that it is not there in the language that was asked for."""
    return _page(pages, 404, FORM, {"unspoken": ""})


def as_review(pages: Pages, given: Mapping[str, str], kind: str, key: bytes = b"") -> Reply:
    """Return the answers for another look: the review with a fresh key, or the form to change them."""
    # What may be stored already is not changed any more: `fresh` says that it was never sent.
    return _page(
        pages, 200, kind, {**_given(pages.published.form, given), "key": base64url(key), "fresh": ""}
    )


def as_thanks(pages: Pages, receipt: Receipt, submission: Submission) -> Reply:
    """Return the page that says thank you, with the receipt, and where to report what the answers tell of."""
    whole, form = receipt.as_json(), pages.published.form
    values = {
        "receipt": receipt.code,
        "proof": whole.decode("ascii"),
        "file": base64.b64encode(whole).decode("ascii"),
        "compact": receipt.compact,
        "key": base64url(submission.key or b""),
    }
    answers = [(instrument, submission.answers[place]) for instrument, place in form.slices()]
    if tells_of_corruption(answers) or get_reporting().concerns(submission.comment):
        values["report"] = ""
    return _page(pages, 201 if receipt.is_new else 200, THANKS, values)


def as_receipt(receipt: Receipt) -> Reply:
    """Return the receipt as JSON."""
    return Reply(201 if receipt.is_new else 200, _JSON_HEADERS, receipt.as_json())


def as_problem(refused: Refused, language: str) -> Reply:
    """Return a refusal as JSON (RFC 9457)."""
    problem: dict[str, object] = {
        "title": refused.said(language),
        "status": refused.status,
        "detail": str(refused),
    }
    if refused.item:
        problem["item"] = refused.item
    if refused.allowed:
        problem["allowed"] = [
            entry if isinstance(entry, str) else said(entry, language) for entry in refused.allowed
        ]
    headers = [("content-type", PROBLEM), NO_STORE, *COMMON]
    body = json.dumps(problem).encode("ascii")  # what was sent may hold half of a character
    return Reply(refused.status, [*headers, _retry(refused)] if refused.status in AGAIN else headers, body)


def _retry(refused: Refused) -> tuple[str, str]:
    return "retry-after", str(refused.values.get("seconds", RETRY_SECONDS))


def too_many(seconds: int) -> Reply:
    """Return that this address asks too often."""
    text = f"Terlalu sering. Coba lagi {seconds} detik lagi.\nToo often. Try again in {seconds} s.\n"
    kind = ("content-type", "text/plain; charset=utf-8")
    return Reply(429, [kind, ("retry-after", str(seconds)), NO_STORE, *COMMON], text.encode())


def refusal(pages: Pages, refused: Refused, given: Mapping[str, str], at: datetime) -> Reply:
    """Return a refusal as a page: the form, filled in, where it can be mended; else one that says why not."""
    form, reason = pages.published.form, refused.said(pages.language)
    if refused.status in MENDABLE or refused.item == TICKET:
        values = {**_given(form, given), "error": reason, **_refused(form, given, refused, reason)}
        return _page(pages, refused.status, FORM, values)
    if refused.status in AGAIN and given:
        kind = REVIEW if given.get("key") else FORM
        values = {**_given(form, given), "key": given.get("key", ""), "again": reason}
        reply = _page(pages, refused.status, kind, {**values, "error": reason, "whole": reason})
        return Reply(refused.status, [*reply.headers, _retry(refused)], reply.body)
    kind = str(refused.status) if refused.status in {409, 410} else "early" if form.is_before(at) else "other"
    values = {kind: "", "reason": reason, **({} if kind in {"410", "early"} else {"again": ""})}
    reply = _page(pages, refused.status, CLOSED, values)
    return Reply(503, [*reply.headers, _retry(refused)], reply.body) if refused.status == 503 else reply


def _page(pages: Pages, status: int, kind: str, values: Mapping[str, str]) -> Reply:
    body = pages.by_kind[kind].fill(values).encode()
    return Reply(status, [NO_STORE, *html_headers(pages.published.policy)], body)


def _given(form: CampaignForm, given: Mapping[str, str]) -> dict[str, str]:
    """Return the slots of the answers: `CODE=value` for a choice, `CODE=` for a blank, and the comment."""
    names = [*form.codes, "service", *(codes.id for codes in get_codelists().profile)]
    slots = {f"{name}={given.get(name, '')}": "" for name in names}
    # A blank was chosen, where a question may not apply, or the question was passed over.
    blank = [code for code in form.codes if not given.get(code)]
    slots |= {f"{'none' if code in given else 'skipped'}:{code}": "" for code in blank}
    if given.get("not_free"):
        slots["not_free=1"] = ""
    slots |= {name: given[name] for name in ("channel", TICKET) if given.get(name)}
    comment = given.get("comment", "").replace("\r\n", "\n")
    return {**slots, "comment": comment} if comment else slots


def _refused(form: CampaignForm, given: Mapping[str, str], refused: Refused, reason: str) -> dict[str, str]:
    """Return the slots of the places to mend: with one blank all others, so that one round mends them all."""
    if refused.item not in form.scores:
        return {"whole": reason, f"wrong:{refused.item}": reason}
    wrong = [refused.item]
    if not given.get(refused.item):
        wrong = [item.code for item in form.items if item.required and not given.get(item.code)]
    slots = {"some": "", **{f"wrong:{code}": reason for code in wrong}}
    return {**slots, "many": ""} if len(wrong) > MANY else slots
