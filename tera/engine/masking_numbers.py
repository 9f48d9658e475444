"""Numbers in a comment that lead to a person: NIK, telephones, long ones; amounts, times and dates do not."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tera.engine.masking_amounts import (
    LONG_GROUP,
    Span,
    digits_of,
    dotted,
    is_date,
    is_innocent,
    is_named_money,
    is_plain,
    is_time,
    is_year,
    split,
)

NIK, PHONE, DIGITS = "nik", "phone", "digits"
KINDS = (NIK, PHONE, DIGITS)

# Groups of digits with a few separators, seen or not, between two of them; none is a digit too. The wide ones
# also stand between numbers that have nothing to do with each other, as in 08:00, 12/8 and 1,5.
WIDE = ",:*~/|"
CLUSTER = re.compile(rf"[+(]{{0,2}}\d+(?:(?:[.()\-–—_{WIDE}\u200b-\u200d\u2060\ufeff]|[^\S\n]){{1,6}}\d+)*")
GROUP = re.compile(r"\d+")
LIST = re.compile(r"[,:|]\s")
WIDE_PREFIX = re.compile(r"0[2-9]\d|\+|62")

NIK_DIGITS = 16
LONG_TOGETHER = 8
PHONE_DIGITS = range(8, 16)
WIDE_PHONE_DIGITS = 9
MOST_SCORES = 9


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of every number that leads to a person."""
    for match in CLUSTER.finditer(text):
        groups = [found.span() for found in GROUP.finditer(text, *match.span())]
        listed = split(text, groups, lambda gap: LIST.search(gap) is not None)
        if len(listed) > 1 and (kind := _kind_of_list(text, listed)):
            yield _begin(text, groups), groups[-1][1], kind
            continue
        for part in listed:
            yield from _find(text, part)


def _find(text: str, groups: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Yield what is found in a cluster that is no list: as a whole, in its words, between wide separators."""
    first = dotted(text, groups)[0]
    rest = groups[len(first) :] if is_named_money(text, first) else groups
    if rest and (kind := _wide_kind(text, rest)):
        yield _begin(text, rest), rest[-1][1], kind
        return
    for part in split(text, groups, str.isspace):
        if len(part) < len(groups) and (kind := _wide_kind(text, part)):
            yield _begin(text, part), part[-1][1], kind
    for part in split(text, groups, _is_wide):
        yield from _find_narrow(text, part)


def _find_narrow(text: str, groups: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    if kind := _kind_of_all(text, groups):
        yield _begin(text, groups), groups[-1][1], kind
        return
    for keeps, runs in groupby(dotted(text, groups), lambda run: is_innocent(text, run)):
        loose = [group for run in runs for group in run]
        if not keeps and (kind := _kind(text, loose)):
            yield loose[0][0], loose[-1][1], kind


def _begin(text: str, groups: Sequence[Span]) -> int:
    """Return where a number begins, with the + and the bracket before it."""
    start = groups[0][0]
    before = text[max(0, start - 2) : start]
    return start - len(before) + len(before.rstrip("+("))


def _is_wide(gap: str) -> bool:
    return any(mark in gap for mark in WIDE)


def _kind_of_list(text: str, listed: Sequence[Sequence[Span]]) -> str:
    """Return what 6171, 0123, 4567, 8901 is; a list of amounts, dates or times is none."""
    if any(is_innocent(text, run) for part in listed for run in dotted(text, part)):
        return ""
    groups = [group for part in listed for group in part]
    kind, (start, end) = _wide_kind(text, groups), groups[0]
    return kind if kind == NIK or (text[start] == "0" and end - start > 3) else ""


def _wide_kind(text: str, groups: Sequence[Span]) -> str:
    """Return what groups with wide separators are together: a NIK, surely a telephone, or nothing."""
    if not any(_is_wide(text[before[1] : group[0]]) for before, group in pairwise(groups)):
        return ""
    kind, begin = _kind_of_all(text, groups), _begin(text, groups)
    is_long = len(digits_of(text, groups)) >= WIDE_PHONE_DIGITS
    is_phone = is_long and WIDE_PREFIX.match(text[begin : groups[0][1]].lstrip("("))
    return kind if kind == NIK or is_phone else ""


def _kind_of_all(text: str, groups: Sequence[Span]) -> str:
    """Return what a whole cluster is, or nothing: a NIK, or what begins as only telephones do."""
    digits, first = digits_of(text, groups), text[slice(*groups[0])]
    runs = dotted(text, groups)
    if is_named_money(text, runs[0]) or all(is_time(text, run) for run in runs):
        return ""
    if len(digits) == NIK_DIGITS:
        return "" if is_plain(text, groups) else NIK
    is_prefix = "+" in text[_begin(text, groups) : groups[0][0]] or (first[0] == "0" and len(first) > 2)
    is_country = first == "62" or (first.startswith("628") and len(first) > 4)
    return PHONE if (is_prefix or is_country) and len(digits) in PHONE_DIGITS else ""


def _kind(text: str, groups: Sequence[Span]) -> str:
    """Return what neighbouring groups of digits are together, or nothing if they lead to nobody."""
    parts, digits = [text[start:end] for start, end in groups], digits_of(text, groups)
    if max(map(len, parts)) == 1 and len(parts) <= MOST_SCORES and "0" not in digits:
        return ""  # marks given to a few questions
    is_loose = len(digits) < LONG_TOGETHER or all(map(is_year, parts)) or is_date(parts)
    if (is_loose and max(map(len, parts)) < LONG_GROUP) or is_plain(text, groups):
        return ""
    if len(digits) == NIK_DIGITS or NIK_DIGITS in map(len, parts):
        return NIK
    begins = any(part.startswith(("0", "62", "8")) for part in parts)
    return PHONE if begins and len(digits) in PHONE_DIGITS else DIGITS
