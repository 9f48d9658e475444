"""Numbers in a comment that lead to a person: NIK, telephones, long ones; amounts, times and dates do not."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

NIK, PHONE, DIGITS = "nik", "phone", "digits"
KINDS = (NIK, PHONE, DIGITS)

# Groups of digits with up to three separators, seen or not, between two of them; none is a digit too.
CLUSTER = re.compile(r"[+(]{0,2}\d+(?:(?:[.()\-–—_\u200b-\u200d\u2060\ufeff]|[^\S\n]){1,3}\d+)*")
GROUP = re.compile(r"\d+")
UNIT = re.compile(r"\s?,?-?\s?(?:rupiah|perak|ribu|juta|rb|jt)\b", re.IGNORECASE)
CURRENCY = re.compile(r"(?<![^\W\d_])(?:rp|idr)\.?\s?$", re.IGNORECASE)

NIK_DIGITS = 16
LONG_GROUP, LONG_TOGETHER = 6, 8
PHONE_DIGITS = range(8, 16)
MONEY_DIGITS, PLAIN_MONEY_DIGITS, NAMED_MONEY_DIGITS = 9, 8, 12

Span = tuple[int, int]


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of every number that leads to a person."""
    for match in CLUSTER.finditer(text):
        groups = [found.span() for found in GROUP.finditer(text, *match.span())]
        kind = _kind_of_all(text, match.start(), groups)
        if kind:
            yield match.start(), match.end(), kind
            continue
        for keeps, runs in groupby(_dotted(text, groups), lambda run: _is_innocent(text, run)):
            loose = [group for run in runs for group in run]
            if not keeps and (kind := _kind(text, loose)):
                yield loose[0][0], loose[-1][1], kind


def _digits(text: str, groups: Sequence[Span]) -> str:
    return "".join(text[start:end] for start, end in groups)


def _kind_of_all(text: str, start: int, groups: Sequence[Span]) -> str:
    """Return what a whole cluster is, or nothing: a NIK, or what begins as only telephones do."""
    digits, first = _digits(text, groups), text[slice(*groups[0])]
    runs = _dotted(text, groups)
    if _is_named_money(text, runs[0]) or all(_is_time(text, run) for run in runs):
        return ""
    if len(digits) == NIK_DIGITS:
        return NIK
    is_prefix = "+" in text[start : groups[0][0]] or (first[0] == "0" and len(first) > 2)
    is_country = first == "62" or (first.startswith("628") and len(first) > 4)
    return PHONE if (is_prefix or is_country) and len(digits) in PHONE_DIGITS else ""


def _kind(text: str, groups: Sequence[Span]) -> str:
    """Return what neighbouring groups of digits are together, or nothing if they lead to nobody."""
    parts, digits = [text[start:end] for start, end in groups], _digits(text, groups)
    if max(map(len, parts)) < LONG_GROUP and (
        len(digits) < LONG_TOGETHER or all(map(_is_year, parts)) or _is_date(parts)
    ):
        return ""
    if len(digits) == NIK_DIGITS or NIK_DIGITS in map(len, parts):
        return NIK
    begins = any(part.startswith(("0", "62", "8")) for part in parts)
    return PHONE if begins and len(digits) in PHONE_DIGITS else DIGITS


def _dotted(text: str, groups: Sequence[Span]) -> list[list[Span]]:
    """Return the groups in runs that single dots join, as in 50.000 and 08.00."""
    runs = [[groups[0]]]
    for before, group in pairwise(groups):
        if text[before[1] : group[0]] == ".":
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs


def _is_innocent(text: str, run: Sequence[Span]) -> bool:
    parts = [text[start:end] for start, end in run]
    is_short = len(parts) == 2 and max(map(len, parts)) <= 2  # 08.00, and 3.75
    is_date = len(parts) == 3 and _is_date(parts)
    return is_short or is_date or _is_money(text, run) or _is_named_money(text, run)


def _is_time(text: str, run: Sequence[Span]) -> bool:
    parts = [text[start:end] for start, end in run]
    return len(parts) == 2 and max(map(len, parts)) <= 2 and int(parts[0]) <= 24 and int(parts[1]) < 60


def _is_money(text: str, run: Sequence[Span]) -> bool:
    """Say whether a number looks like an amount by itself: 50.000, or 500000 with its zeros."""
    digits = _digits(text, run)
    if len(run) == 1:
        return LONG_GROUP <= len(digits) <= PLAIN_MONEY_DIGITS and digits[0] != "0" and digits.endswith("000")
    return _is_in_thousands(text, run) and len(digits) <= MONEY_DIGITS


def _is_named_money(text: str, run: Sequence[Span]) -> bool:
    """Say whether "Rp" stands before a number, or "rupiah" after it."""
    start, end = run[0][0], run[-1][1]
    is_named = CURRENCY.search(text[max(0, start - 6) : start]) or UNIT.match(text, end)
    is_amount = len(run) == 1 or _is_in_thousands(text, run)
    is_short = len(_digits(text, run)) <= NAMED_MONEY_DIGITS
    return bool(is_named) and is_amount and is_short and text[start] != "0"


def _is_in_thousands(text: str, run: Sequence[Span]) -> bool:
    first, *others = (text[start:end] for start, end in run)
    return len(first) <= 3 and first[0] != "0" and all(len(part) == 3 for part in others)


def _is_year(part: str) -> bool:
    return len(part) == 4 and part[:2] in ("19", "20")


def _is_date(parts: Sequence[str]) -> bool:
    """Say whether three groups are day, month and year, in this order or the other way round."""
    if len(parts) != 3:
        return False
    day, month, year = parts if len(parts[0]) <= 2 else reversed(parts)
    is_day = len(day) <= 2 and len(month) <= 2 and 1 <= int(day) <= 31 and 1 <= int(month) <= 12
    return is_day and (_is_year(year) or len(year) == 2)
