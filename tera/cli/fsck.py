"""`tera fsck` and `tera export`: looking whether an installation is whole, and handing it to an auditor."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tera.cli.installation import CannotServe, enter, usable
from tera.cli.outcome import Outcome


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs to the command line."""
    fsck = verbs.add_parser("fsck", help="look whether responses, blocks and ledger fit together")
    fsck.add_argument("--json", action="store_true", help="print JSON")
    fsck.set_defaults(run=run)
    export = verbs.add_parser(
        "export",
        help="write the audit bundle of a campaign",
        description="Writes one file with all responses of a campaign, their salts, and the ledger. It is "
        "for auditors: keep it as you would keep the filled-in forms. `tera verify FILE` checks it.",
    )
    export.add_argument("campaign", metavar="CODE", help="the campaign's code")
    export.add_argument("file", metavar="FILE", type=Path, help="a ZIP file, which must not exist yet")
    export.set_defaults(run=run_export)


def run(options: argparse.Namespace) -> Outcome:
    """Check everything; exit 1 if anything does not fit."""
    enter()
    with usable():
        faults = list(_faults())
    if options.json:
        return Outcome(json.dumps({"whole": not faults, "faults": faults}) + "\n", int(bool(faults)))
    text = "".join(f"{fault}\n" for fault in faults) or "everything fits together\n"
    return Outcome(text, int(bool(faults)))


def _faults() -> Iterator[str]:
    from django.conf import settings

    from tera.intake import checking as intake
    from tera.intake.blocks import list_blocks
    from tera.portal.ledger import checking as ledger
    from tera.portal.ledger.files import Files
    from tera.portal.proposals.cases import checking as cases
    from tera.portal.proposals.letters import checking as letters
    from tera.portal.proposals.standings import checking as standings
    from tera.portal.results import counting as results
    from tera.portal.review.meetings import following
    from tera.portal.review.minutes import checking as minutes
    from tera.portal.surveys import statements
    from tera.portal.surveys.models import Campaign
    from tera.portal.tickets import checking as tickets

    corrections = results.corrections_said()
    for campaign in Campaign.objects.select_related("unit").order_by("code"):
        yield from intake.faults_of(settings.INTAKE.acting_as("auditor"), campaign.form)
        blocks = list_blocks(settings.INTAKE, [campaign.code])
        yield from statements.faults_of(campaign, blocks)
        yield from results.faults_of(campaign, corrections)
    yield from tickets.faults_of()
    yield from minutes.faults()
    yield from following.faults()
    yield from cases.faults()
    yield from letters.faults()
    yield from standings.faults()
    yield from ledger.faults_of(Files(settings.LOG))


def run_export(options: argparse.Namespace) -> Outcome:
    """Write a bundle; a file that is there is never overwritten."""
    enter()
    from tera.portal.results import bundle
    from tera.portal.surveys.models import Campaign

    with usable():
        campaign = Campaign.objects.select_related("unit").filter(code=options.campaign).first()
        if campaign is None:
            raise CannotServe(f"there is no campaign {options.campaign!r} here")
        try:
            with options.file.open("xb") as stream:
                count = bundle.write(campaign, stream)
        except OSError as error:
            raise CannotServe(f"{options.file} cannot be written: {error.strerror}") from error
    return Outcome(f"{options.file}: {count} responses of {campaign}\n")
