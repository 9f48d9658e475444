"""The document of a letter: all that is printed, in canonical JSON; PDF and DOCX are made of it."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from tera import __version__
from tera.engine.explain import plain_text
from tera.engine.proposal import CORRECTING
from tera.engine.rulebook import RESPONDENTS
from tera.portal.invitations.models import Logo
from tera.portal.proposals.basis import Basis, surveys_of
from tera.portal.proposals.letters.choosing import Candidate
from tera.portal.proposals.letters.criteria import PRINTED, Json, judged, limit_of, shown
from tera.portal.proposals.letters.filling import count_words, fill, listed, number_values
from tera.portal.proposals.letters.refusing import CannotWrite, Reason
from tera.portal.proposals.letters.texts import Texts, lines_of, paragraphs_of, seen
from tera.portal.proposals.models import Case, LetterKind, Step
from tera.portal.proposals.queries import corrections_by
from tera.portal.results.present import in_order
from tera.portal.review.checks.pictures import BadPicture, Picture
from tera.portal.review.minutes.document import decode, encode, fingerprint
from tera.portal.units.models import Unit

__all__ = ["FORMAT", "PRINTED", "Draft", "Json", "decode", "encode", "fingerprint", "units_of", "written"]
FORMAT = "tera/letter/v1"
NO_NUMBER = "…"  # of a letter that is looked at before it is written


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter will say: `site` is where its addresses of results begin, such as https://tera.example.

    `logo` is that of the office as it is now: the letter prints the same when the office has another.
    """

    office: Unit
    kind: LetterKind
    dated_on: date
    texts: Texts
    site: str
    logo: Mapping[str, str] = field(default_factory=dict)


def units_of(draft: Draft, chosen: Sequence[Candidate]) -> list[Json]:
    """Return the rows of the table of units."""
    with override(PRINTED):
        return [_unit(one, draft) for one in chosen]


def written(draft: Draft, units: Sequence[Json], number: int | None) -> Json:
    """Return the document of a letter; with no number, of one that is only looked at."""
    named, texts = NO_NUMBER if number is None else str(number), draft.texts
    values = _values(draft, units)
    paragraphs = {name: paragraphs_of(fill(texts[name], values)) for name in ("opening", "closing")}
    return {
        "format": FORMAT,
        "id": f"letter/{draft.office.slug}/{draft.dated_on.year}/{number or 0}",
        "kind": draft.kind.value,
        "office": {"slug": draft.office.slug, "name": seen(draft.office.name)},
        "number": number or 0,
        "year": draft.dated_on.year,
        "named": seen(fill(texts["pattern"], number_values(named, draft.dated_on))),
        "dated_on": draft.dated_on.isoformat(),
        "logo": dict(draft.logo),
        **{name: lines_of(texts[name]) for name in ("letterhead", "addressee", "copies")},
        **{name: seen(fill(texts[name], values)) for name in ("subject", "attachment")},
        **paragraphs,
        "place": seen(texts["place"]),
        "signatory": {
            "title": lines_of(texts["signatory_title"]),
            "name": seen(texts["signatory_name"]),
            "nip": seen(texts["signatory_nip"]),
        },
        "units": list(units),
        "is_invented": any(unit["is_invented"] for unit in units),
        "version": __version__,
    }


def _values(draft: Draft, units: Sequence[Json]) -> Mapping[str, str]:
    """Return what stands for the placeholders of the texts."""
    with override(PRINTED):
        day = date_format(draft.dated_on, "j F Y")
    return {
        "kantor": seen(draft.office.name),
        "periode": listed([unit["period"] for unit in units]),
        "jumlah": count_words(len(units)),
        "predikat": listed([unit["target"].upper() for unit in units]),
        "aturan": listed([unit["rules"] for unit in units]),
        "tanggal": day,
    }


def logo_of(office: Unit) -> Mapping[str, str]:
    """Return the logo of an office; CannotWrite if it cannot be printed in a letter."""
    logo = Logo.objects.filter(unit=office).first()
    if logo is None:
        return {}
    try:
        picture = Picture.read(bytes(logo.picture))
    except BadPicture as error:
        raise CannotWrite(Reason.BAD_LOGO) from error
    return {"media_type": picture.kind, "content": base64.b64encode(picture.content).decode()}


def _unit(one: Candidate, draft: Draft) -> Json:
    case, surveys = one.case, list(surveys_of(one.case.unit, one.case.period))
    certified = [survey for survey in surveys if any(_is_of(survey.code, name) for name in one.basis.results)]
    return {
        "case": str(case),
        "step": one.step.number,
        "stage": one.step.stage,
        "deed": one.step.deed,
        "unit": {"slug": case.unit.slug, "name": seen(case.unit.name)},
        "period": seen(case.period),
        "target": case.target_id,
        "rulebook": case.rulebook_id,
        "rules": case.rulebook.title,
        "values": list(_measured(case, one.basis, one.before)),
        "n": one.basis.n or 0,
        **({"n_was": one.before.n or 0} if one.before and one.before.n != one.basis.n else {}),
        "n_limit": limit_of(case.target, RESPONDENTS),
        **judged(case, one.step, one.basis),
        "minutes": list(one.basis.minutes),
        "results": list(one.basis.results),
        "statement": one.step.statement,
        **_correcting(one.step),
        "addresses": [draft.site + reverse("public-result", args=[survey.code]) for survey in certified],
        "earlier": _earlier(one),
        "is_invented": any(survey.is_invented for survey in surveys),
    }


def _is_of(code: str, statement: str) -> bool:
    return statement.startswith(f"certified/{code}/")


def _earlier(one: Candidate) -> Json:
    """Return the letter that a correction corrects."""
    if one.earlier is None:
        return {}
    return {"named": one.earlier.named, "dated_on": one.earlier.dated_on.isoformat()}


def _correcting(step: Step) -> Json:
    """Return why a step corrects what was proposed, and under which id the ledger says so."""
    if step.deed not in CORRECTING:
        return {}
    said = corrections_by(list(step.case.steps.order_by("number"))).get(step.number)
    return {"reason": seen(step.note), **({"corrected": said} if said else {})}


def _measured(case: Case, basis: Basis, before: Basis | None) -> Iterator[Json]:
    """Yield the measures of a result, with what they were where a correction changed them."""
    for measure in in_order(case.rulebook):
        value, was = basis.values.get(measure.id), before.values.get(measure.id) if before else None
        if value is None and was is None:
            continue
        yield {
            "measure": measure.id,
            "short": measure.short,
            "value": "" if value is None else str(value),
            "shown": shown(value, case.rulebook, measure.id),
            "maximum": plain_text(measure.maximum.value, PRINTED).removesuffix(",00"),
            "limit": limit_of(case.target, measure.id),
            **({"was": shown(was, case.rulebook, measure.id)} if was is not None and was != value else {}),
        }
