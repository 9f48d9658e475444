"""The codes of units from a day on: given and ended, with a handful of queries however many they are."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db import transaction

from tera.portal.units.conditions import require_free
from tera.portal.units.models import Code, Unit


class Claim(NamedTuple):
    """A code that a unit is to have in a scheme."""

    unit: Unit
    scheme: str
    value: str


@transaction.atomic
def give_codes(claims: Collection[Claim], on: date) -> list[Code]:
    """Give units codes from a day on; those that they had in these schemes end.

    Raises:
        CannotReorganise: another unit has such a code then or later, or two are to have it.
        ValidationError: a code is too long, or a scheme is none.
    """
    require_free([(claim.scheme, claim.value, claim.unit) for claim in claims], on)
    end_codes([(claim.unit, claim.scheme) for claim in claims], on)
    codes = [Code(unit=unit, scheme=scheme, value=value, valid_from=on) for unit, scheme, value in claims]
    for code in codes:
        code.clean_fields(exclude=["unit"])  # which would be asked for one by one
    return Code.objects.bulk_create(codes)


@transaction.atomic
def end_codes(held: Collection[tuple[Unit, str]], on: date) -> None:
    """Let units have no code in these schemes from a day on; what was to begin then never does."""
    pairs = {(unit.pk, scheme) for unit, scheme in held}
    units, schemes = {unit for unit, _ in pairs}, {scheme for _, scheme in pairs}
    known = Code.objects.filter(unit__in=units, scheme__in=schemes, valid_until__gt=on)
    mine = [code for code in known if (code.unit_id, code.scheme) in pairs]
    Code.objects.filter(pk__in=[code.pk for code in mine if code.valid_from >= on]).delete()
    Code.objects.filter(pk__in=[code.pk for code in mine if code.valid_from < on]).update(valid_until=on)
