"""Answers as a file that people and programs elsewhere read: ordered, written by the worker, fetched."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from tera.portal.accounts.gate import done
from tera.portal.accounts.models import User
from tera.portal.jobs.actions import CannotDo, Told, enqueue
from tera.portal.jobs.models import Job
from tera.portal.results import leaving, origin
from tera.portal.results.queries import Result, result_with
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.recount.export import codebook, delimited, parquet, workbook
from tera.recount.export.dataset import Dataset
from tera.recount.export.dataset import Told as RowsTold

PERMISSION = "export-answers"
NOT_ALLOWED = gettext_noop("Peran Anda tidak lagi mengizinkan unduhan ini.")
NOTHING = gettext_noop("Belum ada jawaban yang boleh diunduh.")
TOO_MANY = gettext_noop(
    "Jawabannya lebih banyak daripada yang muat di satu lembar Excel. Pilih CSV atau Parquet."
)


def may_export(user: User, campaign: Campaign) -> bool:
    """Say whether this person may have the answers of a campaign."""
    return gate.may(user, PERMISSION, campaign)


@transaction.atomic
def order(campaign: Campaign, form: str, *, by: User) -> Job:
    """Order the answers of a campaign in one of `FORMATS`.

    Raises:
        KeyError: there is no such format.
        PermissionDenied: none of this person's roles allows it.
    """
    role, name = gate.require(by, PERMISSION, campaign), FORMATS[form][0]
    job = enqueue(
        kind="export",
        arguments={"campaign": campaign.code, "day": campaign.starts_on.isoformat(), "format": form},
        by=by,
        unit=campaign.unit,
        about=f"{campaign.unit.short_name}, {campaign.period}: {name}",
    )
    done(by, role, PERMISSION, f"{campaign.code}: {form}", campaign.unit)
    return job


def run(job: Job, folder: Path, told: Told) -> Path:
    """Write what was ordered.

    Raises:
        CannotDo: the person may not any more, nothing may leave, or it is too much for a sheet.
    """
    campaign = Campaign.objects.select_related("unit").get(code=job.arguments["campaign"])
    if not may_export(job.by, campaign):
        raise CannotDo(NOT_ALLOWED)
    data = dataset_of(result_with(campaign))
    told(0, len(data.rows))
    _, ending, write = FORMATS[job.arguments["format"]]
    path = folder / f"{campaign.code}{ending}"
    write(data, path, lambda rows: told(min(rows, len(data.rows)), len(data.rows)))
    return path


def dataset_of(found: Result) -> Dataset:
    """Return what of a result may leave, freshly shuffled; CannotDo where it is nothing."""
    rows = leaving.rows_of(found) if found.has_index else []
    if not rows:
        raise CannotDo(NOTHING)
    indices = tuple(leaving.indices_of(found, rows))
    return Dataset(
        title=f"{found.unit.name}, {found.campaign.period}",
        instruments=leaving.instruments_of(found),
        codes=found.codes,
        rows=rows,
        indices=indices,
        hidden=dict.fromkeys(leaving.columns_left_empty(found, rows), origin.EMPTY),
        about=origin.about(found, len(rows), indices, timezone.now()),
        tables=leaving.tables_of(found),
    )


def _write_workbook(data: Dataset, path: Path, told: RowsTold) -> None:
    try:
        with path.open("wb") as file:
            workbook.write(data, file, str(path.parent), told)
    except workbook.TooMany as error:
        raise CannotDo(TOO_MANY) from error


def _write_csv(data: Dataset, path: Path, told: RowsTold) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        with packed.open("jawaban.csv", "w") as file:
            delimited.write(data.codes, data.rows, file, told)
        _add_meaning(packed, data)


def _write_parquet(data: Dataset, path: Path, told: RowsTold) -> None:
    answers = path.with_name("jawaban.parquet")
    parquet.write(data.codes, data.rows, answers, told)
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(answers, answers.name)
        _add_meaning(packed, data)


def _add_meaning(packed: zipfile.ZipFile, data: Dataset) -> None:
    """Put what the columns mean beside the answers."""
    packed.writestr("codebook.csv", delimited.text([codebook.HEADER, *codebook.lines(data)]))
    packed.writestr("about.csv", delimited.text([codebook.ABOUT, *data.about]))
    if data.tables:
        packed.writestr("tables.csv", delimited.text([codebook.TABLES, *codebook.table_lines(data)]))


Write = Callable[[Dataset, Path, RowsTold], None]
FORMATS: Mapping[str, tuple[str, str, Write]] = {
    "xlsx": ("Excel", ".xlsx", _write_workbook),
    "csv": ("CSV", "-csv.zip", _write_csv),
    "parquet": ("Parquet", "-parquet.zip", _write_parquet),
}
