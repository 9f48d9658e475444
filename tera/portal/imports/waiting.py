"""A large import is a job of the worker, of the kind "import". The file of the job says what was done."""

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_noop

from tera.portal.accounts.models import User
from tera.portal.imports import actions, uploads
from tera.portal.imports.uploads import Upload
from tera.portal.jobs.actions import CannotDo, Told, enqueue
from tera.portal.jobs.models import Job
from tera.portal.surveys.actions import NoUnit
from tera.portal.units.models import Unit

KIND = "import"
MOST_AT_ONCE = 5000  # rows that are imported while somebody waits for the page
GONE = gettext_noop("Berkas ini tidak ada lagi; unggah sekali lagi.")
REFUSED = gettext_noop("Tidak ada yang dimasukkan: berkas punya kesalahan, atau sumbernya sudah dimasukkan.")


def order(upload: Upload, *, unit: Unit, by: User) -> Job:
    """Let the worker import a file."""
    about = f"{unit.short_name}, {upload.plan.period}: {upload.file}"
    return enqueue(kind=KIND, arguments={"upload": upload.name}, by=by, unit=unit, about=about)


def run(job: Job, folder: Path, told: Told) -> Path:
    """Import the file of a job; doing it again is safe, and finishes what was interrupted."""
    told(0, 1)
    try:
        upload = uploads.get(job.arguments["upload"])
        campaign = actions.run(upload, unit=job.unit, by=job.by, at=timezone.now())
    except uploads.Gone as error:
        raise CannotDo(GONE) from error
    except (actions.CannotImport, NoUnit) as error:
        raise CannotDo(REFUSED) from error
    told(1, 1)
    note = folder / f"diimpor-{campaign.code}.txt"
    note.write_text(f"{campaign}\n{campaign.source}\n/laporan/{campaign.code}/\n", encoding="utf-8")
    return note
