"""Files that wait to be imported: private, under random names, each bound to who uploaded it for which unit.

What a file says is nowhere else: not in the session, not in a log. It is removed once it is imported, and a
day after it came in any case.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing

from tera.portal.accounts.models import User
from tera.portal.imports.mapping import Mapped
from tera.portal.imports.table import Table
from tera.portal.surveys.models import Plan
from tera.portal.units.models import Unit

KEPT_SECONDS = 24 * 60 * 60


class Gone(LookupError):
    """There is no such upload of this person for this unit, or no more."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits, what is planned with it, and the code under which it will be imported.

    Every new mapping gets a new code, so whatever an interrupted import left under a code is what the next
    try would write. `is_done` says that it was imported: then the file is gone.
    """

    name: str
    code: str
    file: str
    plan: Plan
    mapped: Mapped | None = None
    is_done: bool = False

    @property
    def path(self) -> Path:
        """Where the table lies."""
        return _folder() / f"{self.name}.table"


def token_of(name: str, user: User, unit: Unit) -> str:
    """Return the name as addresses have it, of use to this person for this unit only."""
    return _signer(user, unit).sign(name)


def keep(table: Table, file: str, plan: Plan, code: str) -> Upload:
    """Keep what a file holds where nobody else on this machine can read it."""
    upload = Upload(secrets.token_urlsafe(16), code, file, plan)
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private(upload.path) as kept:
        table.write(kept)
    save(upload)
    return upload


def save(upload: Upload) -> None:
    """Keep what is planned with a file, whole or not at all."""
    place, fresh = _about(upload.name), _folder() / f"{upload.name}.{secrets.token_hex(4)}"
    with _private(fresh) as kept:
        json.dump(asdict(upload), kept, default=str)
    fresh.replace(place)


def find(token: str, user: User, unit: Unit) -> Upload:
    """Return an upload by its address; Gone where there is none for this person and unit."""
    try:
        return get(_signer(user, unit).unsign(token))
    except signing.BadSignature as error:
        raise Gone(token) from error


def get(name: str) -> Upload:
    """Return an upload by its name; Gone where there is none."""
    try:
        kept = json.loads(_about(name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Gone(name) from error
    return Upload(
        name=kept["name"],
        code=kept["code"],
        file=kept["file"],
        plan=_plan(kept["plan"]),
        mapped=Mapped.of_values(kept["mapped"]) if kept["mapped"] else None,
        is_done=kept["is_done"],
    )


def finish(upload: Upload) -> None:
    """Remove a file that was imported; that it was, is still known for a day."""
    save(replace(upload, mapped=None, is_done=True))
    upload.path.unlink(missing_ok=True)


def clean_up() -> None:
    """Remove what was uploaded more than a day ago."""
    places = [*_folder().iterdir()] if _folder().is_dir() else []
    for place in places:
        try:
            came_at = place.stat().st_mtime
        except FileNotFoundError:
            continue  # it was imported, or another worker was faster
        if came_at < time.time() - KEPT_SECONDS:
            place.unlink(missing_ok=True)


def has_room(size: int) -> bool:
    """Say whether the disk takes a file of this size and stays usable."""
    folder = next(place for place in (_folder(), *_folder().parents) if place.is_dir())
    return shutil.disk_usage(folder).free > 10 * size


def _private(path: Path) -> IO[str]:
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(made, "w", encoding="utf-8", newline="")


def _plan(kept: Mapping[str, Any]) -> Plan:
    days = {name: date.fromisoformat(kept[name]) for name in ("starts_on", "ends_on")}
    return Plan(**{**kept, **days})


def _signer(user: User, unit: Unit) -> signing.Signer:
    return signing.Signer(salt=f"tera.imports/{user.pk}/{unit.slug}")


def _about(name: str) -> Path:
    return _folder() / f"{name}.json"


def _folder() -> Path:
    return Path(settings.HOME) / "uploads"
