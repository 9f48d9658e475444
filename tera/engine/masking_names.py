"""Names of people in a comment: the words after "Pak", a post and their like, unless they are ordinary."""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from tera.engine.masking_titles import CALLED, HEADS, HONORIFICS, PARTS, POSTS, SHORTENED
from tera.engine.ordinary_words import is_ordinary

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
GAP = re.compile(r"(\.?)([^\S\n]*)")
# "ibu2" are several, and a name may stand in brackets or after a colon; then it has a capital.
LOOSE = re.compile(r"2?[^\S\n]*+[:(\"'“\u2018]?[^\S\n]*+")
# For whom something was paid or signed: "a.n. Budi".
FOR = re.compile(r"(?<!\w)(?:a\.n\.?|a/n\.?|an\.|atas nama)[^\S\n]*+:?[^\S\n]*+(?=\w)", re.IGNORECASE)

Word = re.Match[str]

PARTICLES = {"bin", "binti"}
FIRST_NAMES_CUT = {"muh", "moh", "abd", "md"}
MOST_WORDS, MOST_PARTS = 3, 3
REACH = MOST_PARTS + MOST_WORDS * 2
SHORTEST_SMALL, SHORTEST_VERB = 3, 7
VERBS = ("meng", "meny", "mem", "mer", "ber", "ter", "di")


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every name that follows an honorific or a post; these themselves stay."""
    words = list(WORD.finditer(text))
    places = {word.start(): place for place, word in enumerate(words)}
    begun = [places[match.end()] for match in FOR.finditer(text) if match.end() in places]
    for place in begun:
        if name := _name(text, words[place : place + REACH], may_be_small=False):
            yield name[0].start(), name[-1].end()
    for place, word in enumerate(words[:-1]):
        said, before = word.group().lower(), words[place - 1].group().lower() if place else ""
        following = words[place + 1 : place + 1 + REACH]
        name = []
        if said in POSTS:
            name = _after_post(text, [word, *following], is_called=before in HONORIFICS)
        elif said in HONORIFICS:
            name = _after_honorific(text, [word, *following], is_called=bool({said, before} & CALLED))
        if name:
            yield name[0].start(), name[-1].end()


def _after_honorific(text: str, words: Sequence[Word], *, is_called: bool) -> list[Word]:
    """Return the name after "Pak" or "pak haji"."""
    word, first, *_ = words
    is_close = _leads_on(text, word, first, SHORTENED)
    if is_close or LOOSE.fullmatch(text, word.end(), first.start()):
        return _name(text, words[1:], may_be_small=is_called and is_close)
    return []


def _after_post(text: str, words: Sequence[Word], *, is_called: bool) -> list[Word]:
    """Return the name after "Kepala Seksi", with a capital; where nobody is called "Pak" not BIG LETTERS."""
    parts = 0
    while parts < min(MOST_PARTS, len(words) - 2) and _is_part(words[0], words[parts + 1]):
        parts += 1
    reached = words[: parts + 2]
    is_close = all(_leads_on(text, *pair, ()) for pair in pairwise(reached))
    if is_close and (is_called or reached[-1].group().istitle()):
        return _name(text, words[parts + 1 :], may_be_small=False)
    return []


def _is_part(post: Word, word: Word) -> bool:
    """Say whether a word tells of what somebody is the head, or what else they are: "Kepala Satpam"."""
    return post.group().lower() in HEADS and word.group().lower() in PARTS | POSTS


def _name(text: str, words: Sequence[Word], *, may_be_small: bool) -> list[Word]:
    """Return the words of a name at the beginning of these: one to three with capitals, or two without."""
    name: list[Word] = []
    if words[0].group().lower() in POSTS:
        return name
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
        first, *others = words
        has_second = others and _leads_on(text, first, others[0], ()) and _is_second(others[0].group())
        return list(words[:2]) if has_second else [first]
    return name


def _is_small_name(said: str) -> bool:
    is_word = len(said) >= SHORTEST_SMALL and said[0].islower()
    return is_word and said not in HONORIFICS and not is_ordinary(said)


def _is_second(said: str) -> bool:
    """Say whether a small word behind a small name may belong to it; a verb or "orangnya" does not."""
    is_verb = len(said) >= SHORTEST_VERB and said.startswith(VERBS)
    return _is_small_name(said) and not is_verb and not said.endswith("nya")


def _leads_on(text: str, word: Word, following: Word, shortened: Container[str]) -> bool:
    """Say whether only spaces are between two words, or a dot that does not end a sentence."""
    gap = GAP.fullmatch(text, word.end(), following.start())
    if gap is None:
        return False
    dot, spaces = gap.groups()
    is_cut = word.group().lower() in shortened or len(word.group()) == 1
    return is_cut or not spaces if dot else bool(spaces)
