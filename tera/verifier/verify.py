"""Check a ledger of Tera without trusting it: python verify.py SOURCE --key KEY.

Written from docs/protocol.md and docs/response.md; the checks are those of its section 6. SOURCE is a site, a
folder with its log, or an audit bundle. Exit codes: 0 all holds; 1 something does not; 2 it cannot be read.
"""

import argparse
import contextlib
import hashlib
import json
import re
import zipfile
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.request import urlopen

# Whoever gives a source may be hostile, so everything has a bound. Raise these for a log that is larger.
MOST_BYTES, MOST_FILE_BYTES, MOST_SMALL_BYTES, MOST_ENTRY_BYTES = 512 << 20, 17 << 20, 1 << 16, 0xFFFF
MOST_SECONDS, MOST_FINDINGS, MOST_SHOWN, WIDTH, K = 60, 100, 200, 256, 10
Json = Any


def require(fact: Json, otherwise: str) -> Json:
    """Return a fact that holds; ValueError says what is wrong otherwise."""
    if not fact:
        raise ValueError(otherwise)
    return fact


# ---- Ed25519 (RFC 8032, section 5.1): verification without the cofactor, all encodings canonical
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2 % P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def times(number: int, point: tuple[int, int]) -> tuple[int, int]:
    half = times(number // 2, add(point, point)) if number else (0, 1)
    return add(half, point) if number % 2 else half


def point_of(encoded: bytes) -> tuple[int, int] | None:
    """Return the point with this encoding; None where none has it as its canonical one."""
    y, sign = int.from_bytes(encoded, "little") % 2**255, encoded[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = [pow(square, (P + 3) // 8, P) * other % P for other in (1, pow(2, (P - 1) // 4, P))]
    found = [x for x in roots if x * x % P == square and y < P and (x or not sign)]
    return (found[0] if found[0] % 2 == sign else P - found[0], y) if found else None


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether this is an Ed25519 signature of the message under the public key."""
    key = point_of(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or times(8, key)[0] == 0:
        return False  # under a key of small order one signature would fit many messages
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y = add(times(s, require(point_of(b"\x58" + b"\x66" * 31), "")), times(k, (P - key[0], key[1])))
    return (y | (x % 2) << 255).to_bytes(32, "little") == signature[:32]


# ---- Merkle trees (RFC 6962, section 2.1), signed notes and keys (C2SP signed-note, tlog-checkpoint)
NOTE = re.compile(r"((.+)\n(0|[1-9][0-9]{0,17})\n(\S{44})\n(?:.+\n)*)\n((?:— [^\s+]+ \S+\n)+)")
KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(A[Q-Za-f][0-9A-Za-z+/]{42})\n?")  # A[Q-Za-f] is 1, for Ed25519


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes: neighbours are joined, and who has none goes up alone."""
    row = list(leaves) or [sha256()]
    while len(row) > 1:
        row = [sha256(b"\1", *two) for two in zip(row[::2], row[1::2], strict=False)] + row[len(row) & -2 :]
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


# ---- JSON. A form is a pattern for texts; a range; [form] for a list, [form, ...] for one that may be empty;
# {form: form} for any keys; or an object's keys, with a space: "key" for a text, "key=form", "key=form?".
READER = json.JSONDecoder(object_pairs_hook=lambda rows: dict(rows) if len(dict(rows)) == len(rows) else None)
WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
NUMBER, TEXT = "-?(0|[1-9][0-9]{0,999})(/[1-9][0-9]{0,999})?", r"(?s).*\S.*"
FORMS: dict[str, Json] = {"day": "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "hash": "[0-9a-f]{64}"}
FORMS |= {"number": NUMBER, "score": range(1, 256), "levels": [range(3)], "files": ["file"]}
FORMS |= {"measures": [f"measure weight={NUMBER}|equal scale=number offset=number elements=parts"], "": TEXT}
FORMS |= {"reasons": ["reason=DUPLICATE_TICKET|STAFF|NOT_A_USER|TEST|COERCED|OTHER count=n"], "texts": [TEXT]}
FORMS |= {"decisions": ["campaign decision=VERIFIED(_WITH_NOTES)?|RETURNED|REJECTED due_on=day?"]}
FORMS |= {"method": "LOGIN|SECOND_FACTOR|CERTIFIED", "some": range(1, 10**12), "file": "id sha256=hash"}
FORMS |= {"parts": ["element items=texts"], "asked": ["id items=texts"], "scores": ["score=score count=some"]}
FORMS |= {"counted": "block=n campaign count=n instruments=instruments", "tally": ["item counts=scores", ...]}
FORMS |= {"instruments": {TEXT: "respondents=n complete=n counts=answers"}, "n": range(10**12 + 1)}
FORMS |= {"answers": {TEXT: {"[1-9][0-9]{0,2}": "some"}}, "points": ["measure points=number", ...]}
KINDS = {  # the form of the id, which a number from 1 follows where it ends with a slash; then the keys
    "opened": "opened/{campaign} campaign unit period zone starts_on=day ends_on=day grace_seconds=n"
    " population=n target=n weighting=none instruments=files rulebooks=files notice=file? levels=levels?"
    " measures=measures",
    "sealed": "sealed/{campaign}/{block} campaign block=n count=n root=hash tally=hash",
    "imported": "imported/{campaign} campaign block=n count=n root=hash tally=hash source",
    "closed": "closed/{campaign} campaign blocks=n count=n",
    "extended": "extended/{campaign}/ campaign ends_on=day until=day by_unit reason",
    "tickets_issued": "tickets/ unit service=? count=n root=hash expires_on=day",
    "excluded": "excluded/{campaign}/ campaign count=n reasons=reasons proposed_by confirmed_by",
    "controls_revealed": "controls/{campaign} campaign count=n root=hash",
    "certified": "certified/{campaign}/ campaign count=n excluded=n controls=n by_unit"
    " certificate=hash? measures=points? tally=tally? all=tally?",
    "minutes": "minutes/{by_unit}/ by_unit day=day sha256=hash decisions=decisions",
    "signed": "signed/{minutes}/ minutes sha256=hash by_unit method=method signature=hash",
    "proposed": "proposed/{unit}/ unit period rulebook target=wbk|wbbm by_unit results=texts",
    "corrected": "corrected/ statement reason by_unit",
    "erased": "erased/{campaign}/ campaign block=n count=n",
    "key_rotated": "key/{purpose}/ purpose=receipts|checkpoints old new",
}


def fits(value: Json, form: Json) -> bool:
    """Say whether a value of JSON has a form."""
    form = FORMS.get(form, form) if isinstance(form, str) else form
    match form, value:
        case range(), int():
            return type(value) is int and value in form
        case list(), list():
            return bool(value or form[1:]) and all(fits(one, form[0]) for one in value)
        case dict(), dict():
            return all(fits(key, name) and fits(value[key], form[name]) for name in form for key in value)
        case str(), dict() if " " in form:
            forms = dict(word.partition("=")[::2] for word in form.split())
            is_whole = {key for key in forms if forms[key][-1:] != "?"} <= value.keys() <= forms.keys()
            return is_whole and all(fits(value[key], forms[key].rstrip("?")) for key in value)
        case str(), str():
            return re.fullmatch(form, value) is not None
    return False


def read_json(content: bytes, form: Json) -> Json:
    """Return JSON that has a form; ValueError where it has not."""
    value = READER.decode(content.decode())
    return require(fits(value, form), f"it has not the form {form}, or says one thing twice") and value


def counted(rows: Sequence[bytes], items: Sequence[str]) -> Json:
    """Return the tally of a questionnaire from its rows, a byte for each of its items, 0 for a blank."""
    counts = {item: Counter(str(row[at]) for row in rows if row[at]) for at, item in enumerate(items)}
    return {"respondents": sum(map(any, rows)), "complete": sum(map(all, rows)), "counts": counts}


def is_near(most: int, more: Json, fewer: Json) -> bool:
    """Say whether all numbers of one object are those of another or at most so many more."""
    if isinstance(more, dict) and isinstance(fewer, dict):
        return all(is_near(most, more.get(key, 0), fewer.get(key, 0)) for key in more.keys() | fewer.keys())
    return isinstance(more, int) and isinstance(fewer, int) and fewer <= more <= fewer + most


def points_of(measures: list[Json], tally: Mapping[str, Counter[int]]) -> Iterator[tuple[str, Fraction]]:
    """Yield each measure of `opened` that has an answer, with its points as they follow from a tally."""
    for measure in measures:
        points, scale, offset = [], Fraction(measure["scale"]), Fraction(measure["offset"])
        for element in measure["elements"]:
            if row := sum((tally[item] for item in element["items"] if item in tally), Counter[int]()):
                mean = Fraction(sum(score * count for score, count in row.items()), row.total())
                points.append(mean * scale + offset)
        if points:
            weight = f"1/{len(points)}" if measure["weight"] == "equal" else measure["weight"]
            yield measure["measure"], sum(points, Fraction(0)) * Fraction(weight)


# ---- Checks 6 to 9. A rule is the number of a check, whether it holds, and what is wrong otherwise
def total(statements: Iterable[Json]) -> int:
    return sum(one["count"] for one in statements)


def rules_of(one: Json, said: Json, log: "Verifier") -> Iterator[tuple[int, object, str]]:
    """Yield the rules for a statement, with what was said before: of its campaign, and in the whole log."""
    kind, count, blocks = one["kind"], one.get("count"), said["sealed"] + said["imported"]
    yield 6, said["opened"] or kind == "opened" or "campaign" not in one, "its campaign was not opened before"
    if kind in {"sealed", "imported"}:
        is_over = said["closed"] or said["imported"] or (blocks and kind == "imported")
        yield 6, one["block"] == len(blocks) + 1 and not is_over, "it is not the next block, or too late"
        yield 7, not blocks or min(blocks[0]["count"], count) >= K, f"a block of several is of fewer than {K}"
    elif kind == "closed":
        yield 6, (one["blocks"], count) == (len(blocks), total(blocks)), "other blocks were sealed"
    elif kind == "erased":
        erased = total(each for each in [*said["erased"], one] if each["block"] == one["block"])
        yield 6, 0 < erased <= total(each for each in blocks if each["block"] == one["block"]), "too many"
    elif kind in {"excluded", "controls_revealed"}:
        yield 6, count == total(one.get("reasons", [one])), "its reasons do not add up to its count"
        yield 6, kind == "excluded" or not said["certified"], "the campaign was certified before"
        yield 6, one.get("proposed_by") != one.get("confirmed_by", ""), "one office proposed and confirmed it"
        one["since"] = len(said["certified"]) + 1  # the number of the first result without these
    elif kind == "certified":
        yield from rules_of_results(one, said, log)
    elif kind == "corrected":
        is_corrigible = log.ids.get(one["statement"], {}).get("kind") in {"certified", "proposed"}
        yield 6, is_corrigible, "it corrects what is no result or proposal, was not said or is corrected"
    elif kind == "proposed":
        yield from rules_of_proposals(one, log)
    elif kind == "decided":
        is_next = all(each["decision"] == "RETURNED" and each["id"] != one["id"] for each in said["decided"])
        yield 6, is_next and said["closed"] and not said["certified"], "open, certified, or decided before"
        due, is_returned = one.get("due_on", ""), one["decision"] == "RETURNED"
        yield 6, due > one["day"] if is_returned else not due, "a later day is due where it is returned"
    elif kind == "signed":
        hashes = [each["sha256"] for each in said["minutes"] if each["id"] == one["minutes"]]
        yield 6, hashes == [one["sha256"]], "no minutes with this hash were said before"


def rules_of_results(one: Json, said: Json, log: "Verifier") -> Iterator[tuple[int, object, str]]:
    """Yield the rules for `certified`: that everybody is counted or taken off, and that it is the next."""
    parts = total(said["closed"]), total(said["excluded"]), total(said["controls_revealed"])
    is_whole = (parts[0], parts[2]) == (one["count"] + one["excluded"] + one["controls"], one["controls"])
    yield 6, is_whole, f"{parts[0]} were sealed, {parts[1]} excluded, {parts[2]} are controls"
    # Who was excluded after a certification and erased before the next one counts on; nobody else does.
    one["left"], former = parts[1] - one["excluded"], said["certified"][-1:]
    least, most = (former[0]["left"], total(said["erased"])) if former else (0, 0)
    yield 6, least <= one["left"] <= most, f"{one['left']} who were excluded are counted"
    is_next = said["closed"] and one["id"].endswith(f"/{len(said['certified']) + 1}")
    yield 6, is_next and not any(log.ids[each["id"]] for each in said["certified"]), "too early, or twice"
    yield 6, {each["decision"][:8] for each in said["decided"][-1:]} <= {"VERIFIED"}, "its minutes say no"
    yield from rules_of_tallies(one, said)


def rules_of_proposals(one: Json, log: "Verifier") -> Iterator[tuple[int, object, str]]:
    """Yield the rules for `proposed`: which results, whose rules, by whom, and that no other holds."""
    results, of = one["results"], (one["unit"], one["period"])
    found = {log.ids.get(name, {}).get("told", {}).get("of") for name in results}
    yield 6, found == {of}, "it rests on what is no result of its unit and period, or is corrected"
    yield 6, results == sorted({*results}), "its results are not sorted, or one comes twice"
    yield 6, one["rulebook"] in log.rulebooks[of], "no campaign of its unit and period has this rulebook"
    yield 6, one["by_unit"] != one["unit"], "the unit proposed itself"
    former, log.proposals[*of, one["target"]] = log.proposals.get((*of, one["target"]), ""), one["id"]
    yield 6, not log.ids.get(former), f"{former} holds already"


def rules_of_tallies(one: Json, said: Json) -> Iterator[tuple[int, object, str]]:
    """Yield the rules for what `certified` tells of answers, and for how far it is from the former result."""
    count, excluded, former = one["count"], one["excluded"], [one, *said["certified"]][-1]  # or itself
    opened = said["opened"][0]
    one["told"] = told = dict[str, Json](of=(opened["unit"], opened["period"]))  # later, with both tallies
    for key, most, due in (("tally", count, 1), ("all", count + excluded, excluded >= K and former is one)):
        yield 8, (key in one) == (count >= K and due), f"{key}: absent or undue"
        rows = one.get(key, [])
        told[key] = {row["item"]: Counter({it["score"]: it["count"] for it in row["counts"]}) for row in rows}
        scores = [[each["score"] for each in row["counts"]] for row in rows]
        whole = [sorted(row) for row in told[key].values() if K <= row.total() <= most]
        yield 8, scores == whole, f"{key} has an item twice, in no order, of fewer than {K} or of too many"
    less, before = former["count"] - count, former["told"]["tally"]
    yield 8, former is one or less >= K, f"fewer than {K} were taken off the former result"
    yield 8, told["tally"].keys() <= before.keys(), "it has items that the former result has not"
    for item, row in [*told["all"].items(), *before.items()]:
        counted = told["tally"].get(item, Counter())
        is_whole = row >= counted and (row - counted).total() not in range(1, K)
        yield 8, is_whole, f"{item} tells of fewer than {K} that were excluded"
    yield 8, ("measures" in one) == ("tally" in one), "measures go with a tally"
    right = [*points_of(opened["measures"], told["tally"])]
    points = [(each["measure"], Fraction(each["points"])) for each in one.get("measures", ())]
    yield 9, points == right, f"the tally gives {[(name, str(exact)) for name, exact in right]}"


def tile_name(level: int | str, index: int, width: int) -> str:
    above, _, last = "/".join(f"x{part:0>3}" for part in f"{index:,}".split(",")).rpartition("x")
    return f"log/tile/{level}/{above}{last}" + (f".p/{width}" if width < WIDTH else "")


class Verifier:
    """Reads a source from the first check to the last, and keeps what it found."""

    def __init__(self, place: str) -> None:
        path, self.is_site = Path(place), place.startswith(("http://", "https://"))
        self.zip = zipfile.ZipFile(path) if path.is_file() and not self.is_site else None  # never unpacked
        self.address = (place if self.is_site else path.resolve().as_uri()).rstrip("/").removesuffix("/log")
        self.where, self.left, self.leaves = "log/checkpoint", MOST_BYTES, list[bytes]()
        self.made, self.findings, self.receipt_keys = Counter[int](), list[str](), list[bytes]()
        self.campaigns = defaultdict[str, Json](lambda: defaultdict(list))  # under "" what is of none
        self.code, self.answers = b"", dict[str, bytes]()  # of a bundle, by commitment; b"" where erased
        self.ids = dict[str, Json]()  # what was said, by id; {} where it was corrected
        self.rulebooks = defaultdict[tuple[str, str], set[str]](set)  # by unit and period, as opened
        self.proposals = dict[tuple[str, str, str], str]()  # the last by unit, period and target

    def expect(self, check: int, fact: object, otherwise: object) -> None:
        """Count a check, and keep what is wrong where it does not hold."""
        self.made[check] += 1
        if not fact and len(self.findings) < MOST_FINDINGS:  # in ASCII, because what is quoted may be hostile
            self.findings.append(f"check {check}: {ascii(str(otherwise)[:MOST_SHOWN])[1:-1]} ({self.where})")

    @contextlib.contextmanager
    def at(self, where: str, check: int) -> Iterator[None]:
        """Read at this place; whatever goes wrong there is a finding of this check."""
        before, self.where = self.where, where
        try:
            yield
        except Exception as error:  # noqa: BLE001  hostile data can have any shape
            self.expect(check, False, error if type(error) in {OSError, ValueError} else repr(error))
        self.where = before

    def read(self, most: int) -> bytes:
        """Return the file at this place, of at most so many bytes."""
        url, most = f"{self.address}/{self.where}", min(most, self.left)
        try:
            with self.zip.open(self.where) if self.zip else urlopen(url, None, MOST_SECONDS) as file:  # noqa: S310
                content: bytes = file.read(most + 1)
        except Exception as error:
            raise OSError(f"{self.where} cannot be read: {error!a}") from error
        self.left -= len(content)
        return require(len(content) <= most, f"it is longer than {most:,} bytes") and content

    def rows(self, header: str, form: str) -> list[Sequence[str]]:
        """Return the lines of a table, each as the groups of the form that it must have."""
        first, *lines = self.read(MOST_BYTES).decode("ascii").split("\n")
        require(first == header and lines and lines.pop() == "", f"it is no table of {header}")
        return [require(re.fullmatch(form, line), f"{line} is no {header}").groups("") for line in lines]

    def check_log(self, old: Sequence[str], name: str, id_: str, public: str) -> None:
        """Make checks 1 to 9; the key and the older checkpoint come in their parts."""
        with self.at("log/checkpoint", 1):
            note = require(NOTE.fullmatch(self.read(MOST_SMALL_BYTES).decode()), "it is no signed note")
            text, origin, size, root, below = note.groups()
            lines = re.findall(rf"— {re.escape(name)} (\S+)\n", below)
            own = [one for one in lines if b64decode(one)[:4].hex() == id_] or [""]
            is_own = own == [b64encode(b64decode(own[0])).decode()]
            is_own &= is_signed(b64decode(public)[1:], text.encode(), b64decode(own[0])[4:])
            self.expect(1, is_own and origin == name, f"{origin} is not signed once by a key that you trust")
            with self.at(self.where, 2):
                self.read_entries(int(size))
                self.expect(3, root_of(self.leaves) == b64decode(root), "it names another root")
            if old:
                first = self.leaves[: int(old[2])]
                is_same = [*old[1:4]] == [origin, str(len(first)), b64encode(root_of(first)).decode()]
                self.expect(4, is_same, "your older checkpoint is not one of this log")
        for file, purpose, tail in (("key", "checkpoints", ""), ("receipt-key", "receipts", "/receipts")):
            with self.at(f"log/{file}", 1):
                keys = self.read(MOST_SMALL_BYTES).decode("ascii").removesuffix("\n").split("\n")
                self.receipt_keys = [b64decode(key[-44:])[1:] for key in keys]
                said = [one["new"] for one in self.campaigns[""]["key_rotated"] if one["purpose"] == purpose]
                is_said = keys == said[::-1] if tail else keys == said[-1:] == [f"{name}+{id_}+{public}"]
                is_named = all(key.startswith(f"{name}{tail}+") for key in keys)
                self.expect(1, is_said and is_named, "it is not what you trust, or not what the log says")

    def read_entries(self, size: int) -> None:
        """Hear every entry, and compare every tile with what follows from them."""
        for start in range(0, size, WIDTH):
            width, at = min(WIDTH, size - start), 0
            with self.at(tile_name("entries", start // WIDTH, width), 2):
                content = self.read(width * (2 + MOST_ENTRY_BYTES))
                while at < len(content):
                    begin, at = at + 2, at + 2 + int.from_bytes(content[at : at + 2], "big")
                    require(at <= len(content), "it ends in the middle of an entry")
                    self.hear(content[begin:at])
            require(len(self.leaves) == start + width, f"there are not {start + width} entries")
        row, level = self.leaves, 0
        while row:
            tiles = [row[start : start + WIDTH] for start in range(0, len(row), WIDTH)]
            for index, hashes in enumerate(tiles):
                with self.at(tile_name(level, index, len(hashes)), 2):
                    self.expect(2, self.read(len(hashes) * 32) == b"".join(hashes), "it has other hashes")
            row, level = [root_of(hashes) for hashes in tiles if len(hashes) == WIDTH], level + 1

    def hear(self, entry: bytes) -> None:
        """Make checks 5 to 9 of an entry, and remember it for those that come later."""
        with self.at(f"entry {len(self.leaves)}", 5):
            self.leaves.append(sha256(b"\0", entry))
            form, _, keys = KINDS[str(json.loads(entry)["kind"])].partition(" ")
            one = read_json(entry, f"kind id {keys}")
            id_ = re.escape(form.format_map(one)) + "[1-9][0-9]{0,17}" * form.endswith("/")
            is_right = re.fullmatch(id_, one["id"]) and WRITER.encode(one).encode() == entry
            self.expect(5, is_right and one["id"] not in self.ids, "it has no form or id of its own")
            for each in [one, *({**one, "kind": "decided", **part} for part in one.get("decisions", ()))]:
                for rule in rules_of(each, said := self.campaigns[each.get("campaign", "")], self):
                    self.expect(*rule)
                said[each["kind"]].append(each)
            self.ids |= {one.get("statement", ""): {}, one["id"]: one}
            for each in one.get("rulebooks", ()):
                self.rulebooks[one["unit"], one["period"]].add(each["id"])

    def check_bundle(self) -> None:
        """Make checks 10 to 13."""
        with self.at("bundle.json", 10):
            about = read_json(self.read(MOST_SMALL_BYTES), "format=tera/bundle/v1 campaign instruments=asked")
            said, instruments = self.campaigns[about["campaign"]], about["instruments"]
            self.code = about["campaign"].encode("ascii")
            [opened], items = said["opened"], [item for one in instruments for item in one["items"]]
            used = {item for one in opened["measures"] for each in one["elements"] for item in each["items"]}
            is_same = [one["id"] for one in instruments] == [one["id"] for one in opened["instruments"]]
            self.expect(10, is_same and used <= {*items} and len({*items}) == len(items), "it asks otherwise")
            with self.at("responses.csv", 10):
                blocks = self.read_responses(len(items))
                with self.at("blocks.json", 12):
                    form = ["block=n count=n kind tally_salt=hash tally=counted", ...]
                    told = read_json(self.read(MOST_FILE_BYTES), form)
                    for one, block in zip(told, said["sealed"] + said["imported"], strict=True):
                        self.check_block(one, block, blocks.pop(block["block"], []), instruments)
                    self.expect(11, not blocks, f"blocks {[*blocks]} were not sealed")
                    with self.at("removed.csv", 13):
                        self.check_removed(said, told, items)

    def read_responses(self, size: int) -> dict[int, list[str]]:
        """Return the commitments of each block; what they answered is in `answers`."""
        form = "([1-9][0-9]{0,8}),([0-9a-f]{64}),(?:([0-9a-f]{64}),((?:[0-9a-f]{2})+)|,)"
        rows, blocks = self.rows("block,commitment,salt,body", form), defaultdict[int, list[str]](list)
        # By docs/response.md: campaign, day and channel, service, profile and freedom, answers.
        parts = re.escape(bytes([len(self.code)]) + self.code), re.escape(bytes([size])), size
        response = re.compile(b"(?s)(?=[\1-\x40])%b.{3}(.)([\0-\x7f]{0,64}).{4}[\0\1]%b(.{%d})" % parts)
        for block, name, salt, body in rows:
            blocks[int(block)].append(name)
            self.answers[name] = b""  # and stays so where it was erased
            with self.at(f"responses.csv, {name}", 10):
                if salt:
                    match = require(response.fullmatch(bytes.fromhex(body)), "it answers no such campaign")
                    hashed = sha256(b"tera/response/v1", bytes.fromhex(salt), match[0]).hex()
                    self.expect(10, hashed == name and len(match[2]) == match[1][0], "it is of another one")
                    self.answers[name] = match[3]
        order = [(int(block), name) for block, name, _, _ in rows]
        self.expect(11, order == sorted(order) and len(self.answers) == len(order), "not sorted, or twice")
        return blocks

    def check_block(self, told: Json, block: Json, names: list[str], instruments: list[Json]) -> None:
        """Compare a block with its responses and with what the log says of it."""
        number, count = block["block"], block["count"]
        with self.at(f"block {number}", 12):
            rows, said = [self.answers[name] for name in names], self.campaigns[block["campaign"]]
            erased = total(one for one in said["erased"] if one["block"] == number)
            self.expect(10, rows.count(b"") == erased, f"{erased} were erased")
            root = root_of([sha256(b"\0", bytes.fromhex(name)) for name in names]).hex()
            self.expect(11, (len(names), root) == (count, block["root"]), "its commitments are others")
            tally, salt = WRITER.encode(told["tally"]).encode(), bytes.fromhex(told["tally_salt"])
            self.expect(12, sha256(b"tera/tally/v1", salt, tally).hex() == block["tally"], "of another hash")
            mine, tallies, first = told["tally"]["instruments"], {}, 0
            for one in instruments:
                answers = [row[first : first + len(one["items"])] for row in rows if row]
                tallies[one["id"]], first = counted(answers, one["items"]), first + len(one["items"])
            self.expect(12, is_near(erased, mine, tallies), "it is not what follows from the responses")
            parts = {"block": number, "campaign": block["campaign"], "count": count, "instruments": mine}
            right = {"block": number, "count": count, "kind": block["kind"].upper(), "tally_salt": salt.hex()}
            self.expect(12, told == {**right, "tally": parts}, "it is of another block")

    def check_removed(self, said: Json, told: Json, items: list[str]) -> None:
        """Compare what was taken off with the log, and count every certified result again."""
        rows = self.rows("commitment,reason", "([0-9a-f]{64}),([A-Z_]{1,20}(?:,[1-9][0-9]{0,8})?)")
        names, controls = [name for name, _ in rows], [name for name, reason in rows if reason == "CONTROL"]
        self.expect(13, names == sorted({*names} & self.answers.keys()), "it is not sorted, or names others")
        reasons = Counter({"CONTROL": total(said["controls_revealed"])})
        for one, since in ((each, of["since"]) for of in said["excluded"] for each in of["reasons"]):
            reasons[f"{one['reason']},{since}".removesuffix(",1")] += one["count"]
        lost = reasons - Counter(reason for _, reason in rows)  # excluded late, and erased before it was due
        is_told = Counter(reason for _, reason in rows) + lost == reasons and all("," in one for one in lost)
        is_told &= lost.total() <= total(said["erased"])
        self.expect(13, is_told, f"it should have {dict(reasons)}")
        root = root_of([sha256(b"\0", bytes.fromhex(name)) for name in controls]).hex()
        self.expect(13, all(root == one["root"] for one in said["controls_revealed"]), "others were revealed")
        told = [one["counts"] for block in told for one in block["tally"]["instruments"].values()]
        for number, one in enumerate(said["certified"], 1):
            off = [name for name, reason in rows if int(reason.partition(",")[2] or 1) <= number]
            self.expect(13, len(off) == one["excluded"] + one["controls"], f"{len(off)} are off {one['id']}")
            erased = sum(not self.answers[name] for name in off)  # what they said cannot be taken off again
            tally, more = dict[str, Counter[int]](), dict[str, Counter[int]]()
            for place, item in enumerate(items):
                votes = [Counter({int(score): n for score, n in each.get(item, {}).items()}) for each in told]
                whole = sum(votes, Counter[int]())
                given = {name: self.answers[name][place] for name in off if self.answers[name]}
                tally[item] = whole - Counter(given.values())
                more[item] = whole - Counter(given[name] for name in controls if name in given)
                if (more[item] - tally[item]).total() in range(1, K):
                    del more[item]
            for key, right in [("tally", tally), ("all", more)][: 1 + ("all" in one and not erased)]:
                mine = one["told"][key]
                due = {item: row for item, row in right.items() if item in mine or row.total() >= K + erased}
                self.expect(13, is_near(erased, due, mine) and [*mine] == [*due], f"{key} differs")

    def check_receipt(self, content: bytes) -> None:
        """Make checks 14 and 15."""
        with self.at("--receipt", 14):
            one = read_json(content, r"receipt campaign day=day commitment=hash signature=[\w-]{85}[AQgw]")
            code, name = one["campaign"].encode("ascii"), one["commitment"]
            letters, number = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", int(name[:32], 16)
            digits = "".join(letters[number >> 5 * place & 31] for place in range(25, -1, -1))
            require(one["receipt"].replace("-", "") == digits, "its code is not that of its commitment")
            day = (date.fromisoformat(one["day"]) - date(1970, 1, 1)).days.to_bytes(2, "big")
            message = b"tera/receipt/v1" + bytes.fromhex(name) + day + bytes([len(code)]) + code
            signature = urlsafe_b64decode(one["signature"] + "==")
            is_own = any(is_signed(key, message, signature) for key in self.receipt_keys)
            self.expect(14, is_own, "it is not signed by a receipt key")
            if self.zip:
                self.expect(15, code == self.code and name in self.answers, "it is not in this bundle")
            else:
                self.check_place(one["receipt"], bytes.fromhex(name), self.campaigns[one["campaign"]])

    def check_place(self, code: str, commitment: bytes, said: Json) -> None:
        """Look whether the proof that a site gives leads to a block of the log."""
        with self.at(f"r/{code}/bukti.json", 15):
            require(said["opened"], "the log knows no such campaign")
            try:
                proof = json.loads(self.read(MOST_SMALL_BYTES))
            except OSError:  # there is none before the block is sealed
                require(not (self.is_site and said["closed"]), "all is sealed, and no proof is given")
                return
            block, path = json.loads(proof["statement"]), [*map(bytes.fromhex, proof["block"]["proof"])]
            root = root_from(proof["block"]["index"], block["count"], sha256(b"\0", commitment), path).hex()
            is_in = root == block["root"] and block in said["sealed"] + said["imported"]
            self.expect(15, is_in, "the proof leads to no block of the log")

    def text(self) -> str:
        """Return what was checked how often, and what was found."""
        made = [f"check {check} was made {times:,} times" for check, times in sorted(self.made.items())]
        return "\n".join([*made, *self.findings, "Not all holds." if self.findings else "All of it holds."])


def verify(source: str, key: str = "", old: str = "", receipt: str = "") -> Verifier:
    """Make every check that the source allows; OSError says why none can be made."""
    try:
        text = Path(key).read_text("ascii") if Path(key).is_file() else key
        trusted = require(KEY.fullmatch(text), "it is no key").groups() if key else ("", "", "")
        kept = require(NOTE.fullmatch(Path(old).read_text("utf-8")), "no checkpoint").groups() if old else ()
        slip, result = Path(receipt).read_bytes() if receipt else b"", Verifier(source)
        result.read(MOST_SMALL_BYTES)
    except Exception as error:
        raise OSError(f"{error!a}; give an address, a folder with log/, or an audit bundle") from error
    result.check_log(kept, *trusted)
    if result.zip:
        result.check_bundle()
    if receipt:
        result.check_receipt(slip)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names, print what was found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Checks a ledger without trusting it.")
    parser.add_argument("source", help="an address, a folder with log/, or an audit bundle")
    parser.add_argument("--key", default="", help="the key of the log, or a file with it")
    parser.add_argument("--old", default="", help="a copy of log/checkpoint that you kept")
    parser.add_argument("--receipt", default="", help="a file with a receipt as JSON")
    try:
        result = verify(**vars(parser.parse_args(arguments)))
    except OSError as error:
        parser.error(str(error))  # and exits with 2
    print(result.text())
    return 1 if result.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
