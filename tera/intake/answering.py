"""`/s/{code}`: the page that respondents answer, without an account and without JavaScript.

A post of the page without a client key stores nothing: it answers the review, which carries a fresh key. The
post of the review stores the response. Programs send JSON with their own key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from tera.engine.language import FIRST
from tera.intake import inbox
from tera.intake.form import CampaignForm
from tera.intake.http import FORM_TYPE, JSON, Reply, Request, read_form, require_plain_body
from tera.intake.inbox import Arrival
from tera.intake.paradata import device_of
from tera.intake.publishing import FORM, REVIEW, Published
from tera.intake.queue import Queue
from tera.intake.receipt import Receipt, Refusal
from tera.intake.replies import (
    LANGUAGE_COOKIE,
    as_form,
    as_problem,
    as_receipt,
    as_review,
    as_thanks,
    as_unspoken,
    kept,
    refusal,
)
from tera.intake.shelf import Pages, Shelf
from tera.intake.submission import Refused, Submission, read_fields, read_json
from tera.intake.tables import Unavailable

PREFIX = "/s/"
SECONDS_BETWEEN_LOOKS = 1.0
METHODS = ("GET", "HEAD", "POST")
TRY_AGAIN = (
    "Server sibuk, jadi belum pasti tersimpan. Kirim lagi sebentar lagi; tidak akan terhitung dua kali."
)
BUSY = Refused(503, TRY_AGAIN)
MENDABLE = 422
UNKNOWN = Refused(404, "Tidak ada survei dengan kode ini.")
TOO_MANY = "Terlalu banyak kiriman dari jaringan ini. Kirim lagi {seconds} detik lagi."
FOREIGN_TICKET = "Tiket ini dari kantor lain. Pakailah tiket yang Anda terima di kantor ini."
UNKNOWN_TICKET = "Kode tiket ini tidak ada. Periksa lagi huruf dan angkanya."
OTHER_SERVICE = "Tiket ini untuk layanan lain. Pilih layanan yang tertulis di tiket, atau lewati saja."

Read = Callable[[], Awaitable[bytes]]

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Answering:
    """Answers respondents from the forms on the shelf and puts what they say into the queue."""

    def __init__(self, shelf: Shelf, queue: Queue, now: Callable[[], datetime] = _now) -> None:
        """Serve one event loop."""
        self._shelf = shelf
        self._queue = queue
        self._now = now
        self._looking = asyncio.Lock()
        self._looked_at = 0.0
        self._is_up_to_date = False

    async def keep_looking(self) -> None:
        """Take over what the portal publishes, again and again, until cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _look(self) -> None:
        """Take over what was published before this call; those who call meanwhile share the next look."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        async with self._looking:
            if self._looked_at > asked_at:
                return
            self._looked_at = loop.time()
            try:
                await asyncio.to_thread(self._shelf.refresh)
                self._is_up_to_date = True
            except Unavailable as error:  # what is known can be answered all the same
                self._is_up_to_date = False
                logger.error("newly published forms cannot be seen: %s", error)

    async def answer(self, request: Request, read: Read, wait: int = 0) -> Reply | None:
        """Return the reply to a request under `/s/`, or None where there is no such page.

        `read` returns the body; it is called only for one of the right kind and size. `wait` is in how many
        seconds this address may send again, 0 for now.
        """
        code, _, language = request.path.removeprefix(PREFIX).lower().partition("/")
        language = language.removesuffix("/")
        if "." in code:  # a script of the page; no campaign is called like that
            return None
        if (published := self._shelf.get(code)) is None:
            await self._look()  # it may have been published this moment
            published = self._shelf.get(code)
        if published is None and not self._is_up_to_date:
            return as_problem(BUSY, FIRST)
        if published is None:
            return as_problem(UNKNOWN, FIRST) if request.method == "POST" else None
        if request.method not in METHODS:
            return Reply(405, [("allow", ", ".join(METHODS))])
        is_spoken = language in published.languages
        spoken = language if is_spoken else _chosen(request, published)
        try:
            pages = await self._pages(published, spoken)
        except Unavailable:
            return as_problem(BUSY, spoken)
        if request.method == "POST":
            reply = await self._post(request, read, pages, wait)
        else:
            reply = self._get(request, pages, is_asked_for=is_spoken or not language)
        return kept(reply, language) if is_spoken else reply

    async def _pages(self, published: Published, language: str) -> Pages:
        if (found := self._shelf.find(published, language)) is not None:
            return found
        return await asyncio.to_thread(self._shelf.load, published, language)

    def _get(self, request: Request, pages: Pages, *, is_asked_for: bool) -> Reply:
        try:
            _require_open(pages.published.form, self._now())
        except Refused as refused:
            return refusal(pages, refused, {}, self._now())
        return as_form(request, pages) if is_asked_for else as_unspoken(pages)

    async def _post(self, request: Request, read: Read, pages: Pages, wait: int) -> Reply:
        is_json, given = request.content_type == JSON, dict[str, str]()
        try:
            require_plain_body(request)
            if is_json:
                content = await read()
                _require_turn(wait)
                submission = read_json(content, pages.published.form)
                return as_receipt(await self._store(submission, pages, request))
            if request.content_type != FORM_TYPE:
                raise Refused(415, "Kirim formulir atau JSON.")
            given = read_form(await read())
            _require_turn(wait)
            return await self._post_form(request, given, pages)
        except Refused as refused:
            form, now = pages.published.form, self._now()
            is_hopeless = refused.status == MENDABLE and (form.is_before(now) or form.is_over(now))
            told = _outside(form, now) if is_hopeless else refused
        except Unavailable:
            told = BUSY
        return as_problem(told, pages.language) if is_json else refusal(pages, told, given, self._now())

    async def _post_form(self, request: Request, given: dict[str, str], pages: Pages) -> Reply:
        form = pages.published.form
        if given.get("edit"):
            return as_review(pages, given, FORM)
        submission = read_fields(given, form)
        if submission.key is not None:
            return as_thanks(pages, await self._store(submission, pages, request), submission)
        _require_open(form, self._now())
        return as_review(pages, given, REVIEW, inbox.new_key(self._now()))

    async def _store(self, submission: Submission, pages: Pages, request: Request) -> Receipt:
        """Return the receipt once the response is stored; of the request the kind of device is counted."""
        form, at, device = pages.published.form, self._now(), device_of(request.headers.get("user-agent", ""))
        outcome = await self._queue.submit(Arrival.of(form, submission, at, device))
        if outcome is Refusal.CLOSED:
            raise _outside(form, at)
        if isinstance(outcome, Refusal):
            raise _refused(outcome)
        return outcome


def _chosen(request: Request, published: Published) -> str:
    """Return the language that this browser was last asked in, as far as the campaign has it."""
    chosen = request.cookie(LANGUAGE_COOKIE)
    return chosen if chosen in published.languages else FIRST


def _require_turn(wait: int) -> None:
    if wait:
        raise Refused(429, TOO_MANY, seconds=wait)


def _require_open(form: CampaignForm, at: datetime) -> None:
    if not form.takes(at, None):
        raise _outside(form, at)


def _outside(form: CampaignForm, at: datetime) -> Refused:
    """Return the refusal of an answer before the window, or after it or the last block."""
    if form.is_before(at):
        return Refused(403, "Survei dibuka pada {day}.", day=form.starts_on.isoformat())
    return Refused(410, "Survei ditutup pada {day}.", day=form.ends_on.isoformat())


def _refused(outcome: Refusal) -> Refused:
    """Return the refusal of an answer whose key or ticket is not good."""
    match outcome:
        case Refusal.USED_TICKET:
            return Refused(409, "Tiket ini sudah dipakai. Satu tiket untuk satu jawaban.", "ticket")
        case Refusal.EXPIRED_TICKET:
            return Refused(422, "Masa berlaku tiket ini sudah habis.", "ticket")
        case Refusal.FOREIGN_TICKET:
            return Refused(422, FOREIGN_TICKET, "ticket")
        case Refusal.UNKNOWN_TICKET:
            return Refused(422, UNKNOWN_TICKET, "ticket")
        case Refusal.OTHER_SERVICE:
            return Refused(422, OTHER_SERVICE, "ticket")
        case _:
            return Refused(409, "Kunci ini sudah dipakai untuk jawaban lain.", "key")
