"""What is done with a file: it is kept, its columns are named, and it is imported, all of it or nothing."""

import re
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import User
from tera.portal.imports import uploads
from tera.portal.imports.mapping import Mapped
from tera.portal.imports.queries import earlier, setting_of
from tera.portal.imports.reading import Reading, read
from tera.portal.imports.table import Table, read_kept
from tera.portal.imports.uploads import Upload
from tera.portal.ledger.actions import say
from tera.portal.results.actions import certify
from tera.portal.surveys import actions as surveys
from tera.portal.surveys import statements
from tera.portal.surveys.models import Campaign, Plan
from tera.portal.units.models import Unit


class CannotImport(ValueError):
    """Nothing was imported; the file has faults, or its source was imported before."""


def keep(table: Table, file: str, plan: Plan, *, unit: Unit, by: User) -> Upload:
    """Keep an uploaded table until it is imported, at most a day; older ones are removed.

    Raises:
        PermissionDenied: this person does not import for this unit.
    """
    require(by, "import-answers", unit)
    uploads.clean_up()
    return uploads.keep(table, re.sub(r"[^\w .()-]", "_", file)[-80:], plan, surveys.new_code())


def choose(upload: Upload, mapped: Mapped) -> Upload:
    """Keep what the columns are, under a code that nothing was imported under."""
    chosen = replace(upload, mapped=mapped, code=surveys.new_code())
    uploads.save(chosen)
    return chosen


def open_table(upload: Upload) -> Table:
    """Return what a file holds; Gone where it was removed meanwhile."""
    try:
        return read_kept(upload.path)
    except FileNotFoundError as error:
        raise uploads.Gone(upload.name) from error


def look_into(upload: Upload, unit: Unit) -> tuple[Table, Reading]:
    """Return what a file holds and what it says under its mapping.

    Raises:
        Gone: it was removed meanwhile.
        CannotImport: its columns are not named yet.
    """
    if upload.mapped is None:
        raise CannotImport("the columns are not named yet")
    setting = setting_of(upload, unit)
    table = open_table(upload)
    return table, read(table, upload.mapped, setting)


def run(upload: Upload, *, unit: Unit, by: User, at: datetime) -> Campaign:
    """Import a file: campaign, answers, result and what the ledger says of them, or nothing at all.

    The answers lie in the intake's store, which commits on its own. They are written before the portal
    commits: until then no campaign leads to them. Should we die in between, the next try finds them under
    the upload's code, takes them over and goes on. A second click returns the campaign of the first.

    Raises:
        PermissionDenied: this person does not import for this unit.
        CannotImport: the file has faults, or its source was imported before.
        NoUnit: the unit did not exist when the period began.
    """
    if upload.is_done:
        return Campaign.objects.get(code=upload.code)
    reading = look_into(upload, unit)[1]
    if reading.findings:
        raise CannotImport(f"{reading.faults} faults")
    with transaction.atomic():
        role = require(by, "import-answers", unit)
        Unit.objects.select_for_update().get(pk=unit.pk)  # one import of a unit at a time
        campaign = Campaign.objects.filter(code=upload.code).first()
        if campaign is None:
            campaign = _import(upload, reading, unit, by, at)
            done(by, role, "import-answers", f"{campaign.code}: {len(reading.responses)}", unit)
    uploads.finish(upload)
    return campaign


def _import(upload: Upload, reading: Reading, unit: Unit, by: User, at: datetime) -> Campaign:
    """Write an import in the transaction of whoever calls it."""
    if found := earlier(unit, upload.plan):
        raise CannotImport(f"{found.code} was imported from the same source")
    campaign = surveys.record(unit=unit, plan=upload.plan, by=by, at=at, code=upload.code)
    block = surveys.import_answers(campaign, reading.responses)
    say(statements.sealed(block, campaign.source))
    surveys.close(campaign, [block], at=at)
    certify(campaign, by=None, at=at)
    return campaign
