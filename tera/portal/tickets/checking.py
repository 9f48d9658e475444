"""Looks whether the tickets that let people answer are those that the ledger knows."""

from collections.abc import Iterator

from django.conf import settings

from tera.engine.ticket import batch_root
from tera.intake.exporting import list_tickets
from tera.portal.ledger.models import Statement


def faults_of() -> Iterator[str]:
    """Yield what does not fit, in words for whoever runs the installation."""
    held = list_tickets(settings.INTAKE.acting_as("auditor"))
    said = {entry.name: entry.as_said() for entry in Statement.objects.filter(kind="tickets_issued")}
    for name in sorted(held.keys() - said.keys()):
        yield f"{name}: {len(held[name])} tickets, of which the ledger says nothing"
    for name, statement in said.items():
        hashes = held.get(name, [])
        if (len(hashes), batch_root(hashes).hex()) != (statement["count"], statement["root"]):
            yield f"{name}: its {len(hashes)} tickets are not the {statement['count']} that the ledger says"
