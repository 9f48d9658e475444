"""The certificate of a result: made when it is certified, kept as it was, and looked at by `tera fsck`."""

from collections.abc import Iterator
from dataclasses import replace

from tera import __version__
from tera.engine.certificate import Certified, File, encode
from tera.engine.certificate_schema import BadCertificate, decode
from tera.engine.recompute import differences, recompute_here
from tera.portal.results.models import Certification, Superseded
from tera.portal.results.queries import verification_of
from tera.portal.results.statements import certified_id


def keep(certification: Certification) -> None:
    """Save a certification with its certificate."""
    certification.document = _written(certification, _recorded(certification))
    certification.save()


def faults_of(certification: Certification | Superseded) -> Iterator[str]:
    """Yield where a kept certificate does not follow from its tallies, or is of another result."""
    kept, code = certification.document.encode(), certification.campaign.code
    if not kept:
        return  # certified before there were certificates
    try:
        found, again = decode(kept), recompute_here(kept)
    except BadCertificate as error:
        yield f"the certificate of {code} cannot be computed again: {error}"
        return
    if again != kept:
        yield f"the certificate of {code} does not follow from its tallies: {differences(kept, again)[0]}"
    mine = replace(_recorded(certification), version=found.version, verified=found.verified)
    if _written(certification, mine) != certification.document:
        yield f"the certificate of {code} is not that of the certified result"


def _written(certification: Certification | Superseded, certified: Certified) -> str:
    campaign = certification.campaign
    rulebooks = campaign.survey_rulebook, campaign.zone_rulebook
    return encode(certified, campaign.instruments, rulebooks).decode("ascii")


def _recorded(certification: Certification | Superseded) -> Certified:
    campaign = certification.campaign
    return Certified(
        campaign=campaign.code,
        unit=campaign.unit.slug,
        period=campaign.period,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        by_unit=certification.certified_for.slug,
        certified_on=campaign.form.local_day(certification.certified_at),
        version=__version__,
        verified=verification_of(campaign),
        instruments=tuple(File(name, campaign.rules[name]) for name in campaign.instrument_ids),
        rulebooks=(
            File(campaign.survey_rulebook_id, campaign.rules[campaign.survey_rulebook_id]),
            File(campaign.zone_rulebook_id, campaign.rules[campaign.zone_rulebook_id]),
        ),
        count=certification.count,
        excluded=certification.excluded,
        controls=certification.controls,
        tallies=certification.counted,
        tallies_with=certification.shown_with,
        corrects=certified_id(campaign.code, certification.number - 1) if certification.number > 1 else "",
    )
