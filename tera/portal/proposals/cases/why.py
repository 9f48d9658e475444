"""Why a proposal does not begin, or a decision is not published; the codes stand in addresses."""

from enum import StrEnum


class Why(StrEnum):
    """What is in the way."""

    NO_SURVEY = "survei"
    NO_TITLE = "predikat"
    UNDER_WAY = "ada"
    NOT_MET = "syarat"
    NOT_DECIDED = "putusan"
    PUBLISHED = "diumumkan"
