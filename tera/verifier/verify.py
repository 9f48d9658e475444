"""Check a ledger of Tera without trusting it: python verify.py SOURCE --key KEY.

Written from docs/protocol.md and docs/response.md with the standard library only; the checks have the numbers
of section 6. SOURCE is the address of a site, a folder with its log, or an audit bundle. Exit codes: 0 all
that was checked holds; 1 something does not; 2 bad use, or a source that cannot be read.
"""

import argparse
import base64
import contextlib
import hashlib
import io
import json
import os
import re
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple

# Whoever gives a source may be hostile, so everything has a bound. Raise these for a log that is larger.
MOST_BYTES, MOST_FILE_BYTES, MOST_SMALL_BYTES, MOST_ENTRY_BYTES = 512 << 20, 17 << 20, 1 << 16, 0xFFFF
SECONDS_A_FILE, SECONDS_IN_ALL, MOST_FINDINGS = 120, 3600, 100
WIDTH, K = 256, 10
TITLES = (
    *("the checkpoint is signed", "tiles follow from the entries", "the root is that of the entries"),
    *("the log only grew", "entries are statements", "campaigns are told in order", "no block is too small"),
    *("closing tallies are whole", "certified indices follow", "commitments are those of the responses"),
    *("blocks hold these commitments", "tallies follow from the responses", "tallies of blocks add up"),
    *("the receipt is signed", "the receipt is in its block"),
)


class UnreadableError(Exception):
    """Nothing can be checked; the message says what to do."""


class WrongError(Exception):
    """Something is not as it must be; whoever asked makes a finding of it."""


def require(fact: object, otherwise: str) -> None:
    if not fact:
        raise WrongError(otherwise)


def shown(value: object) -> str:
    """Return hostile text so that it may be printed: in ASCII, without control characters, short."""
    return ascii(value) if len(ascii(value)) < 80 else f"{ascii(value)[:80]}..."


class Report:
    """What was checked, how much of it, and what does not hold."""

    def __init__(self, due: set[int]) -> None:
        self.due, self.findings, self.note = due, list[dict[str, Any]](), b""
        self.checked = dict[int, str]()

    @contextlib.contextmanager
    def finding(self, check: int, where: str) -> Iterator[None]:
        """Make a finding of what turns out to be wrong inside."""
        try:
            yield
        except WrongError as error:
            self.findings += [{"check": check, "what": str(error), "where": where}][
                : MOST_FINDINGS - len(self.findings)
            ]

    def result(self) -> dict[str, Any]:
        """Return all of it; it holds if nothing was found and every check that is due was made."""
        failed, rows = {one["check"] for one in self.findings}, []
        for check, title in enumerate(TITLES, 1):
            state = "FAILS" if check in failed else "holds" if check in self.checked else "not checked"
            rows.append(
                {"check": check, "state": state, "title": title, "checked": self.checked.get(check, "-")}
            )
        holds = not self.findings and self.due <= self.checked.keys()
        return {"holds": holds, "checks": rows, "findings": self.findings}

    def text(self) -> str:
        result = self.result()
        lines = ["{check:>2}  {state:<11}  {title}: {checked}".format(**row) for row in result["checks"]]
        lines += ["check {check}: {what} ({where})".format(**one) for one in self.findings]
        return "\n".join([*lines, "All that was checked holds." if result["holds"] else "Not all holds.", ""])


