"""The code lists that every questionnaire shares: channels and the respondent's profile.

Each code has a byte of its own that never changes and is never used again: it stands in the canonical bytes
of a response (`tera.engine.response`), and 0 always means "not given".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tera.engine.schema import SchemaError, Table, load, require_unique

PROFILE_LISTS = ("sex", "age_band", "education", "occupation")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list."""

    code: str
    byte: int
    label: Mapping[str, str]


@dataclass(frozen=True)
class CodeList:
    """A list of codes, in the order in which people are shown them."""

    id: str
    name: Mapping[str, str]
    codes: tuple[Code, ...]

    def byte_of(self, code: str) -> int:
        """Return the byte of a code, 0 for the empty code; KeyError for a code that is not in the list."""
        return self._bytes[code]

    def code_of(self, byte: int) -> str:
        """Return the code of a byte, "" for 0; KeyError for a byte that is not in the list."""
        return self._codes[byte]

    @cached_property
    def _codes(self) -> Mapping[int, str]:
        return {byte: code for code, byte in self._bytes.items()}

    @cached_property
    def _bytes(self) -> Mapping[str, int]:
        return {"": 0, **{entry.code: entry.byte for entry in self.codes}}


@dataclass(frozen=True, slots=True)
class CodeLists:
    """The channel list and the profile lists, the latter in canonical order."""

    channel: CodeList
    profile: tuple[CodeList, ...]


def parse(text: str) -> CodeLists:
    """Return the code lists written in this TOML text; SchemaError says what is wrong in it."""
    lists = load(text, "codelists").closed(lambda table: table.each("list", _list))
    by_id = {codes.id: codes for codes in lists}
    if set(by_id) != {"channel", *PROFILE_LISTS}:
        raise SchemaError(
            f"codelists: expected channel, {', '.join(PROFILE_LISTS)}; found {', '.join(by_id)}"
        )
    return CodeLists(by_id["channel"], tuple(by_id[name] for name in PROFILE_LISTS))


def _code(table: Table) -> Code:
    return Code(table.text("code"), table.whole("byte", 1, 255), table.words("label"))


def _list(table: Table) -> CodeList:
    codes = table.each("code", _code)
    require_unique([entry.code for entry in codes], table.path)
    require_unique([str(entry.byte) for entry in codes], f"{table.path}: bytes")
    return CodeList(table.text("id"), table.words("name"), codes)
