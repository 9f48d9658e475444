"""What numbers in a comment tell of the service: amounts, times, dates, years."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

UNIT = re.compile(r"\s?,?-?\s?(?:rupiah|perak|ribu|juta|rb|jt)\b", re.IGNORECASE)
CURRENCY = re.compile(r"(?<![^\W\d_])(?:rp|idr)\.?\s?$", re.IGNORECASE)
PAID = re.compile(
    r"(?:bayar|biaya\w{0,3}|uang|minta|harga\w{0,3}|tarif\w{0,3}|total\w{0,3}|sebesar|ongkos|denda)\s$",
    re.IGNORECASE,
)

LONG_GROUP, PHONE_GROUP = 6, 9
MONEY_DIGITS, PLAIN_MONEY_DIGITS, NAMED_MONEY_DIGITS = 9, 8, 12

Span = tuple[int, int]


def digits_of(text: str, groups: Sequence[Span]) -> str:
    """Return the digits of groups without what stands between them."""
    return "".join(text[start:end] for start, end in groups)


def split(text: str, groups: Sequence[Span], parts: Callable[[str], bool]) -> list[list[Span]]:
    """Return the groups in stretches, begun anew wherever what is between two of them parts them."""
    stretches = [[groups[0]]]
    for before, group in pairwise(groups):
        if parts(text[before[1] : group[0]]):
            stretches.append([group])
        else:
            stretches[-1].append(group)
    return stretches


def dotted(text: str, groups: Sequence[Span]) -> list[list[Span]]:
    """Return the groups in runs that single dots join, as in 50.000 and 08.00."""
    return split(text, groups, lambda gap: gap != ".")


def is_plain(text: str, groups: Sequence[Span]) -> bool:
    """Say whether groups are dates, times, pairs of years and amounts only, each closer than to the next."""
    at = 0
    while at < len(groups):
        if at and text[groups[at - 1][1] : groups[at][1]] == ",00":
            at += 1  # cents
            continue
        end, gap = at + 1, text[groups[at][1] : groups[min(at + 1, len(groups) - 1)][0]]
        while end < len(groups) and text[groups[end - 1][1] : groups[end][0]] == gap:
            end += 1
        run = groups[at:end]
        parts = [text[start:end] for start, end in run]
        is_known = (
            (gap in (".", "/", "-") and is_date(parts))
            or (gap in ("/", "-") and len(parts) == 2 and all(map(is_year, parts)))
            or (gap in (".", ":") and is_time(text, run))
            or (gap == "." and _is_money(text, run))
        )
        if len(parts) == 1 or not is_known:
            return False
        at = end
    return True


def is_innocent(text: str, run: Sequence[Span]) -> bool:
    """Say whether groups that dots join are a time, a date, a mark or an amount."""
    parts = [text[start:end] for start, end in run]
    is_short = len(parts) == 2 and max(map(len, parts)) <= 2  # 08.00, and 3.75
    return is_short or is_date(parts) or _is_money(text, run) or is_named_money(text, run)


def is_time(text: str, run: Sequence[Span]) -> bool:
    """Say whether two groups are hours and minutes."""
    parts = [text[start:end] for start, end in run]
    return len(parts) == 2 and max(map(len, parts)) <= 2 and int(parts[0]) <= 24 and int(parts[1]) < 60


def _is_money(text: str, run: Sequence[Span]) -> bool:
    """Say whether a number looks like an amount by itself: 50.000, or 500000 with its zeros."""
    digits, start = digits_of(text, run), run[0][0]
    if len(run) == 1:
        zeros = "00" if PAID.search(text[max(0, start - 12) : start]) else "000"
        return LONG_GROUP <= len(digits) <= PLAIN_MONEY_DIGITS and digits[0] != "0" and digits.endswith(zeros)
    return _is_in_thousands(text, run) and len(digits) <= MONEY_DIGITS


def is_named_money(text: str, run: Sequence[Span]) -> bool:
    """Say whether "Rp" stands before a number, or "rupiah" after it."""
    start, end = run[0][0], run[-1][1]
    is_named = CURRENCY.search(text[max(0, start - 6) : start]) or UNIT.match(text, end)
    is_amount = len(run) == 1 or _is_in_thousands(text, run)
    digits = digits_of(text, run)
    is_short = len(digits) <= NAMED_MONEY_DIGITS
    is_phone = len(run) == 1 and len(digits) >= PHONE_GROUP and digits.startswith(("62", "8"))
    is_round = digits.endswith("000")
    return bool(is_named) and is_amount and is_short and digits[0] != "0" and (is_round or not is_phone)


def _is_in_thousands(text: str, run: Sequence[Span]) -> bool:
    first, *others = (text[start:end] for start, end in run)
    return len(first) <= 3 and first[0] != "0" and all(len(part) == 3 for part in others)


def is_year(part: str) -> bool:
    """Say whether a group is a year in which somebody who writes may have lived."""
    return len(part) == 4 and part[:2] in ("19", "20")


def is_date(parts: Sequence[str]) -> bool:
    """Say whether three groups are day, month and year, in this order or the other way round."""
    if len(parts) != 3:
        return False
    day, month, year = parts if len(parts[0]) <= 2 else reversed(parts)
    is_day = len(day) <= 2 and len(month) <= 2 and 1 <= int(day) <= 31 and 1 <= int(month) <= 12
    return is_day and (is_year(year) or len(year) == 2)
