"""Who may do what to responses: each module holds the statements of one role, which PostgreSQL grants it."""

import ast
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2] / "tera"
VERBS = re.compile(r"\b(?:(INSERT) INTO|(DELETE) FROM|(UPDATE)|FROM|JOIN) (\{\}|\w+)")
RESPONSES = {
    *("keys", "inbox", "sealed", "blocks", "claims", "comments", "erased", "tickets", "redemptions"),
    *("batches", "counters", "paradata"),
}
UPSERT = "DO UPDATE"
MAY = {
    # The intake: it adds, and looks at what a repeat must match; it adds to counters, which is to read them.
    "intake/inbox.py": {
        *("INSERT keys", "INSERT inbox", "INSERT comments"),
        *("INSERT counters", "UPDATE counters", "SELECT counters"),
        *("SELECT keys", "SELECT inbox", "SELECT sealed", "SELECT blocks"),
    },
    "intake/wallet.py": {"SELECT tickets", "SELECT batches", "SELECT redemptions", "INSERT redemptions"},
    # The sealer: it takes from the inbox only.
    "intake/sealing.py": {
        *("INSERT sealed", "INSERT blocks", "INSERT claims", "DELETE inbox", "DELETE claims"),
        *("SELECT inbox", "SELECT blocks", "SELECT claims"),
        *("SELECT counters", "DELETE counters", "INSERT paradata"),
    },
    # The portal: counts and tallies.
    "intake/blocks.py": {"SELECT blocks", "SELECT inbox", "SELECT claims"},
    "portal/public/views.py": {"SELECT blocks"},
    "intake/tickets.py": {"INSERT tickets", "INSERT batches", "SELECT redemptions"},
    "intake/paradata.py": {"SELECT paradata"},
    "intake/comments.py": {"SELECT comments"},
    # Who counts again.
    "intake/exporting.py": {
        *("SELECT sealed", "SELECT inbox", "SELECT claims", "SELECT erased", "SELECT tickets"),
    },
    # Who holds a receipt.
    "intake/receipts.py": {"SELECT sealed", "SELECT inbox", "SELECT erased"},
    # The eraser; a table that is named by a variable is one of those.
    "intake/erasing.py": {
        *("DELETE keys", "DELETE inbox", "DELETE sealed", "DELETE {}", "INSERT erased"),
        *("SELECT keys", "SELECT inbox", "SELECT sealed", "SELECT claims", "SELECT erased", "SELECT blocks"),
        "SELECT {}",
    },
}
# Whose statements a role of PostgreSQL runs; what is named by a variable invents and forgets, as the owner.
RUNS = {
    "intake": ("intake/inbox.py", "intake/wallet.py"),
    "sealer": ("intake/sealing.py",),
    "eraser": ("intake/erasing.py", "intake/receipts.py"),
    "portal": (
        *("intake/blocks.py", "intake/receipts.py", "intake/tickets.py", "intake/paradata.py"),
        *("intake/comments.py", "portal/public/views.py"),
    ),
    "auditor": ("intake/exporting.py", "intake/blocks.py"),
}
GRANT = re.compile(r"^GRANT ([A-Z, ]+?)(?: \([a-z_, ]+\))? ON ([a-z, ]+) TO tera_([a-z]+);", re.MULTILINE)


def granted(role: str) -> set[str]:
    """Return what a role may do to which table of responses, such as "INSERT inbox"."""
    script = (ROOT / "intake" / "roles.sql").read_text(encoding="utf-8")
    return {
        f"{verb} {table}"
        for verbs, tables, name in GRANT.findall(script)
        for verb in verbs.split(", ")
        for table in tables.split(", ")
        if name == role and table in RESPONSES
    }


def statements(path: pathlib.Path) -> set[str]:
    """Return what the texts of a module do to which table, such as "INSERT inbox"."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "insert" and node.args:
            table = node.args[0]
            text = f"INSERT INTO {table.value!s}" if isinstance(table, ast.Constant) else ""
        else:
            continue
        for *verbs, name in VERBS.findall(text):
            if name in RESPONSES | {"{}"}:
                found.add(f"{next(filter(None, verbs), 'SELECT')} {name}")
                found |= {f"UPDATE {name}", f"SELECT {name}"} if UPSERT in text else set()
    return found


def test_each_module_holds_the_statements_of_one_role() -> None:
    done = {path.relative_to(ROOT).as_posix(): statements(path) for path in ROOT.rglob("*.py")}
    generic = {"intake/cursor.py", "intake/tables.py"}  # they run what others say
    assert {name: deeds for name, deeds in done.items() if deeds and name not in generic} == MAY


@pytest.mark.parametrize("role", RUNS)
def test_a_role_may_do_what_its_modules_do_and_no_more(role: str) -> None:
    done = {deed for module in RUNS[role] for deed in MAY[module] if not deed.endswith("{}")}
    assert granted(role) == done


def test_nobody_changes_a_response_a_key_or_a_block() -> None:
    assert {deed for deeds in MAY.values() for deed in deeds if "UPDATE" in deed} == {"UPDATE counters"}


def test_a_statement_in_the_wrong_place_is_seen(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "views.py"
    path.write_text(
        'cursor.run(f"UPDATE sealed SET body = ? WHERE {those}")\ncursor.insert("inbox", rows)\n'
        'cursor.run(f"INSERT INTO keys VALUES {row} ON CONFLICT (client_key) DO UPDATE SET mac = ?")\n'
    )
    assert statements(path) == {"UPDATE sealed", "INSERT inbox", "INSERT keys", "UPDATE keys", "SELECT keys"}
