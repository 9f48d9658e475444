"""`make test-interop`: Go's own client for transparency logs reads a ledger that Tera published.

Needs Debian's packages golang-go and golang-golang-x-mod-dev; where they are missing it fails and says so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCES = Path("/usr/share/gocode")
CLIENT = SOURCES / "src/golang.org/x/mod/sumdb/tlog"
PROGRAM = Path(__file__).parent.parent / "tests/interop/read_log.go"
GROWN = "from tera.cli import installation, demo; installation.enter(); demo._grow()"
# More entries than one tile holds, invented; the second round of the worker adds them to what is published.
LONGER = """
from tera.cli import installation
installation.enter()
from django.db import transaction
from tera.portal.ledger.actions import say
with transaction.atomic():
    for number in range(700):
        say({"kind": "erased", "id": f"erased/x/{number}", "campaign": "x", "block": 1, "count": 1})
"""


def main() -> int:
    """Grow an installation, publish its ledger twice, and let the other program read it."""
    if shutil.which("go") is None or not CLIENT.is_dir():
        print("test-interop: apt-get install golang-go golang-golang-x-mod-dev", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        home = {**os.environ, "TERA_HOME": folder, "TERA_DEMO": "1", "TERA_DATABASE_URL": ""}
        for program in (GROWN, LONGER):
            subprocess.run([sys.executable, "-c", program], check=True, env=home)
            subprocess.run([sys.executable, "-m", "tera", "worker", "--once"], check=True, env=home)
        go = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "GO111MODULE": "off",
            "GOPATH": str(SOURCES),
            "GOPROXY": "off",
            "GOCACHE": f"{folder}/go-cache",
            "CGO_ENABLED": "0",
        }
        command = ["go", "run", str(PROGRAM), f"{folder}/log"]
        return subprocess.run(command, check=False, env=go).returncode


if __name__ == "__main__":
    sys.exit(main())
