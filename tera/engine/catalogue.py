"""The rulebooks, instruments, languages and checklists that ship with the program, parsed once."""

from functools import cache

from tera import checklists, instruments, law
from tera.engine import checklist, codelist, instrument, language, notice, reporting, rulebook_schema
from tera.engine.checklist import Checklist
from tera.engine.codelist import CodeLists
from tera.engine.instrument import Instrument
from tera.engine.language import Language
from tera.engine.notice import Notice
from tera.engine.reporting import Reporting
from tera.engine.rulebook import RESPONDENTS, Given, Rulebook


class Unknown(LookupError):
    """Nothing has this id; the message lists those there are."""


@cache
def get_rulebook(rulebook_id: str) -> Rulebook:
    """Return a rulebook by its id; Unknown lists the ids there are."""
    if rulebook_id not in law.list_ids():
        raise Unknown(f"no rulebook {rulebook_id!r}; there are: {', '.join(law.list_ids())}")
    return rulebook_schema.parse(law.read(rulebook_id))


@cache
def get_instrument(instrument_id: str) -> Instrument:
    """Return an instrument by its id; Unknown lists the ids there are."""
    if instrument_id not in instruments.list_ids():
        raise Unknown(f"no instrument {instrument_id!r}; there are: {', '.join(instruments.list_ids())}")
    return language.translated(instrument.parse(instruments.read(instrument_id)), list_languages())


def list_instruments() -> tuple[Instrument, ...]:
    """Return all instruments, sorted by id."""
    return tuple(map(get_instrument, instruments.list_ids()))


def list_rulebooks() -> tuple[Rulebook, ...]:
    """Return all rulebooks, sorted by id."""
    return tuple(map(get_rulebook, law.list_ids()))


@cache
def list_recorded() -> tuple[Given, ...]:
    """Return all values that are recorded with evidence where the rulebook does not judge them."""
    return rulebook_schema.parse_recorded(law.read_recorded())


def recorded_beside(rulebook: Rulebook) -> tuple[Given, ...]:
    """Return those of them that this rulebook does not know; where it knows one, the rulebook's own holds."""
    known = {RESPONDENTS, *(measure.id for measure in rulebook.measures)}
    known |= {given.id for given in rulebook.given} | {derived.id for derived in rulebook.derived}
    return tuple(given for given in list_recorded() if given.id not in known)


@cache
def get_codelists() -> CodeLists:
    """Return the lists of channels and profile codes."""
    lists = codelist.parse(instruments.read_codelists())
    profile = tuple(language.translated_list(codes, list_languages()) for codes in lists.profile)
    return CodeLists(lists.channel, profile)


@cache
def get_language(code: str) -> Language:
    """Return a language by its code; Unknown lists the codes there are."""
    if code not in instruments.list_languages():
        raise Unknown(f"no language {code!r}; there are: {', '.join(instruments.list_languages())}")
    return language.parse(instruments.read_language(code))


def list_languages() -> tuple[Language, ...]:
    """Return all languages, Indonesian first."""
    return tuple(map(get_language, instruments.list_languages()))


@cache
def list_notices() -> tuple[Notice, ...]:
    """Return all notices to respondents, the newest first."""
    return notice.parse(instruments.read_notices())


def get_notice(notice_id: str) -> Notice:
    """Return a notice by its id; Unknown lists the ids there are."""
    for entry in list_notices():
        if entry.id == notice_id:
            return entry
    raise Unknown(f"no notice {notice_id!r}; there are: {', '.join(entry.id for entry in list_notices())}")


@cache
def get_reporting() -> Reporting:
    """Return where corruption is reported."""
    return reporting.parse(instruments.read_reporting())


@cache
def get_checklist(checklist_id: str) -> Checklist:
    """Return a checklist by its id; Unknown lists the ids there are."""
    if checklist_id not in checklists.list_ids():
        raise Unknown(f"no checklist {checklist_id!r}; there are: {', '.join(checklists.list_ids())}")
    return checklist.parse(checklists.read(checklist_id))


def list_checklists() -> tuple[Checklist, ...]:
    """Return all checklists, sorted by id."""
    return tuple(map(get_checklist, checklists.list_ids()))
