"""Run every test: what touches the database on PostgreSQL first, then everything on SQLite.

One PostgreSQL serves the whole run. Both passes always run, so that one look shows all that is broken; the
last line is pytest's own, of the pass that holds every test. Arguments go to pytest.
"""

import os
import pathlib
import subprocess
import sys

from tools.with_pg import PostgresMissing, running_postgres

ROOT = pathlib.Path(__file__).resolve().parent.parent
ON_POSTGRES_TOO = ("tests/portal", "tests/intake")
# What is printed, sent, read from files, shown and decided by a table there is the same on every database.
# Jobs start a PostgreSQL of their own, and tests/intake answers on both.
ON_SQLITE_ONLY = (
    *("answering", "attacker", "calls", "certificates", "checks", "demo", "dossier", "eligibility_page"),
    *("form", "imported", "imports", "invitations", "jobs", "letters", "list_papers", "login"),
    *("meeting_screen", "meeting_sheet", "methods_sheet", "minutes_checked", "offices", "opening"),
    *("people", "precision", "printing", "proposal_scores", "proposals", "public", "public_proposals"),
    *("questionnaires", "reminding", "scripts", "senders", "unit_import", "visits", "waiting", "witnesses"),
)
WORKERS = "2"
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}  # tests start Tera a hundred times; the first keeps its bytecode
NO_TESTS = 5  # pytest's word for "nothing matched", which a picked run (-k) may well meet


def run_pytest(*arguments: str, environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, env=os.environ | COMPILED | environment).returncode


def run_both(arguments: list[str]) -> int:
    """Return 0 when both passes did well, else the exit code of the first that did not."""
    with running_postgres() as server:
        shared = {"TERA_TEST_POSTGRES_URL": server.url()}
        folders = [folder for folder in ON_POSTGRES_TOO if (ROOT / folder).is_dir()]
        print(f"On PostgreSQL: {', '.join(folders)}", flush=True)
        on_postgres = shared | {"TERA_DATABASE_URL": server.create_database("tera")}
        ignored = [f"--ignore=tests/portal/test_{name}.py" for name in ON_SQLITE_ONLY]
        first = run_pytest(*folders, *ignored, *arguments, environment=on_postgres)
        print("On SQLite: everything", flush=True)
        second = run_pytest(*arguments, environment=shared | {"TERA_DATABASE_URL": ""})
    if first == NO_TESTS and arguments:
        return second
    return first or second


def main() -> int:
    try:
        return run_both(sys.argv[1:])
    except PostgresMissing as error:
        print(f"tests: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