class Source:
    """The files of a site, of a folder or of an audit bundle, by names such as log/checkpoint."""

    def __init__(self, place: str) -> None:
        self.left, self.until, self.zip = MOST_BYTES, time.monotonic() + SECONDS_IN_ALL, None
        self.address = place.rstrip("/").removesuffix("/log") if re.match("https?://", place) else ""
        self.folder = Path(place)
        try:
            self.prefix = "" if (self.folder / "log").is_dir() else "log/"
            self.zip = None if self.address or self.folder.is_dir() else self._opened()
        except Exception as error:
            todo = "give an address, a folder with log/, or a whole audit bundle"
            raise UnreadableError(f"{shown(place)}: {shown(str(error))}; {todo}") from error

    def _opened(self) -> zipfile.ZipFile:
        """Open a bundle. Nothing is unpacked to a disk, so no name in it can point anywhere."""
        require(self.folder.is_file(), "not there")
        with self.folder.open("rb") as file:
            file.seek(-min(42, file.seek(0, os.SEEK_END)), os.SEEK_END)
            end = file.read()
        # A list of contents without end would fill the memory before anybody could count it.
        is_plain = end[-22:-18] == b"PK\5\6" and end[:4] != b"PK\6\7"
        require(
            is_plain and int.from_bytes(end[-10:-6], "little") < MOST_FILE_BYTES, "no ZIP file, or too large"
        )
        return zipfile.ZipFile(self.folder)

    def _open(self, name: str) -> IO[bytes]:
        if self.address:
            return io.BytesIO(self._fetched(f"{self.address}/{name}"))
        if self.zip:
            info = self.zip.NameToInfo.get(name)
            require(info, "missing")
            require(info and info.compress_type in {0, zipfile.ZIP_DEFLATED}, "packed as bundles are not")
            return self.zip.open(name)
        path = self.folder / name.removeprefix(self.prefix)
        require(path.is_file(), "missing")  # a pipe or a device might never end
        return path.open("rb")

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file of at most so many bytes; WrongError where there is none."""
        try:
            with self._open(name) as file:
                content = file.read(most + 1)
        except (WrongError, UnreadableError):
            raise
        except Exception as error:
            raise WrongError(f"cannot be read: {shown(str(error))}") from error
        require(len(content) <= most, f"longer than {most:,} bytes")
        self.left -= len(content)
        if self.left < 0:
            raise UnreadableError(f"more than {MOST_BYTES:,} bytes; raise MOST_BYTES in verify.py")
        return content

    def _fetched(self, url: str) -> bytes:
        box: list[bytes | str] = []

        def fetch() -> None:
            try:
                with urllib.request.urlopen(url, timeout=SECONDS_A_FILE) as reply:  # noqa: S310  http or https
                    box.append(reply.read(MOST_FILE_BYTES))
            except urllib.error.HTTPError as error:
                error.close()
                box.append(f"the answer is {error.code}")
            except Exception as error:  # noqa: BLE001  whatever a hostile site brings about
                box.append(shown(str(error)))

        # In a thread of its own: the time-out of a socket begins anew with every byte that drips.
        (thread := threading.Thread(target=fetch, daemon=True)).start()
        thread.join(max(0, min(SECONDS_A_FILE, self.until - time.monotonic())))
        answer = box[0] if box else "no answer in time"
        require(answer not in {"the answer is 404", "the answer is 410"}, "missing")
        if isinstance(answer, str):
            raise UnreadableError(f"{url}: {answer}; check the address, or try again later")
        return answer


# ---- Ed25519 (RFC 8032, section 5.1): verification without the cofactor, all encodings canonical

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]  # X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while number:
        result = add(result, point) if number & 1 else result
        point, number = add(point, point), number >> 1
    return result


def point_of(encoded: bytes) -> Point | None:
    """Return the point with this encoding; None where none has it as its canonical one."""
    y, sign = int.from_bytes(encoded, "little") & (1 << 255) - 1, encoded[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    return (x, y, 1, x * y % P) if x & 1 == sign else (P - x, y, 1, -x * y % P)


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether this is an Ed25519 signature of the message under the public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or times(8, key)[0] == 0:
        return False  # under a key of small order one signature would fit many messages
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _ = add(times(s, BASE), times(k, (P - key[0], key[1], key[2], P - key[3])))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ---- Merkle trees (RFC 6962, section 2.1), keys and signed notes (C2SP signed-note, tlog-checkpoint)


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes: neighbours are joined, and who has none goes up alone."""
    row = list(leaves) or [sha256()]
    while len(row) > 1:
        alone = row[-1:] if len(row) % 2 else []
        row = [sha256(b"\1", *pair) for pair in zip(row[::2], row[1::2], strict=False)] + alone
    return row[0]


