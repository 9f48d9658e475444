"""Witnesses of a demo: processes of their own on this machine, without whom it publishes nothing.

In earnest a witness belongs to somebody else, or it convinces nobody.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tera.cli.installation import CannotServe
from tera.cli.named import LAST_PORT
from tera.cli.serving import HOST, require_free
from tera.cli.witness import KEY
from tera.engine.note import COSIGNATURE, Key
from tera.intake.signing import read_key

SECONDS_TO_STOP = 10


@contextmanager
def watched(home: Path, log: Key, count: int, first_port: int) -> Iterator[list[str]]:
    """Let so many witnesses watch a log, and set the environment of whoever publishes it.

    Yield a line about each.
    """
    with ExitStack() as running:
        addresses, lines, port = [], [], first_port
        for number in range(1, count + 1):
            name, port = f"saksi-{number}.demo.invalid", _next_free(port)
            key = _start(running, home / "witnesses" / str(number), name, log, port)
            addresses.append(f"{key}@http://{HOST}:{port}")
            lines.append(f"  {name}  http://{HOST}:{port}")
        if count:
            os.environ["TERA_WITNESSES"] = " ".join(addresses)
            os.environ["TERA_WITNESS_QUORUM"] = str(count)
        yield lines


def _next_free(port: int) -> int:
    """Return the next port that is free; somebody else may have the one behind this."""
    while True:
        port += 1
        try:
            require_free(port)
        except CannotServe:
            if port >= LAST_PORT:
                raise
        else:
            return port


def _start(running: ExitStack, home: Path, name: str, log: Key, port: int) -> Key:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = ["--name", name, "--log", str(log), "--home", str(home), "--port", str(port)]
    command = [sys.executable, "-m", "tera", "witness", *options, "--parent", str(os.getpid())]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    running.callback(_stop, process)
    return Key(name, COSIGNATURE, read_key(home / KEY).public_key().public_bytes_raw())


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
