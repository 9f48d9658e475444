"""What a comment says of a person is masked before others read it: a safety net, not a guarantee.

Patterns find numbers, addresses and names as people usually write them. Who writes them otherwise ("nol
delapan satu ...", a name without "Pak" or a post) is not found, and an ordinary word may be masked, or the
town in "Kepala Kantor Sambas": somebody reads every comment before it is shown, and masks further words by
hand. All links are masked, also those to official sites: one to a form or a chat looks the same. What tells
of corruption stays: amounts, times and dates. Sixteen digits in a row never stay.

Every pattern begins where a run of its characters begins and does not go back over it, so that the work grows
with the length of the comment, whatever somebody types.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from tera.engine import masking_names, masking_numbers

EMAIL, HANDLE, LINK, PASSPORT, PLATE = "email", "handle", "link", "passport", "plate"
NAME, BY_HAND = "name", "by-hand"
KINDS = (EMAIL, HANDLE, LINK, PASSPORT, PLATE, *masking_numbers.KINDS, NAME, BY_HAND)

WORD = re.compile(r"\S+")
WEB = re.compile(r"(?<![\w.@-])(?:(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?)", re.IGNORECASE)
ENDINGS = frozenset(  # of addresses without www; other words with a dot between lack a space
    ("app", "co", "com", "id", "info", "io", "link", "ly", "me", "my", "net", "org", "site", "xyz")
)
# After an @ comes a letter: "2 @10.000" is a price.
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?=[^\W\d])[\w-]+(?:\.[\w-]+)*")
SOCIAL = re.compile(r"(?<![\w@.+-])@[^\W\d][\w.]+")
# A letter or two and seven digits; "Rp1500000" is money.
TRAVEL = re.compile(r"(?<!\w)(?!rp)(?:[A-Z][ -]?|[A-Z]{2}-?)\d{7}(?!\d)", re.IGNORECASE)
# Written small, a plate has two letters and four digits that are no year; "DP 500 RB" is money, no plate.
AREA = r"A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABCDEGHKLMNPRSTW]?|E[ABD]?|[FGHLMNRSTWZ]|K[BHTU]?|P[ABG]?"
UNITS = r"(?:RB|JT|RP|JAM|KM|TH|THN|BLN|HR|WIB|MNT)\b"
CAR = re.compile(
    rf"(?<!\w)(?:{AREA})[ -]?"
    rf"(?:[1-9]\d{{3}}[ -]?(?!{UNITS})|[1-9]\d{{1,2}}[ -]?(?!{UNITS}|[KMX]\b))[A-Z]{{1,3}}(?!\w)"
)
SMALL_CAR = re.compile(
    rf"(?<!\w)(?=[a-z]{{2}})(?:{AREA})[ -]?(?!19|20)[1-9]\d{{3}}[ -]?(?!{UNITS}|an\b)[a-z]{{1,3}}(?!\w)",
    re.IGNORECASE,
)
PATTERNS = ((TRAVEL, PASSPORT), (CAR, PLATE), (SMALL_CAR, PLATE))
ENDS_A_SENTENCE = ".,;:!?)\"'"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comment, plain or masked for what `kind` names; `first` is its first word's index."""

    text: str
    kind: str
    first: int

    @property
    def is_masked(self) -> bool:
        """Say whether others must not read it."""
        return self.kind != ""

    @property
    def words(self) -> tuple[tuple[int, str], ...]:
        """The words in it with their indices; one that a mask cuts through has its index in both pieces."""
        return tuple(enumerate(WORD.findall(self.text), self.first))


def words(text: str) -> tuple[str, ...]:
    """Return the words of a comment, split at white space; their places are what `by_hand` counts."""
    return tuple(WORD.findall(text))


def mask(text: str, by_hand: Collection[int] = ()) -> tuple[Piece, ...]:
    """Return a comment in pieces that add up to it, with what seems to tell of a person masked.

    Args:
        text: the comment.
        by_hand: indices of `words(text)` that somebody masks besides.

    Raises:
        ValueError: an index of no word.
    """
    places = [match.span() for match in WORD.finditer(text)]
    if unknown := sorted(set(by_hand) - set(range(len(places)))):
        raise ValueError(f"no word {unknown[0]}; the comment has {len(places)} words, counted from 0")
    kinds = [""] * len(text)
    for start, end, kind in [*_found(text), *((*places[index], BY_HAND) for index in sorted(by_hand))]:
        for place in range(start, end):
            kinds[place] = kinds[place] or kind
    return tuple(_pieces(text, kinds))


def _pieces(text: str, kinds: list[str]) -> Iterator[Piece]:
    """Yield the stretches of one kind; what was begun in the piece before is the same word."""
    start = begun = 0
    for kind, places in groupby(kinds):
        end = start + len(list(places))
        piece = text[start:end]
        goes_on = start > 0 and not text[start - 1].isspace() and not piece[0].isspace()
        yield Piece(piece, kind, begun - goes_on)
        begun += len(WORD.findall(piece)) - goes_on
        start = end


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of what seems to tell of a person; of those that overlap the first counts."""
    for pattern, kind in ((MAIL, EMAIL), (SOCIAL, HANDLE)):
        for match in pattern.finditer(text):
            yield match.start(), match.start() + len(match.group().rstrip(".")), kind
    for match in WEB.finditer(text):
        found = match.group().rstrip(ENDS_A_SENTENCE)
        host = found.partition("/")[0].lower()
        if found.lower().startswith(("http", "www.")) or host.rpartition(".")[2] in ENDINGS:
            yield match.start(), match.start() + len(found), LINK
    for pattern, kind in PATTERNS:
        yield from ((*found.span(), kind) for found in pattern.finditer(text))
    yield from masking_numbers.find(text)
    yield from ((start, end, NAME) for start, end in masking_names.find(text))
