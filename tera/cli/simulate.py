"""`tera simulate`: answers from a seeded model, honest ones and as many fabricated ones as are asked for."""

import argparse
import csv
import io
import sys
from argparse import ArgumentTypeError
from pathlib import Path

from tera.cli.named import get_instrument, people
from tera.cli.outcome import Outcome
from tera.cli.whole import whole
from tera.engine.eligibility import BadValue
from tera.engine.instrument import Instrument
from tera.engine.number import NotANumber, parse

FABRICATORS = ("perfect", "uniform", "copy", "independent", "resampled", "careful")
INVENTED = "invented"
MOST_ROWS = 10_000_000


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "simulate",
        help="invented answers, honest and fabricated, as CSV",
        description="Writes answers that nobody gave, for trials and teaching: honest ones from a model with "
        "one factor, and a share that is fabricated. The same seed gives the same file. Its last column says "
        "that it is invented and where each row comes from; tera index and tera screen ignore it.",
    )
    verb.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to; stdout if not given")
    verb.add_argument("--instrument", metavar="ID", default="skm-9", help="default: %(default)s")
    verb.add_argument("--respondents", type=people, metavar="N", default=100, help="default: %(default)s")
    verb.add_argument("--mean", type=_number, metavar="X", default=3.2, help="of the honest; default: 3.2")
    verb.add_argument("--fake", type=_number, metavar="SHARE", default=0.0, help="0 to 1; default: 0")
    verb.add_argument("--fabricator", choices=FABRICATORS, default="copy", help="default: %(default)s")
    verb.add_argument("--units", type=people, metavar="N", default=0, help="adds a column unit")
    verb.add_argument("--seed", type=whole, metavar="N", default=1, help="default: %(default)s")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Write the answers, or return them."""
    instrument = get_instrument(options.instrument)
    _require_sense(options, instrument)
    text = _text(options, instrument)
    print(f"tera simulate: every answer is invented (seed {options.seed}); nobody gave it", file=sys.stderr)
    if options.file is None:
        return Outcome(text)
    try:
        options.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadValue(f"{options.file}: {error.strerror or error}") from error
    return Outcome()


def _number(text: str) -> float:
    try:
        return float(parse(text))
    except NotANumber as error:
        raise ArgumentTypeError(str(error)) from error


def _require_sense(options: argparse.Namespace, instrument: Instrument) -> None:
    if options.respondents < 1:
        raise BadValue("--respondents 0: at least 1 respondent is needed")
    if options.respondents * max(1, options.units) > MOST_ROWS:
        raise BadValue(f"--respondents times --units: at most {MOST_ROWS} rows are written")
    if not 0 <= options.fake < 1:
        raise BadValue(f"--fake {options.fake:g}: a share of 0 to less than 1 is needed, such as 0.2")
    if not 1 < options.mean < instrument.highest:
        raise BadValue(
            f"--mean {options.mean:g}: {instrument.id} has scores of 1 to {instrument.highest}; "
            "the mean lies between them"
        )


def _text(options: argparse.Namespace, instrument: Instrument) -> str:
    import numpy as np

    from tera.statistics.simulation.fabricators import invent
    from tera.statistics.simulation.honest import Honest

    generator = np.random.default_rng(options.seed)
    honest = Honest(instrument, options.mean)
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    names = [item.column or item.code for item in instrument.items]
    table.writerow([*(["unit"] if options.units else []), *names, INVENTED])
    for number in range(1, max(1, options.units) + 1):
        forms, origins = invent(honest, options.respondents, options.fake, options.fabricator, generator)
        unit = [f"unit-{number}"] if options.units else []
        table.writerows([*unit, *form, origin] for form, origin in zip(forms.tolist(), origins, strict=True))
    return written.getvalue()
