"""What is done with campaigns: opening one, and taking over answers that were collected elsewhere."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tera.engine import response, sampling
from tera.engine.catalogue import get_codelists, get_instrument, get_rulebook, list_notices
from tera.engine.instrument import require_combinable
from tera.engine.response import Response
from tera.engine.tally import Row
from tera.engine.workflow import Condition
from tera.intake import publishing, sealing
from tera.intake.blocks import IMPORTED, Block, list_blocks, list_ended
from tera.intake.erasing import list_erased
from tera.intake.exporting import list_held
from tera.intake.form import day_number
from tera.intake.tables import Held
from tera.portal.accounts.gate import done, require
from tera.portal.accounts.models import User
from tera.portal.ledger.actions import say
from tera.portal.ledger.queries import names_of
from tera.portal.surveys import gate, respondents, statements
from tera.portal.surveys.models import Campaign, Extension, Plan, Schedule
from tera.portal.surveys.stages import Words, advance
from tera.portal.units.models import Unit
from tera.portal.units.queries import holds, version_of

logger = logging.getLogger(__name__)

# Without I, l, o, 0 and 1: a code is read from a poster and typed into a phone.
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 7


class NoUnit(ValueError):
    """The unit does not exist on the first day of the survey."""


class CannotExtend(ValueError):
    """The campaign cannot be extended; the message says why."""


class LeftOver(ValueError):
    """Answers lie under a code that are not those of its campaign."""


class CannotPool(ValueError):
    """The unit has a campaign of this period that asks or judges differently."""


def new_code() -> str:
    """Return a code for a link, short enough to type and too many to guess through."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


@transaction.atomic
def open_campaign(*, unit: Unit, plan: Plan, by: User, at: datetime, code: str = "") -> Campaign:
    """Open a campaign and fix its rules.

    Raises:
        PermissionDenied: this person does not run the surveys of this unit.
        NoUnit: the unit does not exist on the first day.
        CannotCombine: two instruments ask or measure the same.
        CannotPool: a campaign of the same period asks or judges differently.
    """
    role = require(by, "open-survey", unit)
    for earlier in Campaign.objects.filter(unit=unit, period=plan.period):
        if not earlier.can_be_pooled(plan):
            raise CannotPool(f"{earlier.code} of {plan.period} asks or judges differently")
    campaign = record(unit=unit, plan=plan, by=by, at=at, code=code or new_code())
    publish_once_committed(campaign)
    done(by, role, "open-survey", campaign.code, unit)
    return campaign


def record(
    *, unit: Unit, plan: Plan, by: User | None, at: datetime, code: str, schedule: Schedule | None = None
) -> Campaign:
    """Write a campaign with its target sample and the fingerprints of its rules, and say so in the ledger.

    Runs in the transaction of whoever calls it.

    Raises:
        NoUnit: the unit does not exist on the first day.
        CannotCombine: two instruments ask or measure the same.
    """
    require_combinable(map(get_instrument, plan.instrument_ids))
    rulebook, stood = get_rulebook(plan.survey_rulebook_id), version_of(unit, plan.starts_on)
    if stood is None:
        raise NoUnit(f"{unit.slug} does not exist on {plan.starts_on}")
    target = sampling.size(rulebook.sample, plan.population) if rulebook.sample else 0
    given = unit.services.filter(holds(plan.starts_on)).order_by("name")
    campaign = Campaign(
        unit=unit,
        zone=stood.zone,
        code=code,
        period=plan.period,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        population=plan.population,
        target_sample=target,
        served=dict(plan.served),
        quotas=sampling.quotas(target, plan.served) if plan.served else {},
        instrument_ids=list(plan.instrument_ids),
        survey_rulebook_id=plan.survey_rulebook_id,
        zone_rulebook_id=plan.zone_rulebook_id,
        services={service.code: service.name for service in given},
        levels=sorted(plan.levels),
        notice="" if plan.source else list_notices()[0].id,  # nobody was told anything here
        source=plan.source,
        is_invented=settings.IS_DEMO and not plan.source,
        opened_at=at,
        opened_by=by,
        schedule=schedule,
    )
    campaign.rules = campaign.rules_now()
    campaign.full_clean()
    campaign.save()
    say(statements.opened(campaign))
    return campaign


@transaction.atomic
def extend(campaign: Campaign, until: date, *, reason: str, by: User, at: datetime) -> Extension:
    """Let a campaign end later than it said, as the office above the unit decides; this is never hidden.

    Raises:
        PermissionDenied: this person does not extend surveys of this unit.
        CannotExtend: it is closed, it ends later than this already, or no reason is given.
    """
    role = gate.require(by, "extend-survey", campaign)
    campaign = Campaign.objects.select_for_update().select_related("unit").get(pk=campaign.pk)
    if campaign.source or campaign.form.local_day(at) > campaign.ends_on:
        raise CannotExtend(f"{campaign.code} is closed")
    if until <= campaign.ends_on or not reason.strip():
        raise CannotExtend(f"{campaign.code} ends on {campaign.ends_on}; a later day and a reason are needed")
    extension = Extension.objects.create(
        campaign=campaign,
        number=campaign.extensions.count() + 1,
        ends_on=campaign.ends_on,
        until=until,
        reason=reason.strip(),
        by_office=role.acts_for,
        by=by,
    )
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=until)
    say(statements.extended(extension))
    done(by, role, "extend-survey", f"{campaign.code}: {until}", campaign.unit)
    publish_once_committed(Campaign.objects.select_related("unit").get(pk=campaign.pk))
    return extension


