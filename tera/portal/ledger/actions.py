"""What is done with the ledger: saying something in it, and giving what was said its place."""

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Max

from tera.engine import statement
from tera.portal.ledger.models import Event, Statement


class Contradiction(ValueError):
    """The ledger says something else under this id; what it says is never changed."""


def say(said: Mapping[str, object]) -> None:
    """Write a statement in the transaction of its deed; saying the same again adds nothing.

    Raises:
        BadStatement: it is none.
        Contradiction: another statement has its id.
    """
    content, name = statement.encode(said), str(said["id"])
    known, _ = Statement.objects.get_or_create(
        name=name, defaults={"kind": str(said["kind"]), "content": content}
    )
    if bytes(known.content) != content:
        raise Contradiction(f"the ledger says something else under {name}")


def record(**event: str) -> None:
    """Add a line to the audit trail, in the transaction of its deed; what is too long is cut."""
    longest = {field.name: field.max_length for field in Event._meta.fields}  # noqa: SLF001
    Event.objects.create(**{key: value[: longest[key]] for key, value in event.items()})


@transaction.atomic
def place_all() -> int:
    """Give every statement that has none the next place in the log; return how many have one.

    One publisher at a time does this. What is committed later gets a later place, whatever its key. Places
    are on disk when this returns, so that a power cut never gives what is signed another place.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO on")  # whatever the administrator has chosen
    last = Statement.objects.aggregate(last=Max("place"))["last"]
    size = 0 if last is None else last + 1
    for pending in Statement.objects.filter(place=None).order_by("pk").values_list("pk", flat=True):
        Statement.objects.filter(pk=pending, place=None).update(place=size)
        size += 1
    return size
