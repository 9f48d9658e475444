"""On PostgreSQL each part of the program acts as a role that may do its own work and nothing else."""

import base64
import json
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql

from tera.intake import comments, receipts, tickets
from tera.intake.blocks import count_waiting, list_blocks, list_ended
from tera.intake.checking import faults_of
from tera.intake.erasing import Erased, erase, list_erased
from tera.intake.exporting import list_commitments_left, list_held
from tera.intake.form import CampaignForm
from tera.intake.inbox import Arrival, new_key, submit_many
from tera.intake.paradata import DEVICE, OTHER, list_paradata
from tera.intake.publishing import FORM, list_codes, publish
from tera.intake.receipt import Receipt
from tera.intake.sealing import seal
from tera.intake.shelf import Shelf
from tera.intake.submission import read_json
from tera.intake.tables import NEVER_CHANGE, Database, Role, Unavailable
from tera.intake.wallet import Ticket

NOON, OVER = datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
PEOPLE = 60
TICKET = bytes(range(32))
ROLES: tuple[Role, ...] = ("intake", "sealer", "eraser", "portal", "auditor")
sign = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign


@pytest.fixture
def owner(postgres_url: str) -> Database:
    """Return an empty intake on PostgreSQL, for whoever owns it, with the roles made."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS intake CASCADE")
    database = Database(url=postgres_url)
    database.create()
    database.grant()
    return database


@pytest.fixture
def portal(owner: Database) -> Database:
    """Return the same as the portal has it; every other role is taken from there."""
    return Database(url=owner.url, role="portal")


@pytest.fixture
def tuti(owner: Database) -> Iterator[Database]:
    """Return the same for the login of an auditor, who is a member of one role and inherits nothing."""
    name = f"tuti_{os.getpid()}"
    with psycopg.connect(owner.url, autocommit=True) as administrator:
        login = sql.Identifier(name)
        administrator.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT IN ROLE tera_auditor").format(login))
        yield Database(url=owner.url.replace("//postgres@", f"//{name}@"), role="auditor")
        administrator.execute(sql.SQL("DROP ROLE {}").format(login))


def arrivals(form: CampaignForm, keys: Sequence[bytes], ticket: bytes = b"") -> list[Arrival]:
    """Return a sheet of answers, with a comment, under each key; the first comes with the ticket, if any."""
    answers = {"answers": dict.fromkeys(form.codes, 4), "comment": "Antre lama."}
    texts = [base64.urlsafe_b64encode(key).rstrip(b"=").decode() for key in keys]
    sheets = [read_json(json.dumps({"key": text, **answers}).encode(), form) for text in texts]
    return [Arrival.of(form, sheet, NOON) for sheet in [replace(sheets[0], ticket=ticket), *sheets[1:]]]


def answer(intake: Database, form: CampaignForm, keys: Sequence[bytes], ticket: bytes = b"") -> list[Receipt]:
    """Store a response under each key and return the receipts."""
    with closing(intake.connect()) as connection:
        outcomes = submit_many(connection, arrivals(form, keys, ticket), sign)
    return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]


def test_each_part_can_do_its_own_work(portal: Database, form: CampaignForm) -> None:
    intake, sealer = portal.acting_as("intake"), portal.acting_as("sealer")
    eraser, auditor = portal.acting_as("eraser"), portal.acting_as("auditor")
    assert publish(portal, form, "default-src 'none'", {("id", FORM): "<p>Survei"})
    assert not publish(portal, form, "default-src 'none'", {("id", FORM): "<p>Survei"})
    with closing(Shelf(intake)) as shelf:
        shelf.refresh()
        assert (published := shelf.get(form.code)) is not None
        assert shelf.load(published, "id").by_kind.keys() == {FORM}

    tickets.issue(portal, Ticket("tickets/1", form.unit, "", NOON.date(), NOON.date()), [TICKET])
    keys = [new_key(NOON) for _ in range(PEOPLE)]
    first = answer(intake, form, keys, TICKET)
    assert tickets.count_with_ticket(portal, [form.code]) == {form.code: 1}
    assert list(tickets.count_redeemed(portal, ["tickets/1"]).values()) == [1]
    assert list_paradata(portal, [form.code]) == {}
    assert (block := seal(sealer, form, NOON, random.Random(1))) is not None
    assert list_paradata(portal, [form.code])[form.code][DEVICE] == {OTHER: PEOPLE}
    again = answer(intake, form, keys)
    assert [(receipt.code, receipt.is_new) for receipt in again] == [(one.code, False) for one in first]

    assert list_blocks(portal, [form.code]) == [block]
    assert count_waiting(portal, [form.code]) == {form.code: PEOPLE - block.responses}
    places = [receipts.find(portal, receipt.code) for receipt in first]
    blocks = [place.block for place in places if place is not None]
    assert sorted(blocks) == [0] * (PEOPLE - block.responses) + [1] * block.responses
    sealed = places[blocks.index(1)]
    assert sealed is not None
    assert len(receipts.commitments_of(portal, sealed)) == block.responses
    assert len(receipts.commitments_by_block(portal, form.code)[1]) == block.responses * 32
    said = comments.list_comments(portal, form.code, skip=0, most=PEOPLE)
    assert (comments.count_comments(portal, form.code), len(said)) == (PEOPLE, PEOPLE)
    assert {one.text for one in said} == {"Antre lama."}
    assert not {one.id for one in said} & {receipt.commitment[:16] for receipt in first}

    waiting, held = blocks.index(0), blocks.index(1)
    assert erase(eraser, first[waiting].code, keys[waiting]) == Erased(form.code, 0, 0)
    assert erase(eraser, first[held].code, keys[held]) == Erased(form.code, 1, 1)
    assert list_erased(portal) == [Erased(form.code, 1, 1)]
    assert seal(sealer, form, OVER, random.Random(1)) is not None
    assert list_ended(portal) == list_codes(portal) == {form.code}
    assert len(list_held(auditor, form.code)) == PEOPLE - 2
    assert list_commitments_left(auditor, form.code) == [(1, sealed.commitment)]
    assert list(faults_of(auditor, form)) == []


COLUMNS = {
    "keys": "mac",
    "inbox": "body",
    "sealed": "body",
    "blocks": "tally",
    "claims": "commitments",
    "tickets": "unit",
    "redemptions": "week",
    "paradata": "n",
}
REFUSED: list[tuple[Role, str]] = [
    ("intake", "DELETE FROM inbox"),
    ("intake", "DELETE FROM keys"),
    ("intake", "INSERT INTO sealed DEFAULT VALUES"),
    ("intake", "INSERT INTO blocks DEFAULT VALUES"),
    ("intake", "SELECT block FROM sealed"),
    ("intake", "SELECT tally FROM blocks"),
    ("intake", "SELECT comment FROM comments"),
    ("intake", "DELETE FROM forms"),
    ("intake", "INSERT INTO tickets DEFAULT VALUES"),
    ("intake", "DELETE FROM redemptions"),
    ("portal", "SELECT hash FROM tickets"),
    ("portal", "SELECT hash FROM redemptions"),
    ("portal", "INSERT INTO redemptions DEFAULT VALUES"),
    ("sealer", "SELECT week FROM redemptions"),
    ("auditor", "SELECT week FROM redemptions"),
    ("sealer", "SELECT client_key FROM keys"),
    ("sealer", "SELECT body FROM sealed"),
    ("sealer", "DELETE FROM sealed"),
    ("sealer", "DELETE FROM blocks"),
    ("sealer", "INSERT INTO inbox DEFAULT VALUES"),
    ("sealer", "SELECT comment FROM comments"),
    ("eraser", "SELECT body FROM sealed"),
    ("eraser", "SELECT salt FROM inbox"),
    ("eraser", "SELECT mac FROM keys"),
    ("eraser", "DELETE FROM blocks"),
    ("eraser", "DELETE FROM erased"),
    ("eraser", "INSERT INTO keys DEFAULT VALUES"),
    ("portal", "SELECT body FROM sealed"),
    ("portal", "SELECT salt FROM sealed"),
    ("portal", "SELECT body FROM inbox"),
    ("portal", "SELECT commitment FROM keys"),
    ("portal", "DELETE FROM comments"),
    ("portal", "INSERT INTO inbox DEFAULT VALUES"),
    ("portal", "INSERT INTO blocks DEFAULT VALUES"),
    ("portal", "DELETE FROM inbox"),
    ("portal", "DELETE FROM sealed"),
    ("auditor", "SELECT client_key FROM keys"),
    ("auditor", "SELECT comment FROM comments"),
    ("auditor", "DELETE FROM sealed"),
    ("auditor", "INSERT INTO sealed DEFAULT VALUES"),
    ("intake", "DELETE FROM counters"),
    ("intake", "UPDATE counters SET code = 'PHONE'"),
    ("intake", "SELECT n FROM paradata"),
    ("sealer", "UPDATE counters SET n = 0"),
    ("sealer", "SELECT n FROM paradata"),
    ("portal", "SELECT n FROM counters"),
    ("portal", "SELECT issued_on FROM batches"),
    ("portal", "DELETE FROM paradata"),
    ("auditor", "SELECT n FROM counters"),
    ("eraser", "SELECT n FROM counters"),
    *((role, "ALTER TABLE sealed DISABLE TRIGGER never_changes") for role in ROLES),
    *((role, "SET session_replication_role = replica") for role in ROLES),
    *((role, "CREATE TABLE intake.copies (body bytea)") for role in ROLES),
    *((role, f"UPDATE {table} SET {column} = NULL") for role in ROLES for table, column in COLUMNS.items()),  # noqa: S608
    *((role, f"TRUNCATE {table}") for role in ROLES for table in COLUMNS),
]


@pytest.mark.parametrize(("role", "statement"), REFUSED)
def test_what_is_not_its_work_is_refused(portal: Database, role: Role, statement: str) -> None:
    refusal = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with refusal, portal.acting_as(role).transaction() as cursor:
        cursor.run(statement)


@pytest.mark.parametrize("table", NEVER_CHANGE)
def test_not_even_the_owner_changes_what_was_said(database: Database, form: CampaignForm, table: str) -> None:
    tickets.issue(database, Ticket("tickets/1", form.unit, "", NOON.date()), [TICKET])
    answer(database, form, [new_key(NOON) for _ in range(PEOPLE)], TICKET)
    seal(database, form, NOON, random.Random(1))
    refusal = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)
    with pytest.raises(refusal, match=f"rows of {table} never change"), database.transaction() as cursor:
        cursor.run(f"UPDATE {table} SET {COLUMNS[table]} = NULL")  # noqa: S608


@pytest.mark.parametrize("table", NEVER_CHANGE)
def test_not_even_the_owner_empties_what_was_said(owner: Database, table: str) -> None:
    refusal = pytest.raises(psycopg.errors.RestrictViolation, match=f"rows of {table} never change")
    with refusal, owner.transaction() as cursor:
        cursor.run(f"TRUNCATE {table}")


def test_making_the_tables_again_keeps_the_refusal_once(owner: Database) -> None:
    owner.create()
    with owner.transaction(writes=False) as cursor:
        found = cursor.rows("SELECT COUNT(*) FROM pg_trigger WHERE tgname = 'never_changes'")
    assert found == [(len(NEVER_CHANGE),)]


def test_granting_again_takes_back_what_is_too_much(owner: Database, portal: Database) -> None:
    with owner.transaction() as cursor:
        cursor.run("GRANT SELECT, DELETE ON sealed TO tera_portal")
        cursor.run("GRANT SELECT (mac) ON keys TO tera_portal")
    owner.grant()
    for statement in ("DELETE FROM sealed", "SELECT body FROM sealed", "SELECT mac FROM keys"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), portal.transaction() as cursor:
            cursor.run(statement)


def test_a_login_takes_the_roles_that_it_is_a_member_of(tuti: Database, form: CampaignForm) -> None:
    assert list_held(tuti, form.code) == []
    with pytest.raises(Unavailable, match='permission denied to set role "tera_sealer"'):
        tuti.acting_as("sealer").connect()


def test_a_login_without_a_role_sees_nothing(tuti: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), Database(url=tuti.url).transaction() as cursor:
        cursor.rows("SELECT * FROM intake.blocks")


def test_a_role_is_kept_when_the_session_begins_anew(portal: Database) -> None:
    with portal.transaction() as cursor:
        for statement in ("RESET ROLE", "RESET ALL"):
            cursor.run(statement)
            assert cursor.rows("SELECT current_user") == [("tera_portal",)]


def test_where_no_roles_are_in_use_everybody_is_the_login(owner: Database) -> None:
    assert owner.acting_as("sealer") == owner
