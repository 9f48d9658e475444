"""Where a rule stands, in the language of who reads it: rulebooks name their sources partly in English.

A rulebook is never edited, so the words that it takes are translated when an article is shown.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache

from tera import law


@cache
def phrases() -> Mapping[str, str]:
    """Return what articles say in English, with the Indonesian for it."""
    known: Mapping[str, Mapping[str, str]] = tomllib.loads(law.read_articles())
    return known["id"]


@cache
def article_text(article: str, language: str) -> str:
    """Return an article: for English as the rulebook has it, else with the known phrases translated."""
    if language == "en":
        return article
    longest_first = "|".join(map(re.escape, sorted(phrases(), key=len, reverse=True)))
    return re.sub(rf"\b(?:{longest_first})\b", lambda found: phrases()[found[0]], article)
