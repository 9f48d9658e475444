"""What the program says in each field that it fills, by field id."""

from collections.abc import Callable, Mapping

from tera.portal.results.methods.facts import Facts
from tera.portal.results.methods.making import asked, collected, counted, people, quality, who
from tera.portal.results.methods.values import Value

MAKERS: Mapping[str, Callable[[Facts], Value]] = {
    "sponsor": who.sponsor,
    "strategy": who.strategy,
    "questionnaires": asked.questionnaires,
    "notice": asked.notice,
    "rulebooks": asked.rulebooks,
    "population": people.population,
    "frame": people.frame,
    "selection": people.selection,
    "dates": collected.dates,
    "mode": collected.mode,
    "sizes": counted.sizes,
    "response-rate": counted.response_rate,
    "precision": counted.precision,
    "nonresponse": counted.nonresponse,
    "weighting": counted.weighting,
    "imputation": counted.imputation,
    "processing": quality.processing,
    "checks": quality.checks,
    "confidentiality": quality.confidentiality,
    "limitations": quality.limitations,
    "data": quality.data,
}
