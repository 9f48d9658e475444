"""What arrives, read strictly: JSON or the fields of the page become a submission, or a refusal says why.

A refusal names the item and what is allowed, in each language that has its text.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from tera.engine.catalogue import get_codelists, get_language
from tera.engine.codelist import CodeList
from tera.engine.instrument import Item
from tera.engine.response import BadCode, read_code
from tera.engine.ticket import ticket_hash
from tera.instruments import list_languages
from tera.intake.form import CampaignForm
from tera.intake.paradata import UNKNOWN, duration_of

KEY_BYTES = 16
COMMENT_CHARACTERS = 1000
BODY_BYTES = 16 * 1024
MOST_SHOWN = 40
NO_ANSWER = "Jawaban {answer} tidak ada; pilihannya {options}."
UNSTORABLE = "Saran memuat tanda yang tidak dapat disimpan. Hapus tanda itu, lalu kirim lagi."
NO_TICKET = "Kode tiket terdiri dari 26 huruf dan angka, seperti yang tercetak."
OPEN_CHANNELS = ("WEB", "QR", "KIOSK")
DIGITS = {str(score): score for score in range(256)}  # an answer is one byte
_FIELDS = (
    "key",
    "answers",
    "service",
    "profile",
    "comment",
    "language",
    "not_free",
    "channel",
    "ticket",
    "duration",
)


Allowed = tuple[str | Mapping[str, str], ...]


class Refused(Exception):
    """The submission cannot be taken. `item` and `allowed` say where it is wrong and what would be right."""

    def __init__(
        self, status: int, reason: str, item: str = "", allowed: Allowed = (), **values: object
    ) -> None:
        """Keep the HTTP status, the reason in Indonesian with its values, the place, and what is allowed."""
        super().__init__(get_language("en").say(reason, **values))
        self.status = status
        self.item = item
        self.allowed = allowed
        self._reason = reason
        self.values = values

    def said(self, language: str) -> str:
        """Return the reason in a language, or in Indonesian where it lacks the text."""
        return get_language(language).say(self._reason, **self.values)


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid submission; `answers` are in the order of the campaign's items, `ticket` is a hash or empty.

    `duration` is one of `paradata.DURATIONS`; it is counted and not kept.
    """

    key: bytes | None
    answers: tuple[int | None, ...]
    service: str
    profile: tuple[int, ...]
    comment: str
    not_free: bool
    channel: int
    ticket: bytes
    duration: str = UNKNOWN


def read_json(body: bytes, form: CampaignForm) -> Submission:
    """Return the submission in a JSON body (docs/response.md); Refused says what is wrong with it."""
    values = _object(body)
    for name in values:
        if name not in _FIELDS:
            raise _invalid("Kolom {name} tidak dikenal.", name, _FIELDS, name=_shown(name))
    answers, profile = values.get("answers"), values.get("profile", {})
    if not isinstance(answers, dict) or not isinstance(profile, dict):
        raise _invalid("'answers' dan 'profile' harus objek.")
    if not answers.keys() <= form.scores.keys():
        name = next(name for name in answers if name not in form.scores)
        raise _invalid("Butir {name} tidak ada.", name, form.codes, name=_shown(name))
    if (language := values.get("language")) is not None and language not in list_languages():
        raise _invalid("Bahasa {code} tidak ada.", "language", list_languages(), code=_shown(language))
    not_free = values.get("not_free", False)
    if not isinstance(not_free, bool):
        raise _invalid("'not_free' harus true atau false.", "not_free")
    return Submission(
        key=read_key(values.get("key")),
        answers=_answers(answers, form),
        service=_service(values.get("service"), form),
        profile=_profile(profile),
        comment=_comment(values.get("comment")),
        not_free=not_free,
        channel=_channel(values.get("channel")),
        ticket=_ticket(values.get("ticket"), form),
        duration=duration_of(values.get("duration")),
    )


def _object(body: bytes) -> dict[str, object]:
    try:
        values = _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _invalid("Isi bukan JSON.") from error
    if not isinstance(values, dict):
        raise _invalid("JSON harus berupa objek.")
    return values


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice in an object: nobody knows which one was meant."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        raise _invalid("{name} tertulis dua kali.", name, name=_shown(name))
    return values


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def read_fields(fields: Mapping[str, str], form: CampaignForm) -> Submission:
    """Return the submission in the fields of the page; Refused says what is wrong with it.

    A field that is absent or empty is a blank; the page sends no others.
    """
    scores = {code: DIGITS.get(text, text) for code in form.codes if (text := fields.get(code, "")) != ""}
    profile = {codes.id: fields.get(codes.id, "") for codes in get_codelists().profile}
    return Submission(
        key=read_key(fields.get("key")),
        answers=_answers(scores, form),
        service=_service(fields.get("service"), form),
        profile=_profile(profile),
        comment=_comment(fields.get("comment", "").replace("\r\n", "\n")),
        not_free=bool(fields.get("not_free")),
        channel=_channel(fields.get("channel")),
        ticket=_ticket(fields.get("ticket"), form),
    )


