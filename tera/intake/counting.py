"""Counts responses, column by column."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from tera.engine import response
from tera.engine.breakdown import Breakdown, Spread, Strata, Stratum, columns_of, means_of, pooled
from tera.engine.catalogue import get_codelists
from tera.engine.tally import Tally
from tera.intake.form import EPOCH, CampaignForm
from tera.intake.tables import Held

_ByDay = Mapping[tuple[bytes, int, int], Sequence[bytes]]


def tallies_of(form: CampaignForm, rows: Sequence[Held]) -> dict[str, Tally]:
    """Return the tallies of responses by instrument id."""
    return _tallies(form, [response.answers_of(body) for _, _, body in rows])


def breakdown_of(form: CampaignForm, rows: Sequence[Held]) -> Breakdown:
    """Return what else is known of a group of responses."""
    lists, (heads, by_day) = get_codelists(), _grouped(rows)
    by_service = defaultdict[bytes, list[bytes]](list)
    for (service, _, _), given in by_day.items():
        by_service[service] += given
    channels, not_free = Counter[str](), 0
    profile = {codes.id: Counter[str]() for codes in lists.profile}
    for (channel, _, said, is_not_free), times in heads.items():
        channels[lists.channel.code_of(channel)] += times
        not_free += times * is_not_free
        for codes, byte in zip(lists.profile, said, strict=True):
            profile[codes.id][codes.code_of(byte)] += times
    answers = {service.decode("ascii"): given for service, given in sorted(by_service.items())}
    everything, strata = [given for some in answers.values() for given in some], _strata(form, by_day)
    means = pooled(strata)
    return Breakdown(
        channels=channels,
        profile=profile,
        services=Counter({service: len(given) for service, given in answers.items()}),
        not_free=not_free,
        by_service={service: _tallies(form, given) for service, given in answers.items()},
        spreads={
            instrument.id: Spread.of(
                instrument, [given[place] for given in everything], means.get(instrument.id, Counter())
            )
            for instrument, place in form.slices()
        },
        strata=strata,
    )


def strata_of(form: CampaignForm, rows: Sequence[Held]) -> Strata:
    """Return the strata of responses: `breakdown.without` takes those of some off those of all."""
    _, by_day = _grouped(rows)
    return _strata(form, by_day)


def _grouped(rows: Sequence[Held]) -> tuple[Counter[response.About], _ByDay]:
    """Return how many said what about themselves, and the answers by service, day and channel.

    What stands in front of the answers many have in common, so it is read once for all of them.
    """
    alike = defaultdict[bytes, list[bytes]](list)
    for _, _, body in rows:
        answers = response.answers_of(body)
        alike[body[: -len(answers)]].append(answers)
    heads, by_day = Counter[response.About](), defaultdict[tuple[bytes, int, int], list[bytes]](list)
    for head, given in alike.items():
        about, (_, day) = response.about(head), response.heading(head)
        heads[about] += len(given)
        by_day[about[1], day, about[0]] += given
    return heads, by_day


def _strata(form: CampaignForm, by_day: _ByDay) -> Strata:
    channels, by_stratum = get_codelists().channel, defaultdict[Stratum, list[bytes]](list)
    for (code, day, channel), given in sorted(by_day.items()):
        month = f"{EPOCH + timedelta(days=day):%Y-%m}"
        by_stratum[code.decode("ascii"), month, channels.code_of(channel)] += given
    found = {
        stratum: {
            instrument.id: means
            for instrument, place in form.slices()
            if (means := means_of(instrument, Counter([answers[place] for answers in given])))
        }
        for stratum, given in by_stratum.items()
    }
    return {stratum: means for stratum, means in found.items() if means}


def _tallies(form: CampaignForm, answers: Sequence[bytes]) -> dict[str, Tally]:
    columns = columns_of(answers, len(form.codes))
    return {
        instrument.id: Tally.of_columns(instrument.codes, columns[place])
        for instrument, place in form.slices()
    }
