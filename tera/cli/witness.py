"""`tera witness`: watches ledgers of others, and cosigns that they only grow.

It is for somebody who is not the office: an ombudsman, a university, a newsroom.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tera.cli.installation import OTHERS_GET_NOTHING, CannotServe
from tera.cli.named import port
from tera.cli.outcome import Outcome
from tera.cli.parent import end_with
from tera.engine.note import COSIGNATURE, ED25519, BadNote, Key

if TYPE_CHECKING:
    from tera.portal.ledger.files import Files

DEFAULT_PORT = 8100
KEY = "witness.key"


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser(
        "witness",
        help="watch ledgers of others, and cosign that they only grow",
        description="Prints its key for the logs (TERA_WITNESSES=KEY@URL) and for whoever checks them, and "
        "answers until a signal stops it. It speaks C2SP tlog-witness; put a web server with TLS before it. "
        "A witness that lost its folder starts anew with another key: never restore the folder from a copy.",
    )
    verb.add_argument(
        "--name", required=True, help="by which others know it, such as ombudsman.go.id/witness"
    )
    verb.add_argument(
        "--log",
        required=True,
        action="append",
        metavar="KEY",
        type=_log,
        help="of a log to watch; repeatable",
    )
    verb.add_argument("--home", required=True, type=Path, metavar="FOLDER", help="its key, and what it saw")
    verb.add_argument("--port", type=port, default=DEFAULT_PORT, help="default: %(default)s")
    verb.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: %(default)s")
    verb.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    verb.set_defaults(run=run)


def _log(text: str) -> Key:
    try:
        key = Key.read(text)
    except BadNote as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if key.kind != ED25519:
        raise argparse.ArgumentTypeError(f"{text!r} is the key of a witness, not of a log")
    return key


def run(options: argparse.Namespace) -> Outcome:
    """Cosign until a signal stops it."""
    from tera.intake.signing import BadKey
    from tera.portal.ledger.files import Damaged, Files, Occupied

    os.umask(OTHERS_GET_NOTHING)
    if options.parent:
        end_with(options.parent)
    try:
        options.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = Files(options.home)
        with files.held():
            _serve(options, files)
    except Occupied as error:
        raise CannotServe(f"another witness has {options.home}; stop it first") from error
    except (BadKey, Damaged) as error:
        raise CannotServe(f"{error}; start a new witness, with another folder and key") from error
    except OSError as error:
        raise CannotServe(f"the witness cannot start or go on: {error}") from error
    return Outcome()


def _serve(options: argparse.Namespace, files: "Files") -> None:
    from tera.cli.witnessing.cosigner import Cosigner
    from tera.cli.witnessing.door import Door
    from tera.intake.signing import read_key

    secret = read_key(files.folder / KEY)
    key = _own_key(options.name, secret.public_key().public_bytes_raw())
    logs: Sequence[Key] = options.log
    with Door((options.host, options.port), Cosigner(files, key, secret.sign, logs)) as door:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        threading.Thread(target=door.serve_forever, daemon=True).start()
        print(key, flush=True)
        print(
            f"tera witness: http://{options.host}:{options.port} watches {len(logs)} log(s)", file=sys.stderr
        )
        stopped.wait()
        door.shutdown()


def _own_key(name: str, public: bytes) -> Key:
    try:
        return Key.read(str(Key(name, COSIGNATURE, public)))
    except BadNote as error:
        raise CannotServe(f"{name!r} cannot be a name: no spaces, no plus sign") from error