def _invalid(reason: str, item: str = "", allowed: Allowed = (), **values: object) -> Refused:
    return Refused(422, reason, item, allowed, **values)


def _shown(value: object) -> str:
    """Return a value as a refusal shows it: as JSON has it, and short."""
    return json.dumps(value, ensure_ascii=False)[:MOST_SHOWN]


def base64url(content: bytes) -> str:
    """Return bytes in base64url without padding, as keys and signatures are written."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def read_key(text: object) -> bytes | None:
    """Return a client key as it is sent, None where there is none; Refused where it is no key."""
    if text in (None, ""):
        return None
    try:
        key = base64.b64decode(str(text) + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES or text != base64url(key):  # one key has one spelling
        raise _invalid("'key' harus 16 bita dalam base64url tanpa pengisi.", "key")
    return key


def _answers(scores: Mapping[str, object], form: CampaignForm) -> tuple[int | None, ...]:
    """Return the answers in the order of the items; what is not plainly right gets a closer look."""
    answers = []
    for item, (code, allowed) in zip(form.items, form.scores.items(), strict=True):
        score = scores.get(code)
        answers.append(score if type(score) is int and score in allowed else _answer(item, score))
    return tuple(answers)


def _answer(item: Item, score: object) -> int | None:
    allowed = tuple(
        {language: f"{option.score} = {label}" for language, label in option.label.items()}
        for option in item.options
    )
    if score is None:
        if item.required:
            raise _invalid("Pertanyaan ini belum dijawab.", item.code, allowed)
        return None
    if isinstance(score, bool) or not isinstance(score, int) or score not in item.scores:
        options = ", ".join(map(str, item.scores))
        raise _invalid(NO_ANSWER, item.code, allowed, answer=_shown(score), options=options)
    return score


def _service(code: object, form: CampaignForm) -> str:
    if code in (None, ""):
        return ""
    if not isinstance(code, str) or code not in form.services:
        raise _invalid("Layanan {code} tidak ada.", "service", tuple(form.services), code=_shown(code))
    return code


def _profile(values: Mapping[str, object]) -> tuple[int, ...]:
    lists = get_codelists().profile
    names = tuple(codes.id for codes in lists)
    for name in values:
        if name not in names:
            raise _invalid("Profil {name} tidak ada.", name, names, name=_shown(name))
    return tuple(_code(codes, values.get(codes.id)) for codes in lists)


def _code(codes: CodeList, code: object) -> int:
    try:
        return codes.byte_of(code if isinstance(code, str) else "" if code is None else repr(code))
    except KeyError as error:
        allowed = tuple(entry.code for entry in codes.codes)
        raise _invalid("Pilihan {code} tidak ada.", codes.id, allowed, code=_shown(code)) from error


def _comment(text: object) -> str:
    if text is None:
        return ""
    if not isinstance(text, str):
        raise _invalid("Saran harus berupa teks.", "comment")
    if not _is_storable(text):
        raise _invalid(UNSTORABLE, "comment")
    if len(text) > COMMENT_CHARACTERS:
        raise _invalid(
            "Saran paling panjang {most} huruf; ini {count}.",
            "comment",
            most=COMMENT_CHARACTERS,
            count=len(text),
        )
    return text.strip()


def _is_storable(text: str) -> bool:
    """Say whether any database stores this: half of a character and the null character are not."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _channel(code: object) -> int:
    name = "WEB" if code in (None, "") else code
    if name not in OPEN_CHANNELS:
        raise _invalid("Saluran {code} tidak ada.", "channel", OPEN_CHANNELS, code=_shown(code))
    return get_codelists().channel.byte_of(str(name))


def _ticket(code: object, form: CampaignForm) -> bytes:
    """Return the hash of the ticket that came along, empty where none did and none is needed."""
    if code is None or (isinstance(code, str) and not code.strip()):
        if form.needs_ticket:
            raise _invalid("Survei ini hanya untuk pemegang tiket. Isilah kode tiket Anda.", "ticket")
        return b""
    if not form.takes_tickets:
        raise _invalid("Survei ini tidak memakai tiket. Kosongkan kode tiket.", "ticket")
    try:
        return ticket_hash(read_code(str(code)))
    except BadCode as error:
        raise _invalid(NO_TICKET, "ticket") from error
