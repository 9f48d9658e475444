"""Where a rule stands, in the language of the page: what rulebooks say in English is translated."""

import re
import tomllib
from collections.abc import Iterator

from tera import law
from tera.engine.article import article_text, phrases

ENGLISH = {
    *("the", "of", "as", "by", "in", "to", "at", "each", "its", "and", "none", "our", "reading", "least"),
    *("public", "copies", "tools", "ministry", "quoted", "report", "secondary", "sources", "amended"),
    *("printed", "weight", "area's", "january", "february", "march", "may", "june", "july", "august"),
    *("october", "december", "annex", "article", "table", "section", "not", "regulated"),
}


def articles_in(found: object) -> Iterator[str]:
    """Yield every article of a file, wherever it stands."""
    for key, value in found.items() if isinstance(found, dict) else ():
        if key == "article":
            yield value
        yield from articles_in(value)
    for value in found if isinstance(found, list) else ():
        yield from articles_in(value)


def test_no_article_of_any_rulebook_is_english_on_an_indonesian_page() -> None:
    files = [*map(law.read, law.list_ids()), law.read_recorded()]
    every = {article for text in files for article in articles_in(tomllib.loads(text))}
    assert len(every) > 20
    used = set()
    for article in every:
        shown = article_text(article, "id")
        assert not ENGLISH & set(re.findall(r"[a-z']+", shown.lower())), shown
        assert re.findall(r"\d+", shown) == re.findall(r"\d+", article)
        assert article_text(article, "en") == article
        used |= {phrase for phrase in phrases() if phrase in article}
    assert used == phrases().keys()  # nothing stands in the table for nothing


def test_what_is_quoted_is_said_in_the_language_of_the_page() -> None:
    quoted = "SE MenPANRB 4/2025, as quoted in indoposco.id, 3 May 2025"
    assert (
        article_text(quoted, "id") == "SE MenPANRB 4/2025, sebagaimana dikutip dalam indoposco.id, 3 Mei 2025"
    )
    assert article_text("none, our reading", "id") == "tidak diatur; pembacaan kami"
    assert article_text("Mayor 1 to 40", "id") == "Mayor 1 to 40"  # whole words alone
