"""A certificate computed again, from its own tallies and from the questionnaires and rulebooks it names."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from tera import instruments, law
from tera.engine import instrument, rulebook_schema
from tera.engine.certificate import File, encode
from tera.engine.certificate_schema import BadCertificate, decode, require_possible

T = TypeVar("T")
MOST_DIFFERENCES = 20
MOST_SHOWN = 60


def recompute(document: bytes, instruments: Mapping[str, str], rulebooks: Mapping[str, str]) -> bytes:
    """Return the certificate that the tallies of this one give; where it is right, the same bytes.

    Args:
        document: the bytes of a certificate.
        instruments: the texts of questionnaires by id.
        rulebooks: the texts of rulebooks by id.

    Raises:
        BadCertificate: it is no certificate, its tallies cannot be, or a file that it names is not there or
            is another one; the message names the file.
    """
    certified = decode(document)
    asked = [_parsed(file, instruments, instrument.parse) for file in certified.instruments]
    survey, zone = (_parsed(file, rulebooks, rulebook_schema.parse) for file in certified.rulebooks)
    require_possible(certified, asked)
    return encode(certified, asked, (survey, zone))


def recompute_here(document: bytes) -> bytes:
    """Return the same by the questionnaires and rulebooks that ship with the program."""
    return recompute(
        document,
        {name: instruments.read(name) for name in instruments.list_ids()},
        {name: law.read(name) for name in law.list_ids()},
    )


def differences(document: bytes, again: bytes) -> list[str]:
    """Return where a document differs from one that was computed again: at most so many places."""
    if document == again:
        return []
    found = list(_differences(json.loads(document), json.loads(again), ""))[:MOST_DIFFERENCES]
    return found or ["the same is said in other bytes: they are not canonical"]


def _differences(one: object, other: object, at: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from _differences(one.get(key), other.get(key), f"{at}.{key}" if at else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True), 1):
            yield from _differences(mine, theirs, f"{at}[{number}]")
    elif one != other or type(one) is not type(other):
        yield f"{at} is {_cut(one)}, and {_cut(other)} follows"


def _cut(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _parsed(file: File, texts: Mapping[str, str], parse: Callable[[str], T]) -> T:
    """Return the questionnaire or rulebook of a file, which must be the very one that is named."""
    if file.id not in texts:
        raise BadCertificate(f"there is no {file.id!r} here; there are: {', '.join(sorted(texts))}")
    text = texts[file.id]
    if hashlib.sha256(text.encode()).hexdigest() != file.sha256:
        raise BadCertificate(f"{file.id} is another file here than the one that was certified by its sha256")
    return parse(text)
