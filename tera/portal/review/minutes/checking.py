"""Looks whether minutes are as they were drawn up: document, hash, meeting, signatures and ledger agree."""

from collections.abc import Iterator, Mapping
from typing import Any

from tera.portal.accounts.gate import DEED
from tera.portal.ledger.models import Event, Statement
from tera.portal.ledger.queries import names_of
from tera.portal.review.minutes import statements
from tera.portal.review.minutes.document import attendees_of, decode, fingerprint
from tera.portal.review.minutes.signing import FOR_OFFICE, FOR_UNIT
from tera.portal.review.models import Item, Minutes

DECIDED = ("campaign", "decision", "note", "due_on")


def faults_of(minutes: Minutes) -> Iterator[str]:
    """Yield where minutes are not what they were, in words for whoever runs the installation."""
    name = statements.minutes_id(minutes.meeting)
    said, found = kept(name), list(_changed(minutes))
    if not found and said != statements.minutes(minutes):
        found.append(f"the ledger says something else under {name} than the database holds")
    if not found:
        found += _meeting(minutes)
    yield from found
    yield from _signatures(minutes)


def _signatures(minutes: Minutes) -> Iterator[str]:
    """Yield where signatures are not those that the ledger says."""
    names = set()
    for signature in minutes.signatures.select_related("user", "office", "minutes__meeting__office"):
        signed = statements.signed(signature)
        names.add(str(signed["id"]))
        if kept(str(signed["id"])) != signed:
            yield f"the ledger says something else under {signed['id']} than the database holds"
        trail = Event.objects.filter(kind=DEED, about__startswith=f"{minutes}/{signature.number}: ")
        if not trail.filter(deed__in=(FOR_OFFICE, FOR_UNIT), who=signature.user.get_username()).exists():
            yield f"the audit trail does not say that this account signed {signed['id']}"
    begins = f"signed/{statements.minutes_id(minutes.meeting)}/"
    said = Statement.objects.filter(kind="signed", name__startswith=begins).order_by("pk")
    for name in said.exclude(name__in=names).values_list("name", flat=True):
        yield f"the ledger says {name}, and the database does not hold it"


def _meeting(minutes: Minutes) -> Iterator[str]:
    """Yield where a meeting, or what followed from it, was changed after its minutes were drawn up."""
    name, document = statements.minutes_id(minutes.meeting), decode(minutes.document)
    items = list(minutes.meeting.items.select_related("campaign", "step"))
    written = [{key: one.get(key) for key in DECIDED} for one in document["items"]]
    if [_decided(item) for item in items] != written:
        yield f"the agenda in the database says something else than {name} in the ledger"
    if attendees_of(minutes.meeting) != document["attendees"]:
        yield f"others attended by the database than by the document of {name}"
    for item in items:
        step, mine = item.step, (item.campaign_id, item.note, item.due_on, name)
        if step is None or (step.campaign_id, step.note, step.due_on, step.statement) != mine:
            yield f"the step of {item.campaign.code} is not the one that {name} decided"


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


def _decided(item: Item) -> dict[str, str | None]:
    due_on = item.due_on.isoformat() if item.due_on else None
    said = (item.campaign.code, item.decision, item.note, due_on)
    return dict(zip(DECIDED, said, strict=True))
