"""Each role, each address, each method, for one's own units and for others': every cell is as the list says.

What is expected is read from permissions.toml by a few lines of its own, not by the program's.
"""

import tomllib
from collections.abc import Iterator

import pytest

from tera.portal.accounts.permissions import FILE
from tests.matrix.asking import Asking
from tests.matrix.rows import ANYBODY, OWN, ROWS, SOMEBODY, Row, addresses
from tests.matrix.world import HELD_AT, LINES, Thing, World, address

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LAW = tomllib.loads(FILE.read_text(encoding="utf-8"))
PERMISSIONS = {entry["id"]: entry for entry in LAW["permission"]}
RUNS = {entry["id"] for entry in LAW["role"] if entry.get("runs")}
STRANGER = "nobody who is logged in"
NO_METHOD, LED_ON = 405, 302


def is_allowed(role: str, row: Row, thing: Thing | None, method: str) -> bool:
    """Say what the list of permissions says of a role that is held where `HELD_AT` says."""
    if row.asks == ANYBODY:
        return True
    if role == STRANGER:
        return False
    if row.asks == SOMEBODY:
        return row.about != "job"  # those of the matrix were ordered by others
    permission = PERMISSIONS[row.asks_to_post if method == "POST" and row.asks_to_post else row.asks]
    if row.somewhere or thing is None:
        return role in permission["roles"]
    line = LINES[thing.unit]
    if permission.get("reach") == "above":
        return role in permission["roles"] and HELD_AT[role] in line[1:]
    return role in permission["roles"] and HELD_AT[role] in line


def is_refused(status: int, location: str) -> bool:
    return status in {403, 404} or (status == LED_ON and location.startswith("/masuk/"))


def cells(role: str, world: World) -> Iterator[str]:
    """Ask for everything as one role, and yield what is not as expected."""
    browser = Asking(world.people.get(role))
    for name, row in ROWS.items():
        for thing in world.things.get(row.about, (None,)):
            for method in METHODS:
                where = address(name, row, thing)
                reply, has_done = browser.ask(method, where)
                status, location = reply.status_code, reply.headers.get("Location", "")
                found, refused = f"{method} {where}: {status} {location}", is_refused(status, location)
                if method not in row.methods:
                    if has_done or not (refused or status in {NO_METHOD, LED_ON}):
                        yield f"{found}, which nothing should answer"
                elif not is_allowed(role, row, thing, method):
                    if has_done or not refused:
                        yield f"{found}, which {role} may not"
                elif status not in row.passes or location.startswith("/masuk/"):
                    yield f"{found}, which {role} may"


def test_every_address_has_a_row() -> None:
    names = {name for name, _ in addresses()}
    assert names - ROWS.keys() - OWN == set()
    assert (ROWS.keys() | OWN) - names == set()


@pytest.mark.parametrize("role", [*HELD_AT, STRANGER])
def test_each_role_reaches_what_it_may_and_nothing_else(role: str, everything: World) -> None:
    assert "\n".join(cells(role, everything)) == ""


def test_every_permission_opens_something() -> None:
    asked = {row.asks for row in ROWS.values()} | {row.asks_to_post for row in ROWS.values()} - {""}
    by_other_deeds = {"reveal-controls", "verify"}  # no page yet; of each survey of a meeting
    in_a_proposal = {"invite-unit", "submit-proposal", "recommend-unit", "score-region", "score-ministry"}
    assert PERMISSIONS.keys() - asked == by_other_deeds | in_a_proposal


def test_who_runs_surveys_decides_of_none() -> None:
    above = [entry for entry in LAW["permission"] if entry.get("reach") == "above"]
    assert above
    assert not any(RUNS & set(entry["roles"]) for entry in above)
