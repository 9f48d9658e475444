"""Reads of the ledger."""

from collections.abc import Collection

from tera.portal.ledger.models import Statement


def entries_from(first: int, count: int) -> list[bytes]:
    """Return the entries of the log from a place on, at most so many."""
    placed = Statement.objects.filter(place__gte=first, place__lt=first + count).order_by("place")
    return [bytes(content) for content in placed.values_list("content", flat=True)]


def names_of(*kinds: str) -> set[str]:
    """Return the ids of all statements of these kinds."""
    return set(Statement.objects.filter(kind__in=kinds).values_list("name", flat=True))


def is_said(name: str) -> bool:
    """Say whether the ledger holds a statement with this id."""
    return Statement.objects.filter(name=name).exists()


def count_said(kind: str, beginning: str) -> int:
    """Return how many statements of a kind have an id that begins so."""
    return Statement.objects.filter(kind=kind, name__startswith=beginning).count()


def corrections_of(names: Collection[str]) -> dict[str, list[str]]:
    """Return the ids of what corrects these statements, the first one first, by what they correct."""
    found: dict[str, list[str]] = {}
    for one in Statement.objects.filter(kind="corrected").order_by("pk") if names else ():
        subject = str(one.as_said()["statement"])
        if subject in names:
            found.setdefault(subject, []).append(one.name)
    return found


def keys_of(purpose: str) -> list[str]:
    """Return the keys that ever signed for a purpose, the newest first."""
    said = Statement.objects.filter(kind="key_rotated").order_by("-pk")
    keys = [entry for entry in map(Statement.as_said, said) if entry["purpose"] == purpose]
    return [str(entry["new"]) for entry in keys]
