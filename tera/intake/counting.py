"""Counts responses, column by column."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from tera.engine import response
from tera.engine.breakdown import Breakdown, Spread, columns_of
from tera.engine.catalogue import get_codelists
from tera.engine.tally import Tally
from tera.intake.form import CampaignForm
from tera.intake.tables import Held


def tallies_of(form: CampaignForm, rows: Sequence[Held]) -> dict[str, Tally]:
    """Return the tallies of responses by instrument id."""
    return _tallies(form, [response.answers_of(body) for _, _, body in rows])


def breakdown_of(form: CampaignForm, rows: Sequence[Held]) -> Breakdown:
    """Return what else is known of a group of responses."""
    lists, heads = get_codelists(), Counter[response.About]()
    by_service = defaultdict[bytes, list[bytes]](list)
    for _, _, body in rows:
        about = response.about(body)
        heads[about] += 1
        by_service[about[1]].append(response.answers_of(body))
    channels, not_free = Counter[str](), 0
    profile = {codes.id: Counter[str]() for codes in lists.profile}
    for (channel, _, given, is_not_free), times in heads.items():
        channels[lists.channel.code_of(channel)] += times
        not_free += times * is_not_free
        for codes, byte in zip(lists.profile, given, strict=True):
            profile[codes.id][codes.code_of(byte)] += times
    answers = {service.decode("ascii"): given for service, given in sorted(by_service.items())}
    everything = [given for some in answers.values() for given in some]
    return Breakdown(
        channels=channels,
        profile=profile,
        services=Counter({service: len(given) for service, given in answers.items()}),
        not_free=not_free,
        by_service={service: _tallies(form, given) for service, given in answers.items()},
        spreads={
            instrument.id: Spread.of(instrument, [given[place] for given in everything])
            for instrument, place in form.slices()
        },
    )


def _tallies(form: CampaignForm, answers: Sequence[bytes]) -> dict[str, Tally]:
    columns = columns_of(answers, len(form.codes))
    return {
        instrument.id: Tally.of_columns(instrument.codes, columns[place])
        for instrument, place in form.slices()
    }