def publish_once_committed(campaign: Campaign) -> None:
    """Publish a campaign after the commit: a form that can be answered must have its campaign.

    Should we die in between, the worker publishes it.
    """
    if not campaign.source:
        transaction.on_commit(lambda: publish(campaign))


def publish(campaign: Campaign) -> None:
    """Give the intake the form and the pages of a campaign; doing it again changes nothing."""
    publishing.publish(settings.INTAKE, campaign.form, respondents.policy(), respondents.texts(campaign))


def publish_new() -> int:
    """Publish the campaigns that are not published yet, and return how many; safe to run again and at once.

    Raises:
        Unavailable: the database does not answer.
    """
    opened = set(Campaign.objects.filter(source="").values_list("code", flat=True))
    missing = opened - publishing.list_codes(settings.INTAKE)
    for campaign in Campaign.objects.filter(code__in=missing).select_related("unit"):
        publish(campaign)
    return len(missing)


def publish_all(at: datetime) -> None:
    """Publish what is not published, and anew what can still be answered: the program may be a newer one.

    Raises:
        Unavailable: the database does not answer.
    """
    known = publishing.list_codes(settings.INTAKE)
    for campaign in Campaign.objects.filter(source="").select_related("unit"):
        if campaign.code not in known or not campaign.form.is_over(at):
            publish(campaign)


def import_answers(campaign: Campaign, rows: Sequence[Row | Response]) -> Block:
    """Store answers that were collected elsewhere as the one block of a campaign, marked as imported.

    A bare row of answers gets the last day of the campaign and says nothing else. Where an import that was
    interrupted left the same responses, they are taken over: the block is written once.

    Raises:
        LeftOver: something else lies under the campaign's code.
    """
    channel = get_codelists().channel.byte_of("IMPORT")
    day = day_number(campaign.ends_on)
    profile = (0,) * len(get_codelists().profile)
    said = [
        replace(row, campaign=campaign.code, channel=channel)
        if isinstance(row, Response)
        else Response(campaign.code, day, channel, "", profile, False, tuple(row))
        for row in rows
    ]
    new = [held(response_) for response_ in said]
    for block in list_blocks(settings.INTAKE, [campaign.code]):
        kept = [body for _, (_, _, body) in list_held(settings.INTAKE.acting_as("auditor"), campaign.code)]
        if block.kind != IMPORTED or sorted(kept) != sorted(body for _, _, body in new):
            raise LeftOver(f"other responses lie under {campaign.code}")
        return block
    return sealing.import_block(settings.INTAKE.acting_as("sealer"), campaign.form, new)


def held(said: Response) -> Held:
    """Return a response as the intake holds it, with a fresh salt."""
    salt, body = secrets.token_bytes(response.SALT_BYTES), response.encode(said)
    return response.commitment(salt, body), salt, body


def seal_due(at: datetime) -> list[Block]:
    """Seal what may be sealed in every campaign that was answered here; safe to run again and at once.

    A campaign that cannot be sealed is logged and does not hold up the others.

    Raises:
        Unavailable: the database does not answer; the round ends and may be run again.
    """
    generator = secrets.SystemRandom()
    ended, sealer = list_ended(settings.INTAKE), settings.INTAKE.acting_as("sealer")
    blocks = []
    for campaign in Campaign.objects.filter(source="").exclude(code__in=ended).select_related("unit"):
        try:
            blocks.append(sealing.seal(sealer, campaign.form, at, generator))
        except (ValueError, ArithmeticError, LookupError):
            logger.exception("campaign %s could not be sealed", campaign.code)
    return [block for block in blocks if block is not None]


def close(campaign: Campaign, blocks: Sequence[Block], *, at: datetime) -> None:
    """Say in the ledger that a campaign's last block is sealed, in the transaction of whoever calls it."""
    said = statements.closed(campaign, blocks)
    say(said)
    words = Words(statement=str(said["id"]))
    advance(campaign, "close", {Condition.LAST_BLOCK_SEALED}, at=at, words=words)


def tell_of_blocks() -> None:
    """Say in the ledger what was sealed, closed and erased since; safe to run again and at once.

    The blocks lie in the intake's store, so they cannot be told of in their own transaction: their statements
    have ids that follow from them, and are copied over here.

    Raises:
        Unavailable: the database does not answer.
    """
    told = names_of("sealed", "imported", "closed")
    campaigns = {entry.code: entry for entry in Campaign.objects.select_related("unit")}
    todo = [code for code in campaigns if f"closed/{code}" not in told]
    for code, group in groupby(list_blocks(settings.INTAKE, todo), key=lambda block: block.campaign):
        campaign, blocks = campaigns[code], list(group)
        said = [statements.sealed(block, campaign.source) for block in blocks]
        with transaction.atomic():
            for entry in said:
                if entry["id"] not in told:
                    say(entry)
            if blocks[-1].is_last:
                close(campaign, blocks, at=timezone.now())
    tell_of_erased()


def tell_of_erased() -> None:
    """Say in the ledger what was erased since, as `tell_of_blocks` does with the rest."""
    for erased in list_erased(settings.INTAKE):
        say(statements.erased(erased))
