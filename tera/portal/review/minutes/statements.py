"""What the ledger says of minutes and of signatures under them; docs/protocol.md is the contract."""

import hashlib
from datetime import UTC

from tera.portal.review.minutes.document import Json, decode, encode, fingerprint
from tera.portal.review.models import Meeting, Minutes, Signature

Statement = dict[str, object]


def minutes_id(meeting: Meeting) -> str:
    """Return the id of the statement about the minutes of a meeting."""
    return f"minutes/{meeting}"


def minutes(kept: Minutes) -> Statement:
    """Return that a meeting has minutes with this hash, and what it decided of each survey."""
    document = decode(kept.document)
    return {
        "kind": "minutes",
        "id": minutes_id(kept.meeting),
        "by_unit": kept.meeting.office.slug,
        "day": document["day"],
        "sha256": kept.sha256,
        "decisions": [_decision(item) for item in document["items"]],
    }


def _decision(item: Json) -> Statement:
    said: Statement = {"campaign": item["campaign"], "decision": item["decision"]}
    return said | ({"due_on": item["due_on"]} if "due_on" in item else {})


def signed(signature: Signature) -> Statement:
    """Return that an office signed minutes, and how; never who, but a hash over it that nobody can guess."""
    name = minutes_id(signature.minutes.meeting)
    return {
        "kind": "signed",
        "id": f"signed/{name}/{signature.number}",
        "minutes": name,
        "sha256": signature.minutes.sha256,
        "by_unit": signature.office.slug,
        "method": signature.method,
        "signature": fingerprint(encode(_under(signature))),
    }


def _under(signature: Signature) -> Json:
    """Return what stands under minutes, and the salt with which it is hashed."""
    content = bytes(signature.content)
    return {
        "at": signature.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content": hashlib.sha256(content).hexdigest() if content else "",
        "method": signature.method,
        "minutes": minutes_id(signature.minutes.meeting),
        "name": signature.name,
        "office": signature.office.slug,
        "role": signature.role,
        "salt": signature.salt,
    }
