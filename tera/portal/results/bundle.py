"""The audit bundle of a campaign: one file with everything that it takes to count and check again.

It holds what the public never sees. docs/protocol.md section 5 is the contract.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from tera.engine.block import tally_bytes
from tera.engine.tally import Tally
from tera.intake.blocks import Block, list_blocks
from tera.intake.counting import tallies_of
from tera.intake.exporting import list_commitments_left, list_held
from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.jobs.actions import CannotDo, Told, enqueue
from tera.portal.jobs.models import Job
from tera.portal.results.models import Removed
from tera.portal.results.queries import list_said
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign

PERMISSION = "audit-bundle"
NOT_ALLOWED = gettext_noop("Peran Anda tidak lagi mengizinkan unduhan ini.")
FORMAT = "tera/bundle/v1"
STEP = 2_000  # rows from one call of `still` to the next


def may_have(user: User, campaign: Campaign) -> bool:
    """Say whether this person may have the rows of a campaign with their commitments."""
    return gate.may(user, PERMISSION, campaign)


@transaction.atomic
def order(campaign: Campaign, *, by: User) -> Job:
    """Order the bundle of a campaign; PermissionDenied for whoever is no auditor of its unit."""
    role = gate.require(by, PERMISSION, campaign)
    about = f"{campaign.unit.short_name}, {campaign.period}: audit {campaign.code}"
    arguments = {"campaign": campaign.code, "day": campaign.starts_on.isoformat()}
    job = enqueue(kind="bundle", arguments=arguments, by=by, unit=campaign.unit, about=about)
    done(by, role, PERMISSION, campaign.code, campaign.unit)
    return job


def run(job: Job, folder: Path, told: Told) -> Path:
    """Write the bundle that was ordered; CannotDo where the person may not have it any more."""
    campaign = Campaign.objects.select_related("unit").get(code=job.arguments["campaign"])
    if not may_have(job.by, campaign):
        raise CannotDo(NOT_ALLOWED)
    path = folder / f"{campaign.code}-audit.zip"
    with path.open("wb") as stream:
        write(campaign, stream, lambda: told(0, 0))
    return path


def write(campaign: Campaign, stream: IO[bytes], still: Callable[[], None] = lambda: None) -> int:
    """Write the bundle of a campaign, and return how many responses it holds.

    Of an erased response it holds the commitment alone. `still` is called now and then.
    """
    auditor = settings.INTAKE.acting_as("auditor")
    held = list_held(auditor, campaign.code)
    left = list_commitments_left(auditor, campaign.code)
    by_block = {number: [row for _, row in rows] for number, rows in groupby(held, key=lambda row: row[0])}
    blocks = []
    for block in list_blocks(settings.INTAKE, [campaign.code]):
        still()
        rows = by_block.get(block.number, [])
        # Without what was erased the tally cannot be counted again: then it is the one that is kept.
        is_whole = len(rows) == block.responses
        blocks.append(_about(block, tallies_of(campaign.form, rows) if is_whole else block.tallies))
    lines = sorted(
        [(block, f"{name.hex()},{salt.hex()},{body.hex()}\n") for block, (name, salt, body) in held]
        + [(block, f"{name.hex()},,\n") for block, name in left]
    )
    removed = [f"{entry.commitment},{entry.reason}{_since(entry)}\n" for entry in list_said(campaign)]
    about = {
        "format": FORMAT,
        "campaign": campaign.code,
        "instruments": [{"id": entry.id, "items": list(entry.codes)} for entry in campaign.instruments],
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("bundle.json", json.dumps(about, indent=1))
        with bundle.open("responses.csv", "w") as file:
            file.write(b"block,commitment,salt,body\n")
            for number, (of, line) in enumerate(lines):
                file.write(f"{of},{line}".encode())
                if not number % STEP:
                    still()
        bundle.writestr("removed.csv", "commitment,reason\n" + "".join(removed))
        bundle.writestr("blocks.json", json.dumps(blocks, indent=1))
        for path in _log_files(settings.LOG):
            still()
            bundle.write(path, f"log/{path.relative_to(settings.LOG).as_posix()}")
    return len(held)


def _since(removed: Removed) -> str:
    """Return the number of the certification that first counts without a response, if it is a correction."""
    since = removed.exclusion.since if removed.exclusion else 1
    return f",{since}" if since > 1 else ""


def _about(block: Block, tallies: Mapping[str, Tally]) -> dict[str, object]:
    content = tally_bytes(block.campaign, block.number, block.responses, tallies)
    return {
        "block": block.number,
        "count": block.responses,
        "kind": block.kind,
        "tally_salt": block.tally_salt.hex(),
        "tally": json.loads(content),
    }


def _log_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
