"""What the ledger says of campaigns: their rules before the first answer, their blocks, and their end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client

from tera.engine import merkle, statement, tile
from tera.engine.block import root_of
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.files import Files
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import checkpoint_of, publish_installation
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit
from tests.portal.plans import plan_for
from tests.portal.respondents import let_answer

FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def said() -> dict[str, Any]:
    """Return everything that the ledger says, by id."""
    return {entry.name: statement.decode(bytes(entry.content)) for entry in Statement.objects.order_by("pk")}


def test_opening_fixes_the_rules_in_the_ledger(campaign: Campaign) -> None:
    opened = said()["opened/sambas1"]
    rules = opened["instruments"] + opened["rulebooks"]
    assert {entry["id"]: entry["sha256"] for entry in rules} == campaign.rules
    assert [entry["measure"] for entry in opened["measures"]] == [
        "skm/permenpanrb-14-2017",
        "ikm/permenpanrb-10-2019",
        "ipk/permenpanrb-10-2019",
    ]
    assert len(opened["measures"][0]["elements"]) == 9
    assert (opened["target"], opened["population"]) == (campaign.target_sample, 1050)


def test_an_opening_that_fails_says_nothing(sambas: Unit, budi: User) -> None:
    now = datetime.now(UTC)
    with transaction.atomic():
        actions.open_campaign(unit=sambas, plan=plan_for(now.date()), by=budi, at=now, code="gagal")
        assert list(said()) == ["opened/gagal"]
        transaction.set_rollback(True)
    assert said() == {}


def test_blocks_are_told_of_once_with_their_roots(campaign: Campaign, intake: Database) -> None:
    let_answer(campaign, intake, 35)
    now = datetime.now(UTC)
    [block] = actions.seal_due(now)
    for _ in range(2):
        actions.tell_of_blocks()
        assert list(said()) == ["opened/sambas1", "sealed/sambas1/1"]
    with intake.transaction(writes=False) as cursor:
        rows = [bytes(row) for (row,) in cursor.rows("SELECT commitment FROM sealed")]
    told = said()["sealed/sambas1/1"]
    assert (told["count"], told["root"]) == (15, root_of(sorted(rows)).hex())
    assert told["tally"] == block.tally_hash.hex()


def test_the_end_says_how_much_was_sealed_and_nothing_of_it(campaign: Campaign, intake: Database) -> None:
    for count in (35, 14):
        let_answer(campaign, intake, count)
        actions.seal_due(datetime.now(UTC))
    actions.seal_due(FOREVER)
    actions.tell_of_blocks()
    assert dict(said()["closed/sambas1"]) == {
        "kind": "closed",
        "id": "closed/sambas1",
        "campaign": "sambas1",
        "blocks": 3,
        "count": 49,
    }


def test_the_ledger_is_published_with_its_keys(campaign: Campaign, folder: Path) -> None:
    checkpoint = publish_installation()
    assert checkpoint is not None
    assert checkpoint == checkpoint_of(Files(folder / "log"))
    assert [entry["kind"] for entry in said().values()] == ["opened", "key_rotated", "key_rotated"]
    assert publish_installation() is None
    (folder / "log.key").unlink()  # another key from now on
    publish_installation()
    first, second = said()["key/checkpoints/1"], said()["key/checkpoints/2"]
    assert (first["old"], second["old"]) == ("none", first["new"])


def test_old_receipts_can_be_checked_after_their_key_was_replaced(campaign: Campaign, folder: Path) -> None:
    publish_installation()
    (folder / "receipt.key").unlink()
    publish_installation()
    newest, oldest = (folder / "log" / "receipt-key").read_text().splitlines()
    assert said()["key/receipts/2"]["new"] == newest
    assert said()["key/receipts/2"]["old"] == oldest == said()["key/receipts/1"]["new"]


def test_anybody_may_read_its_files_and_nothing_else(
    campaign: Campaign, folder: Path, client: Client
) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    checkpoint = publish_installation()
    assert checkpoint is not None

    def read(path: str) -> bytes:
        answer = client.get(f"/log/{path}")
        assert answer.status_code == 200
        return answer.content

    assert merkle.root(checkpoint.size, tile.hashes_in(read, checkpoint.size)) == checkpoint.root
    entries = tile.read_bundle(read(tile.bundle_path(0, checkpoint.size)), checkpoint.size)
    assert [statement.decode(entry) for entry in entries] == list(said().values())
    assert read("key").startswith(b"ledger.tera.invalid+")
    kept = client.get(f"/log/{tile.tile_path(0, 0, checkpoint.size)}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert client.get("/log/checkpoint").headers["Cache-Control"] == "no-cache"
    for path in ("../log.key", ".lock", "tile", "tile/0", "tile/0/../../../log.key", "tile/entries/000"):
        assert client.get(f"/log/{path}").status_code == 404
