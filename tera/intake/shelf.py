"""What respondents are shown, kept in memory: a form is read and made ready once, then served as bytes."""

import gzip
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from tera.intake.http import Reply, html_headers
from tera.intake.publishing import FORM, Published, read_forms, read_pages
from tera.intake.slots import Page
from tera.intake.tables import Connection, Database

MOST_PAGES = 512


@dataclass(frozen=True)
class Pages:
    """The pages of one campaign in one language; `published` is the version that they belong to."""

    published: Published
    language: str
    by_kind: Mapping[str, Page]
    _made: dict[tuple[str, str, bool], Reply] = field(default_factory=dict, compare=False)

    def ready(self, service: str, channel: str, *, is_packed: bool) -> Reply:
        """Return the form as whoever comes for a service by a channel gets it first, made once for each.

        Both are codes that the form knows, or empty.
        """
        made = (service, channel, is_packed)
        if made not in self._made:
            given = {f"service={service}": "", **({"channel": channel} if channel else {})}
            self._made[made] = self._reply(self.by_kind[FORM].fill(given).encode(), is_packed=is_packed)
        return self._made[made]

    def _reply(self, form: bytes, *, is_packed: bool) -> Reply:
        tag = f'"{hashlib.sha256(form).hexdigest()[:32]}{"-gzip" if is_packed else ""}"'
        # The language may come from a cookie.
        headers = [("etag", tag), ("cache-control", "no-cache"), ("vary", "accept-encoding, cookie")]
        headers += html_headers(self.published.policy)
        if not is_packed:
            return Reply(200, headers, form)
        return Reply(200, [*headers, ("content-encoding", "gzip")], gzip.compress(form, 9, mtime=0))


class Shelf:
    """The forms and pages of one database.

    `get` and `find` look in memory only; `refresh` and `load` ask the database, and any thread may call them.
    """

    def __init__(self, database: Database) -> None:
        """Begin empty."""
        self._database = database
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._number = 0
        self._published: dict[str, Published] = {}
        self._pages: dict[tuple[str, str], Pages] = {}

    def get(self, code: str) -> Published | None:
        """Return a form that is published, or None."""
        return self._published.get(code)

    def find(self, published: Published, language: str) -> Pages | None:
        """Return the pages if they are at hand in this version."""
        pages = self._pages.get((published.form.code, language))
        return pages if pages is not None and pages.published is published else None

    def refresh(self) -> None:
        """Take over what was published since; Unavailable where the database does not answer."""
        with self._lock, self._reading().transaction(writes=False) as cursor:
            for published in read_forms(cursor, self._number):
                self._published[published.form.code] = published
                self._number = published.number

    def load(self, published: Published, language: str) -> Pages:
        """Return the pages in a language that the form has, made ready; those least used make room."""
        with self._lock, self._reading().transaction(writes=False) as cursor:
            texts = read_pages(cursor, published.form.code, language)
        pages = Pages(published, language, {kind: Page.parse(text) for kind, text in texts.items()})
        while len(self._pages) >= MOST_PAGES:
            self._pages.pop(next(iter(self._pages)), None)
        self._pages[published.form.code, language] = pages
        return pages

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _reading(self) -> Connection:
        if self._connection is None or self._connection.is_lost:
            self._connection = self._database.connect()
        return self._connection
