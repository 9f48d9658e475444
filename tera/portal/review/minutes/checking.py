"""Looks whether minutes are as they were drawn up: document, hash, agenda, signatures and ledger agree."""

from collections.abc import Iterator, Mapping
from typing import Any

from tera.portal.ledger.models import Statement
from tera.portal.ledger.queries import names_of
from tera.portal.review.minutes import statements
from tera.portal.review.minutes.document import fingerprint
from tera.portal.review.models import Minutes


def faults_of(minutes: Minutes) -> Iterator[str]:
    """Yield where minutes are not what they were, in words for whoever runs the installation."""
    name = statements.minutes_id(minutes.meeting)
    said, found = kept(name), list(_changed(minutes))
    if not found and said != statements.minutes(minutes):
        found.append(f"the ledger says something else under {name} than the database holds")
    if not found and _decided(minutes) != {one["campaign"]: one["decision"] for one in said["decisions"]}:
        found.append(f"the agenda in the database says something else than {name} in the ledger")
    yield from found
    yield from _signatures(minutes)


def _signatures(minutes: Minutes) -> Iterator[str]:
    """Yield where signatures are not those that the ledger says."""
    names = set()
    for signature in minutes.signatures.select_related("office", "minutes__meeting__office"):
        signed = statements.signed(signature)
        names.add(str(signed["id"]))
        if kept(str(signed["id"])) != signed:
            yield f"the ledger says something else under {signed['id']} than the database holds"
    begins = f"signed/{statements.minutes_id(minutes.meeting)}/"
    said = Statement.objects.filter(kind="signed", name__startswith=begins).order_by("pk")
    for name in said.exclude(name__in=names).values_list("name", flat=True):
        yield f"the ledger says {name}, and the database does not hold it"


def _changed(minutes: Minutes) -> Iterator[str]:
    """Yield where the document does not have the hash that was signed, or the ledger knows another one."""
    name = statements.minutes_id(minutes.meeting)
    if fingerprint(minutes.document) != minutes.sha256:
        yield f"the document of {name} does not have the sha256 that was signed"
    if kept(name).get("sha256") != minutes.sha256:
        yield f"the ledger knows another sha256 of {name} than the database"


def faults() -> Iterator[str]:
    """Yield the faults of all minutes, and what the ledger says of minutes that are not there."""
    names = set()
    for minutes in Minutes.objects.select_related("meeting__office").order_by("pk"):
        yield from faults_of(minutes)
        names.add(statements.minutes_id(minutes.meeting))
    for name in sorted(names_of("minutes") - names):
        yield f"the ledger says {name}, and the database does not hold it"


def kept(name: str) -> Mapping[str, Any]:
    """Return what the ledger says under an id; nothing where it does not know it."""
    said = Statement.objects.filter(name=name).first()
    return said.as_said() if said else {}


def _decided(minutes: Minutes) -> dict[str, str]:
    return dict(minutes.meeting.items.values_list("campaign__code", "decision"))
