"""`tera recompute FILE`: does a certified result follow from its own tallies?"""

import argparse
import hashlib
import json
import re
from pathlib import Path

from tera.cli.outcome import Outcome
from tera.engine.certificate_schema import BadCertificate
from tera.engine.eligibility import BadValue
from tera.engine.recompute import differences, recompute_here

MOST_BYTES = 1 << 22
HASH = re.compile(r"[0-9a-f]{64}")
MEANS = (
    "The same means consistent: verified, by_unit, days and version are taken as written, and only the "
    "sha256 in the ledger shows that this is the certified one."
)


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "recompute",
        help="compute a certified result again from its certificate",
        description="Computes indices and verdicts again, from the tallies in a certificate and the "
        "questionnaires and rulebooks that it names. Exit code 0: the very same bytes follow; 1: they do "
        f"not; 2: it is no certificate, or the program has another file than it names. {MEANS}",
    )
    verb.add_argument("file", metavar="FILE", type=Path, help="a certificate, as /hasil/CODE/sertifikat.json")
    verb.add_argument("--sha256", type=_hash, metavar="HEX", help="what the ledger says; 1 if it is another")
    verb.add_argument("--json", action="store_true", help="print JSON")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Outcome:
    """Return whether the same bytes follow; its code is 1 when they do not."""
    document = _read(options.file)
    try:
        found = differences(document, recompute_here(document))
    except BadCertificate as error:
        raise BadValue(f"{options.file}: {error}") from error
    sha256 = hashlib.sha256(document).hexdigest()
    is_same, is_said = not found, options.sha256 in {None, sha256}
    code = 0 if is_same and is_said else 1
    if options.json:
        said = {"same": is_same, "sha256": sha256, "differences": found}
        body = {**said, **({"is_in_ledger": is_said} if options.sha256 else {})}
        return Outcome(json.dumps(body, indent=2) + "\n", code)
    whether = "It does not follow:" if found else "The result follows from its tallies, byte for byte."
    named = f"sha256 {sha256}" + ("" if is_said else ", which is not what the ledger says")
    return Outcome("\n".join([whether, *found, named, MEANS]) + "\n", code)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            document = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadValue(f"{file}: {error.strerror or error}") from error
    if len(document) > MOST_BYTES:
        raise BadValue(f"{file}: a certificate has at most {MOST_BYTES:,} bytes")
    return document


def _hash(text: str) -> str:
    if not HASH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text[:64]!r}: 64 hexadecimal digits are expected")
    return text
