"""What is done to invite people: keeping a unit's logo, and handing invitations to whoever delivers them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import User
from tera.portal.invitations.models import Logo
from tera.portal.invitations.pictures import Picture
from tera.portal.invitations.recipients import Line, Problem
from tera.portal.invitations.senders import Message, Refused, Sender, Unreachable
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

MOST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Report:
    """How sending went: shown once, kept nowhere."""

    sent: int
    problems: tuple[Problem, ...]

    @property
    def wrong(self) -> list[Problem]:
        """The lines with which something is wrong."""
        return [problem for problem in self.problems if not problem.is_later]

    @property
    def later(self) -> list[tuple[str, list[Problem]]]:
        """The lines that can be sent to again as they are, by reason."""
        lines: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.is_later:
                lines.setdefault(problem.reason, []).append(problem)
        return list(lines.items())


def keep_logo(unit: Unit, picture: Picture, *, by: User, permission: str = "invite") -> None:
    """Put a picture in the place of a unit's logo.

    Raises:
        PermissionDenied: this person may not do that for this unit.
    """
    role = require(by, permission, unit)
    fields = {"media_type": picture.media_type, "picture": picture.content}
    with transaction.atomic():
        Logo.objects.update_or_create(unit=unit, defaults=fields)
        done(by, role, "keep-logo", "", unit)


def remove_logo(unit: Unit, *, by: User, permission: str = "invite") -> None:
    """Print without a logo from now on.

    Raises:
        PermissionDenied: as of `keep_logo`.
    """
    role = require(by, permission, unit)
    with transaction.atomic():
        Logo.objects.filter(unit=unit).delete()
        done(by, role, "remove-logo", "", unit)


def send(
    campaign: Campaign,
    sender: Sender,
    message: Message,
    recipients: Mapping[str, Line],
    *,
    by: User,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Send one message to each, within 20 seconds; who is left then can be sent to again. Nothing is written.

    Raises:
        PermissionDenied: this person does not run the surveys of this unit.
    """
    role = require(by, "invite", campaign.unit)
    until, sent, problems, waiting = clock() + MOST_SECONDS, 0, [], dict(recipients)
    reason = _("Waktunya habis. Kirim lagi untuk baris ini.")
    try:
        with sender.connect() as connection:
            while waiting and (left := until - clock()) > 0:
                to = next(iter(waiting))
                try:
                    connection.send(to, message, left)
                    sent += 1
                except Refused as error:
                    problems.append(Problem(waiting[to], str(error)))
                del waiting[to]
    except Unreachable as error:
        reason = str(error)
    problems += [Problem(line, reason, is_later=True) for line in waiting.values()]
    done(by, role, "send-invitations", f"{campaign.code}: {sent}", campaign.unit)  # how many, never to whom
    return Report(sent, tuple(problems))