def root_from(place: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root to which an inclusion proof leads, hashes from below upwards."""
    require(0 <= place < size and bool(proof) == (size > 1), "the proof does not fit the place")
    if size == 1:
        return leaf
    half, last = 1 << (size - 1).bit_length() - 1, proof[-1]
    if place < half:
        return sha256(b"\1", root_from(place, half, leaf, proof[:-1]), last)
    return sha256(b"\1", last, root_from(place - half, size - half, leaf, proof[:-1]))


def from_base64(text: str) -> bytes:
    """Return what is written, in the one spelling that is canonical."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        content = b""
    require(base64.b64encode(content).decode() == text, "not in canonical base64")
    return content


class Key(NamedTuple):
    text: str
    name: str
    id: bytes
    public: bytes

    @classmethod
    def read(cls, content: bytes) -> "Key":
        text = content.decode("ascii", "replace").removesuffix("\n")
        name, id_, key = [*re.split("[+]", text, maxsplit=2), "", ""][:3]
        public = from_base64(key)
        is_key = re.fullmatch(r"\S+", name) and len(public) == 33 and public[0] == 1
        require(is_key and sha256(name.encode(), b"\n", public)[:4].hex() == id_, "no key name+id+base64")
        return cls(text, name, bytes.fromhex(id_), public[1:])


class Note(NamedTuple):
    text: bytes
    origin: str
    size: int
    root: bytes
    signatures: Sequence[tuple[str, bytes]]

    @classmethod
    def read(cls, content: bytes) -> "Note":
        form = r"((.+)\n(0|[1-9][0-9]{0,17})\n(.{44})\n(?:.+\n)*)\n((?:— [^\s+]+ \S+\n)+)"
        match = re.fullmatch(form, content.decode("utf-8", "replace"))
        text, origin, size, root, below = match.groups() if match else ("", "", "0", "", "")
        require(match and len(from_base64(root)) == 32, "no checkpoint in a signed note")
        lines = [line.split(" ") for line in below.splitlines()]
        signatures = [(name, from_base64(signature)) for _, name, signature in lines]
        return cls(text.encode(), origin, int(size), from_base64(root), signatures)


# ---- Statements: the form of each key; for each kind the form of its id, then its keys ("?": may be absent)

TEXT, HASH = re.compile(r"(?s).*\S.*"), re.compile("[0-9a-f]{64}")
DAY = re.compile("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
NUMBER = re.compile("-?(0|[1-9][0-9]{0,999})(/[1-9][0-9]{0,999})?")
COUNT, SCORE, WEIGHT = (0, 10**12), (1, 255), re.compile(f"equal|{NUMBER.pattern}")
REASON = re.compile("DUPLICATE_TICKET|STAFF|NOT_A_USER|TEST|COERCED|OTHER")
FILES, ELEMENTS = [{"id": TEXT, "sha256": HASH}], [{"element": TEXT, "items": [TEXT]}]
MEASURES = [{"measure": TEXT, "weight": WEIGHT, "scale": NUMBER, "offset": NUMBER, "elements": ELEMENTS}]
FORMS: dict[str, Any] = {  # what is not here is a text
    **dict.fromkeys(("count", "block", "blocks", "grace_seconds", "population", "target", "excluded"), COUNT),
    "starts_on": DAY,
    "ends_on": DAY,
    "until": DAY,
    "expires_on": DAY,
    "root": HASH,
    "tally": HASH,
    "instruments": FILES,
    "rulebooks": FILES,
    "salts": [HASH],
    "measures": MEASURES,
    "weighting": re.compile("none"),
    "title": re.compile("wbk|wbbm"),
    "purpose": re.compile("receipts|checkpoints"),
    "reasons": [{"reason": REASON, "count": COUNT}],
    "items": [{"item": TEXT, "counts": [{"score": SCORE, "count": COUNT}]}],
    "points": [{"measure": TEXT, "points": NUMBER}],
}
KINDS = {
    "opened": "opened/{campaign} campaign unit period zone starts_on ends_on grace_seconds population target"
    " weighting instruments rulebooks measures",
    "sealed": "sealed/{campaign}/{block} campaign block count root tally",
    "imported": "imported/{campaign} campaign block count root tally source",
    "closed": "closed/{campaign} campaign blocks count tally?=items salts?",
    "extended": "extended/{campaign}/ campaign ends_on until by_unit reason",
    "tickets_issued": "tickets/ unit service? count root expires_on",
    "excluded": "excluded/{campaign}/ campaign count reasons proposed_by confirmed_by",
    "controls_revealed": "controls/{campaign} campaign count root",
    "certified": "certified/{campaign}/ campaign count excluded measures=points by_unit",
    "proposed": "proposed/{unit}/ unit period rulebook target=title by_unit",
    "corrected": "corrected/ statement reason by_unit",
    "erased": "erased/{campaign}/ campaign block count",
    "key_rotated": "key/{purpose}/ purpose old new",
}


def fits(value: object, form: Any) -> bool:  # noqa: ANN401  a form is a pattern, two bounds, a list or a dict
    match form, value:
        case (int(low), int(high)), int():
            return not isinstance(value, bool) and low <= value <= high
        case re.Pattern(), str():
            return form.fullmatch(value) is not None
        case ([inner], [_, *_]) | ([inner, None], [*_]):  # the latter may be empty
            return all(fits(one, inner) for one in value)
        case {"*": (pattern, inner)}, dict():
            return all(fits(key, pattern) and fits(one, inner) for key, one in value.items())
        case dict(), dict():
            forms = {key.removesuffix("?"): inner for key, inner in form.items()}
            needed = {key for key in form if not key.endswith("?")}
            return needed <= value.keys() <= forms.keys() and all(
                fits(value[key], forms[key]) for key in value
            )
    return False


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def read_json(content: bytes, form: Any = None) -> Any:  # noqa: ANN401
    """Return what JSON says; a form says what it must look like, none that it must be canonical."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(pairs)) == len(pairs), "it says one thing twice")
        return dict(pairs)

    try:
        value = json.loads(content, object_pairs_hook=once)
        require(
            fits(value, form) if form else canonical(value) == content, "not in the form that it must have"
        )
    except (ValueError, RecursionError) as error:
        raise WrongError(f"not JSON: {shown(str(error))}") from error
    return value


def read_statement(entry: bytes) -> dict[str, Any]:
    one = read_json(entry)
    kind = str(one.get("kind")) if isinstance(one, dict) else ""
    require(kind in KINDS, f"no statement of a known kind: {shown(one)}")
    pattern, *words = KINDS[kind].split()
    forms = {"kind": TEXT, "id": TEXT}
    for key, _, form in (word.partition("=") for word in words):
        forms[key] = FORMS.get(form or key.removesuffix("?"), TEXT)
    odd = sorted(key for key in one if not fits(one[key], forms.get(key, forms.get(f"{key}?"))))
    require(fits(one, forms), f"a key of {kind} is missing, unknown or not of its form: {shown(odd)}")
    stem, rest = pattern.format_map(one), one["id"].removeprefix(pattern.format_map(one))
    is_numbered = re.fullmatch("[1-9][0-9]{0,17}", rest) if pattern.endswith("/") else not rest
    require(one["id"].startswith(stem) and is_numbered, f"{shown(one['id'])} is no id of {kind}")
    return dict(one)


# ---- Checks 1 to 9: the log, and what its statements tell of campaigns


@dataclass
class Campaign:
    opened: dict[str, Any]
    blocks: list[dict[str, Any]] = field(default_factory=list)
    closed: dict[str, Any] = field(default_factory=dict)
    erased: Counter[int] = field(default_factory=Counter)

    @cached_property
    def points(self) -> dict[str, Fraction]:
        """The points of each measure that has an answer, from the closing tally."""
        given = {row["item"]: row["counts"] for row in self.closed["tally"]}
        result = dict[str, Fraction]()
        for measure in self.opened["measures"]:
            means = []
            for element in measure["elements"]:
                counts = [one for item in element["items"] for one in given.get(item, ())]
                if number := sum(one["count"] for one in counts):
                    mean = Fraction(sum(one["score"] * one["count"] for one in counts), number)
                    means.append(mean * Fraction(measure["scale"]) + Fraction(measure["offset"]))
            weight = f"1/{len(means)}" if measure["weight"] == "equal" else measure["weight"]
            result |= {measure["measure"]: sum(means) * Fraction(weight)} if means else {}
        return result


class Ledger:
    """What the statements say, one after the other."""

    def __init__(self, report: Report) -> None:
        self.report, self.leaves, self.ids = report, list[bytes](), set[str]()
        self.keys, self.campaigns, self.figures = dict[str, str](), dict[str, Campaign](), Counter[str]()

    def hear(self, entry: bytes) -> None:
        where = f"entry {len(self.leaves)}"
        self.leaves.append(sha256(b"\0", entry))
        with self.report.finding(5, where):
            one = read_statement(entry)
            require(one["id"] not in self.ids, f"the id {shown(one['id'])} comes twice")
            self.ids.add(one["id"])
            if one["kind"] == "key_rotated":
                self.keys[one["purpose"]] = one["new"]
            if one["kind"] == "opened":
                self.campaigns.setdefault(one["campaign"], Campaign(one))
            with self.report.finding(6, where):
                require(
                    one.get("campaign", "") in {"", *self.campaigns}, "its campaign was not opened before"
                )
                if campaign := self.campaigns.get(one.get("campaign", "")):
                    self._of_campaign(one, campaign, where)

    def _of_campaign(self, one: dict[str, Any], campaign: Campaign, where: str) -> None:
        kind, blocks, count = one["kind"], campaign.blocks, one.get("count", 0)
        if kind in {"sealed", "imported"}:
            blocks.append(one)
            self.figures.update(blocks=1, responses=count)
            require(not campaign.closed, "sealed after the campaign was closed")
            require(one["block"] == len(blocks), f"block {one['block']} is not the next one")
            require(
                len(blocks) == 1 or blocks[0]["kind"] == kind == "sealed", "what is imported is one block"
            )
        elif kind == "closed":
            campaign.closed = one
            self.figures.update(closed=1)
            told = len(blocks), sum(block["count"] for block in blocks)
            require((one["blocks"], count) == told, f"{told[0]} blocks with {told[1]} responses were sealed")
            with self.report.finding(8, where):
                require_whole(one)
        elif kind == "erased":
            require(0 < one["block"] <= len(blocks), f"there is no block {one['block']}")
            campaign.erased[one["block"]] += count
            most = blocks[one["block"] - 1]["count"]
            require(
                campaign.erased[one["block"]] <= most, f"more are erased than the {most} that were sealed"
            )
        elif kind == "certified":
            self.figures.update({"excluded" if one["excluded"] else "certified": 1})
            with self.report.finding(9, where):
                require_follows(one, campaign)

    def end(self) -> None:
        for code, campaign in self.campaigns.items():
            small = [
                block["block"] for block in campaign.blocks if block["count"] < K and len(campaign.blocks) > 1
            ]
            with self.report.finding(7, shown(code)):
                require(not small, f"block {[*small, 0][0]} has fewer than {K} responses")
        figures = defaultdict(int, self.figures, ids=len(self.ids), campaigns=len(self.campaigns))
        told = "{ids:,} statements|{campaigns:,} campaigns|{blocks:,} blocks, {responses:,} responses"
        told += "|{closed:,} closed|{certified:,} indices; not {excluded:,} with exclusions"
        self.report.checked |= dict(enumerate(told.format_map(figures).split("|"), 5))


def require_whole(closed: dict[str, Any]) -> None:
    tally, salts, count = closed.get("tally", []), len(closed.get("salts", [])), closed["count"]
    is_due = (bool(tally), salts) == (count >= K, closed["blocks"] if count >= K else 0)
    require(is_due, f"{count} responses call for {'a' if count >= K else 'no'} tally and salts")
    require(len({row["item"] for row in tally}) == len(tally), "an item comes twice")
    for row in tally:
        scores = [one["score"] for one in row["counts"] if one["count"]]
        answers = sum(one["count"] for one in row["counts"])
        require(scores == sorted({*scores}) and len(scores) == len(row["counts"]), "scores are not in order")
        require(K <= answers <= count, f"{shown(row['item'])} has {answers} answers of {count} people")


def require_follows(certified: dict[str, Any], campaign: Campaign) -> None:
    if not certified["excluded"]:
        require("tally" in campaign.closed, "there is no closing tally from which it could follow")
        require(certified["count"] == campaign.closed["count"], "it is not over all responses")
        for one in certified["measures"]:
            is_right = campaign.points.get(one["measure"]) == Fraction(one["points"])
            require(is_right, f"{shown(one['points'])} is not what {shown(one['measure'])} gives")


def tile_name(level: int | str, index: int, width: int) -> str:
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    thousands = "".join(f"x{digits[at : at + 3]}/" for at in range(0, len(digits) - 3, 3))
    return f"log/tile/{level}/{thousands}{digits[-3:]}" + (f".p/{width}" if width < WIDTH else "")


def read_entries(source: Source, size: int, ledger: Ledger) -> int:
    """Tell the ledger every entry, compare every tile with what follows from them, and count these files."""
    files, row, level = 0, ledger.leaves, 0
    for start in range(0, size, WIDTH):
        width, at, files = min(WIDTH, size - start), 0, files + 1
        with ledger.report.finding(2, name := tile_name("entries", start // WIDTH, width)):
            content = source.read(name, width * (2 + MOST_ENTRY_BYTES))
            while at < len(content):
                begin, at = at + 2, at + 2 + int.from_bytes(content[at : at + 2], "big")
                require(at <= len(content), "it ends in the middle of an entry")
                ledger.hear(content[begin:at])
        require(len(ledger.leaves) == start + width, f"{name} does not hold {width} entries")
    while row:
        for start in range(0, len(row), WIDTH):
            hashes, files = row[start : start + WIDTH], files + 1
            with ledger.report.finding(2, name := tile_name(level, start // WIDTH, len(hashes))):
                is_same = source.read(name, len(hashes) * 32) == b"".join(hashes)
                require(is_same, "its hashes do not follow from what is below")
        row, level = [root_of(row[end - WIDTH : end]) for end in range(WIDTH, len(row) + 1, WIDTH)], level + 1
    return files


def check_log(
    report: Report, source: Source, trusted: Key | None, old: Note | None
) -> tuple[Ledger, Key | None]:
    """Make checks 1 to 9; return what the statements say, and the key of receipts."""
    ledger, keys = Ledger(report), dict[str, Key]()
    try:
        report.note = source.read("log/checkpoint", MOST_SMALL_BYTES)
    except WrongError as error:
        raise UnreadableError(
            f"log/checkpoint: {error}; give an address, a folder or a bundle with a log"
        ) from error
    for name in ("key", "receipt-key"):
        with report.finding(1, f"log/{name}"):
            keys[name] = Key.read(source.read(f"log/{name}", MOST_SMALL_BYTES))
    with report.finding(1, "--key"):
        require(trusted, "the signature was not checked against a key that you trust; give one")
    with report.finding(1, "log/checkpoint"):
        key = trusted or keys.get("key") or Key("", "", b"", b"")
        note = Note.read(report.note)
        own = [signed[4:] for name, signed in note.signatures if (name, signed[:4]) == (key.name, key.id)]
        with report.finding(1, "log/checkpoint"):
            require(note.origin == key.name, f"the origin is {shown(note.origin)}, not that of the key")
            require(len(own) == 1 and is_signed(key.public, note.text, own[0]), "it is not signed by the key")
        report.checked[1] = (
            f"{note.origin}, {note.size:,} entries, {len(note.signatures) - 1} other signatures"
        )
        with report.finding(2, "log/checkpoint"):
            report.checked[2] = f"{read_entries(source, note.size, ledger):,} files"
            ledger.end()
            with report.finding(3, "log/checkpoint"):
                require(root_of(ledger.leaves) == note.root, "it names another root")
                report.checked[3] = note.root.hex()
            with report.finding(4, "--old"):
                first = ledger.leaves[: old.size] if old else []
                is_same = not old or (old.origin, old.size, old.root) == (
                    note.origin,
                    len(first),
                    root_of(first),
                )
                require(is_same, "your older checkpoint is not one of this log")
                report.checked |= {4: f"the first {old.size:,} entries"} if old else {}
    for purpose, name, tail in (("checkpoints", "key", ""), ("receipts", "receipt-key", "/receipts")):
        with report.finding(1, f"log/{name}"):
            if trusted and name in keys:
                right = trusted.text if name == "key" else ledger.keys.get(purpose, keys[name].text)
                require(
                    keys[name].name == trusted.name + tail and keys[name].text == right, "it is another key"
                )
                require(ledger.keys.get(purpose, right) == right, "the log names another key")
    return ledger, keys.get("receipt-key")


# ---- Checks 10 to 13: the responses of a bundle

ANY_BUNDLE = {
    "format": re.compile("tera/bundle/v1"),
    "campaign": TEXT,
    "instruments": [{"id": TEXT, "items": [TEXT]}],
}
DIGITS = re.compile("[1-9][0-9]{0,2}")
TALLY = {"complete": COUNT, "respondents": COUNT, "counts": {"*": (TEXT, {"*": (DIGITS, COUNT)})}}
TALLIES = {"block": COUNT, "campaign": TEXT, "count": COUNT, "instruments": {"*": (TEXT, TALLY)}}
BLOCKS = [{"block": COUNT, "count": COUNT, "kind": TEXT, "tally_salt": HASH, "tally": TALLIES}]
ROW = re.compile(rb"([1-9][0-9]{0,9}),([0-9a-f]{64}),(?:([0-9a-f]{64}),((?:[0-9a-f]{2})+)|,)\n")
HEADER = b"block,commitment,salt,body\n"


class Block:
    """What a bundle holds of a block: commitments, patterns of answers and how often, how many are erased."""

    def __init__(self) -> None:
        self.commitments, self.patterns, self.erased = list[bytes](), Counter[bytes](), 0

    def tally(self, codes: Sequence[str], first: int) -> dict[str, Any]:
        """Return the tally of the instrument whose items have these codes and begin at this place."""
        counts = {code: Counter[str]() for code in codes}
        respondents = complete = 0
        for pattern, times_ in self.patterns.items():
            answers = pattern[first : first + len(codes)]
            respondents += times_ * any(answers)
            complete += times_ * all(answers)
            for code, score in zip(codes, answers, strict=True):
                counts[code].update({str(score): times_} if score else {})
        return {"respondents": respondents, "complete": complete, "counts": counts}


def read_body(body: bytes) -> tuple[bytes, bytes]:
    """Return the campaign and the answers of a response, by docs/response.md."""
    service = 4 + body[0]
    end = service + 6 + (body[service] if service < len(body) else 0)
    require(end < len(body) and len(body) == end + 1 + body[end], "its lengths do not fit")
    codes = body[1 : 1 + body[0]] + body[service + 1 : end - 5]
    is_form = 0 < body[0] <= 64 and body[service] <= 64 and body[end - 1] <= 1
    require(codes.isascii() and is_form, "no canonical bytes")
    return body[1 : 1 + body[0]], body[end + 1 :]


def read_responses(report: Report, source: Source, campaign: Campaign, items: int) -> dict[int, Block]:
    blocks: dict[int, Block] = {number: Block() for number in range(1, len(campaign.blocks) + 1)}
    header, *lines = source.read("responses.csv", MOST_BYTES).splitlines(keepends=True) or [b""]
    seen, before = set[bytes](), (0, b"")
    with report.finding(10, "responses.csv, line 1"):
        require(header == HEADER, "the header is another one")
    for number, line in enumerate(lines, 2):
        with report.finding(10, f"responses.csv, line {number}"):
            row = ROW.fullmatch(line)
            require(row, "it is not block,commitment,salt,body")
            place, commitment = (int(row[1]), bytes.fromhex(row[2].decode())) if row else before
            with report.finding(11, f"responses.csv, line {number}"):
                require(place in blocks, f"block {place} was not sealed")
                require((place, commitment) > before, "it is not sorted")
                require(commitment not in seen, "the commitment comes twice")
                blocks[place].commitments.append(commitment)
            seen.add(commitment)
            before = place, commitment
            if row and row[3] and place in blocks:
                salt, body = bytes.fromhex(row[3].decode()), bytes.fromhex(row[4].decode())
                code, answers = read_body(body)
                require(
                    sha256(b"tera/response/v1", salt, body) == commitment,
                    "it is another response's commitment",
                )
                require(
                    code == campaign.opened["campaign"].encode("utf-8", "replace"),
                    f"it is of the campaign {shown(code)}",
                )
                require(len(answers) == items, f"it has {len(answers)} answers for {items} items")
                blocks[place].patterns[answers] += 1
            elif place in blocks:
                blocks[place].erased += 1
    return blocks


def check_bundle(report: Report, source: Source, ledger: Ledger) -> dict[bytes, str]:
    """Make checks 10 to 13; return the campaign of all commitments."""
    campaign, blocks, about, told = None, dict[int, Block](), dict[str, Any](), list[dict[str, Any]]()
    with report.finding(10, "bundle.json"):
        about = read_json(source.read("bundle.json", MOST_SMALL_BYTES), ANY_BUNDLE)
        campaign = ledger.campaigns.get(about["campaign"])
        require(campaign, f"the log does not know the campaign {shown(about['campaign'])}")
    with report.finding(12, "blocks.json"):
        told = read_json(source.read("blocks.json", MOST_FILE_BYTES), BLOCKS)
    if campaign is None:
        return {}
    items = [item for one in about["instruments"] for item in one["items"]]
    with report.finding(10, "bundle.json"):
        same = [one["id"] for one in about["instruments"]] == [
            one["id"] for one in campaign.opened["instruments"]
        ]
        require(same and len({*items}) == len(items), "its instruments are not those of the campaign")
        measured = {
            item for one in campaign.opened["measures"] for each in one["elements"] for item in each["items"]
        }
        require(measured <= {*items}, "an item of a measure is missing")
    with report.finding(10, "responses.csv"):
        blocks = read_responses(report, source, campaign, len(items))
    for number, block in blocks.items():
        sealed, where = campaign.blocks[number - 1], f"block {number}"
        with report.finding(10, where):
            require(block.erased == campaign.erased[number], f"{block.erased} are without salt and body")
        with report.finding(11, where):
            is_same = len(block.commitments) == sealed["count"]
            root = root_of([sha256(b"\0", commitment) for commitment in block.commitments])
            require(
                is_same and root.hex() == sealed["root"], "its commitments do not give the root and the count"
            )
        with report.finding(12, where):
            require(len(told) == len(blocks), f"blocks.json tells of {len(told)} blocks")
            check_tally(told[number - 1], sealed, block, about["instruments"])
    figures = sum(len(one.commitments) for one in blocks.values()), sum(one.erased for one in blocks.values())
    much = f"{len(blocks):,} blocks, {figures[0]:,} responses, {figures[1]:,} erased"
    report.checked |= dict.fromkeys((10, 11, 12), much) | {
        13: "closed" if campaign.closed else "not closed yet"
    }
    with report.finding(13, "blocks.json"):
        require_sum(campaign.closed, told, items)
    return {commitment: about["campaign"] for block in blocks.values() for commitment in block.commitments}


def check_tally(
    told: dict[str, Any], sealed: dict[str, Any], block: Block, instruments: list[dict[str, Any]]
) -> None:
    """Check what blocks.json tells of a block."""
    right = {"block": sealed["block"], "campaign": sealed["campaign"], "count": sealed["count"]}
    kind, first, tallies = {"sealed": "SEALED", "imported": "IMPORTED"}[sealed["kind"]], 0, {}
    for one in instruments:
        tallies[one["id"]] = block.tally(one["items"], first)
        first += len(one["items"])
    hashed = sha256(b"tera/tally/v1", bytes.fromhex(told["tally_salt"]), canonical(told["tally"]))
    require(hashed.hex() == sealed["tally"], "its tally and salt do not give the hash")
    require(
        (told["block"], told["count"], told["kind"]) == (right["block"], right["count"], kind),
        "it is another block",
    )
    if block.erased:
        tallies = told["tally"]["instruments"]
    require(
        told["tally"] == {**right, "instruments": tallies}, "its tally does not follow from the responses"
    )


def require_sum(closed: dict[str, Any], told: list[dict[str, Any]], items: list[str]) -> None:
    counts = {item: Counter[int]() for item in items}
    for block in told:
        for one in block["tally"]["instruments"].values():
            for item, scores in one["counts"].items():
                require(item in counts, f"{shown(item)} is no item of the campaign")
                counts[item].update({int(score): number for score, number in scores.items()})
    rows = [
        {"item": item, "counts": [{"score": score, "count": row[score]} for score in sorted(+row)]}
        for item, row in counts.items()
        if row.total() >= K
    ]
    if "tally" in closed:
        require(rows == closed["tally"], "the tallies of the blocks do not add up to that of closed")
        require(
            [block["tally_salt"] for block in told] == closed["salts"], "the salts are not those of closed"
        )


# ---- Checks 14 and 15, and the command

SIGNATURE, PART = re.compile("[A-Za-z0-9_-]{86}"), {"index": COUNT, "size": COUNT, "proof": [HASH, None]}
RECEIPT = {"receipt": TEXT, "campaign": TEXT, "day": DAY, "commitment": HASH, "signature": SIGNATURE}
PROOF = {
    "format": TEXT,
    "commitment": HASH,
    "block": PART,
    "statement": TEXT,
    "log": PART,
    "checkpoint": TEXT,
}


class Receipt:
    """A receipt, and what shows that its response is in a block."""

    def __init__(self, content: bytes, proof: bytes) -> None:
        self.content, self.proof, self.said = content, proof, dict[str, Any]()

    def check_signature(self, key: Key | None) -> str:
        """Make check 14, and return whose key it is."""
        one = read_json(self.content, RECEIPT)
        commitment, code = bytes.fromhex(one["commitment"]), one["campaign"].encode("utf-8", "replace")
        number = int.from_bytes(commitment[:16], "big")
        digits = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * n & 31] for n in range(25, -1, -1))
        require(one["receipt"].replace("-", "") == digits, "its code is not that of its commitment")
        try:
            day = (date.fromisoformat(one["day"]) - date(1970, 1, 1)).days.to_bytes(2, "big")
        except (ValueError, OverflowError) as error:
            raise WrongError(f"there is no day {one['day']}") from error
        message = b"tera/receipt/v1" + commitment + day + bytes([min(len(code), 255)]) + code
        signature = from_base64(one["signature"].replace("-", "+").replace("_", "/") + "==")
        require(key and is_signed(key.public, message, signature), "it is not signed by the receipt key")
        self.said = one
        return key.name if key else ""

    def check_place(self, ledger: Ledger, held: dict[bytes, str], source: Source) -> str:
        """Make check 15, and return how; nothing where the source does not tell."""
        campaign, commitment = (
            ledger.campaigns.get(self.said["campaign"]),
            bytes.fromhex(self.said["commitment"]),
        )
        if source.zip:
            require(held.get(commitment) == self.said["campaign"], "it is in no block of this bundle")
            return "in the bundle"
        if source.address and not self.proof:
            with contextlib.suppress(WrongError):  # there is none before the block is sealed
                self.proof = source.read(f"r/{self.said['receipt']}/bukti.json", MOST_SMALL_BYTES)
            require(
                self.proof or not (campaign and campaign.closed),
                "all blocks are sealed, and no proof is given",
            )
        if not self.proof:
            return ""
        proof = read_json(self.proof, PROOF)
        block = read_json(proof["statement"].encode("ascii", "replace"))
        require(campaign and block in campaign.blocks, "the log has no such block of this campaign")
        leaf, parts = sha256(b"\0", commitment), [bytes.fromhex(part) for part in proof["block"]["proof"]]
        root = root_from(proof["block"]["index"], block["count"], leaf, parts)
        require(root.hex() == block["root"], "the proof leads to another root")
        return f"in block {block['block']} of {shown(self.said['campaign'])}"


def small_file(path: str, what: str) -> bytes:
    try:
        require(Path(path).is_file(), "not there")
        with Path(path).open("rb") as file:
            return file.read(MOST_SMALL_BYTES)
    except (WrongError, OSError, ValueError) as error:
        raise UnreadableError(
            f"{what} {shown(path)}: {shown(str(error))}; give a file that is there"
        ) from error


def verify(
    place: str, key: str = "", old: str = "", receipt: str = "", proof: str = "", save: str = ""
) -> Report:
    """Make every check that this source allows; UnreadableError says why none can be made."""
    try:
        is_key = key.count("+") > 1 and not Path(key).is_file()
        trusted = (
            Key.read(key.encode("utf-8", "replace") if is_key else small_file(key, "--key")) if key else None
        )
        before = Note.read(small_file(old, "--old")) if old else None
    except WrongError as error:
        raise UnreadableError(
            f"{shown(old if 'note' in str(error) else key)}: {error}; give another"
        ) from error
    slip = (
        Receipt(small_file(receipt, "--receipt"), small_file(proof, "--proof") if proof else b"")
        if receipt
        else None
    )
    source = Source(place)
    due = {1, 2, 3, 5, 6, 7, 8, 9} | ({4} if old else set()) | ({14} if receipt else set())
    report = Report(due | ({10, 11, 12, 13} if source.zip else set()))
    with source.zip or contextlib.nullcontext():
        ledger, receipt_key = check_log(report, source, trusted, before)
        held = check_bundle(report, source, ledger) if source.zip else {}
    with report.finding(14, "--receipt"):
        if slip:
            report.checked[14] = slip.check_signature(receipt_key)
            with report.finding(15, "--receipt"):
                report.checked |= {15: how} if (how := slip.check_place(ledger, held, source)) else {}
    if save and report.result()["holds"]:
        try:
            Path(save).write_bytes(report.note)
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{shown(save)} cannot be written: {shown(str(error))}") from error
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Checks a ledger of Tera without trusting it."
    )
    parser.add_argument("source", metavar="SOURCE", help="an address, a folder with log/, or an audit bundle")
    parser.add_argument("--key", default="", metavar="KEY", help="the key of the log, or a file with it")
    parser.add_argument("--old", default="", metavar="FILE", help="a checkpoint that you kept")
    parser.add_argument("--save-checkpoint", default="", metavar="FILE", help="keep this one if all holds")
    parser.add_argument("--receipt", default="", metavar="FILE", help="a receipt as JSON")
    parser.add_argument("--proof", default="", metavar="FILE", help="what the site shows for the receipt")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        report = verify(
            options.source, options.key, options.old, options.receipt, options.proof, options.save_checkpoint
        )
    except UnreadableError as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report.result(), indent=2) if options.json else report.text().rstrip("\n"))
    return 0 if report.result()["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
