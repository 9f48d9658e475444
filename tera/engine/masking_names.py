"""Names of people in a comment: the words after "Pak", "Ibu" and their like, unless they are ordinary."""

import re
from collections.abc import Container, Iterator, Sequence

from tera.engine.ordinary_words import is_ordinary

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
GAP = re.compile(r"(\.?)([^\S\n]*)")

# After these a name may be written small; the others are also words or letters of another sense.
CALLED = {
    *(
        "pak",
        "bu",
        "bapak",
        "ibu",
        "bpk",
        "mas",
        "mbak",
        "mba",
        "bang",
        "abang",
        "kak",
        "kakak",
        "sdr",
        "sdri",
    ),
    *("om", "tante"),
}
TITLES = {
    *("saudara", "saudari", "h", "hj", "haji", "hajah", "hajjah", "tuan", "nyonya", "nona", "tn", "ny", "nn"),
    *("mr", "mrs", "ms", "miss", "dr", "drs", "dra", "ir", "prof", "ustadz", "ustad", "ustadzah"),
    *("bernama", "namanya"),
}
SHORTENED = {  # written with a dot
    *("bpk", "sdr", "sdri", "h", "hj", "tn", "ny", "nn", "mr", "mrs", "ms", "dr", "drs", "dra", "ir", "prof"),
}
HONORIFICS = CALLED | TITLES
PARTICLES = {"bin", "binti"}
FIRST_NAMES_CUT = {"muh", "moh", "abd", "md"}
MOST_WORDS = 3
SHORTEST_SMALL = 3


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every name that follows an honorific; the honorific itself stays."""
    words = list(WORD.finditer(text))
    for place, word in enumerate(words[:-1]):
        if word.group().lower() in HONORIFICS and _leads_on(text, word, words[place + 1], SHORTENED):
            following = words[place + 1 : place + 1 + MOST_WORDS * 2]
            if name := _name(text, following, may_be_small=word.group().lower() in CALLED):
                yield name[0].start(), name[-1].end()


def _name(text: str, words: Sequence[re.Match[str]], *, may_be_small: bool) -> list[re.Match[str]]:
    """Return the words of a name at the beginning of these: one to three with capitals, or one without."""
    name: list[re.Match[str]] = []
    for word in words:
        if name and not _leads_on(text, name[-1], word, FIRST_NAMES_CUT):
            break
        said = word.group()
        if name and said.lower() in PARTICLES:
            name.append(word)
            continue
        if not said[0].isupper() or said.lower() in HONORIFICS or is_ordinary(said):
            break
        if sum(part.group().lower() not in PARTICLES for part in name) == MOST_WORDS:
            break
        name.append(word)
    if not name and may_be_small and _is_small_name(words[0].group()):
        return [words[0]]
    return name


def _is_small_name(said: str) -> bool:
    is_word = len(said) >= SHORTEST_SMALL and said[0].islower()
    return is_word and said not in HONORIFICS and not is_ordinary(said)


def _leads_on(text: str, word: re.Match[str], following: re.Match[str], shortened: Container[str]) -> bool:
    """Say whether only spaces are between two words, or a dot that does not end a sentence."""
    gap = GAP.fullmatch(text, word.end(), following.start())
    if gap is None:
        return False
    dot, spaces = gap.groups()
    is_cut = word.group().lower() in shortened or len(word.group()) == 1
    return is_cut or not spaces if dot else bool(spaces)
