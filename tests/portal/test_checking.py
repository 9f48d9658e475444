"""Looking whether an installation is whole: nothing to say of a whole one, and every tampering is named."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from tera.cli.fsck import _faults
from tera.engine import merkle, response, statement
from tera.engine.block import root_of, tally_bytes, tally_hash
from tera.intake import receipts
from tera.intake.blocks import list_blocks
from tera.intake.erasing import CannotErase, erase
from tera.intake.exporting import list_held
from tera.intake.inbox import new_key
from tera.intake.submission import base64url
from tera.intake.tables import Database
from tera.portal.ledger.models import Statement
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results import bundle
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tests.portal.respondents import Respondent, let_answer
from tests.tampering import tamper


@pytest.fixture
def ended(campaign: Campaign, intake: Database, folder: Path) -> Campaign:
    """Return a campaign with three blocks that is over, told of and published."""
    for count in (40, 20):
        let_answer(campaign, intake, count)
        actions.seal_due(datetime.now(UTC))
    actions.seal_due(datetime(2100, 1, 1, tzinfo=UTC))
    actions.tell_of_blocks()
    publish_installation()
    return campaign


def test_of_a_whole_installation_there_is_nothing_to_say(ended: Campaign) -> None:
    assert list(_faults()) == []


def test_what_is_not_told_yet_is_no_fault(campaign: Campaign, intake: Database, folder: Path) -> None:
    let_answer(campaign, intake, 30)
    assert list(_faults()) == []
    actions.seal_due(datetime.now(UTC))
    assert list(_faults()) == []


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ("DELETE FROM sealed WHERE block = 1", "block 1: it has 0 responses and says 20"),
        ("UPDATE sealed SET block = 1 WHERE block = 2", "block 1: it has 40 responses and says 20"),
        ("UPDATE sealed SET salt = body WHERE block = 2", "block 2: 20 responses are not what their"),
        (
            "UPDATE blocks SET root = tally_hash WHERE number = 3",
            "3: its responses do not have its root",
        ),
        (
            "UPDATE blocks SET tally_salt = root WHERE number = 1",
            "1: its responses do not have its tally",
        ),
        (
            "UPDATE blocks SET breakdown = (SELECT breakdown FROM blocks WHERE number = 2) WHERE number = 1",
            "block 1: its responses do not have its breakdown",
        ),
        ("UPDATE blocks SET responses = 21 WHERE number = 1", "something else under sealed/sambas1/1"),
        ("DELETE FROM blocks WHERE number = 2", "its blocks are numbered [1, 3]"),
        ("DELETE FROM blocks WHERE number = 3", "20 responses are sealed in block 3, which is not there"),
    ],
)
def test_a_tampered_intake_is_named(ended: Campaign, intake: Database, wish: str, complaint: str) -> None:
    tamper(intake, wish)
    assert complaint in "\n".join(_faults())


def test_one_changed_answer_is_named(ended: Campaign, intake: Database) -> None:
    _, (commitment, _, body) = list_held(intake, ended.code)[7]
    changed = body[:-1] + bytes([body[-1] % 4 + 1])
    tamper(intake, "UPDATE sealed SET body = ? WHERE commitment = ?", (changed, commitment))
    assert "sambas1, block 1: 1 responses are not what their commitments say" in list(_faults())


def test_a_tampered_ledger_is_named(ended: Campaign, folder: Path) -> None:
    entry = Statement.objects.get(kind="closed")
    entry.content = statement.encode({**entry.as_said(), "count": 51})
    entry.save()
    faults = "\n".join(_faults())
    assert "the ledger says something else under closed/sambas1" in faults
    assert "does not hold what the database says" in faults
    assert "does not have the root of what was said" in faults
    (folder / "log" / "checkpoint").unlink()
    assert "has no checkpoint, and the database knows entries" in "\n".join(_faults())


def test_a_bundle_holds_what_it_takes_to_count_again(ended: Campaign, intake: Database) -> None:
    stream = BytesIO()
    assert bundle.write(ended, stream) == 60
    with zipfile.ZipFile(stream) as opened:
        names = opened.namelist()
        header, *lines = opened.read("responses.csv").decode().splitlines()
        about, blocks = (json.loads(opened.read(name)) for name in ("bundle.json", "blocks.json"))
    assert header == "block,commitment,salt,body"
    assert (about["format"], about["campaign"]) == ("tera/bundle/v1", "sambas1")
    assert {"log/checkpoint", "log/key", "log/tile/0/000.p/7"} <= set(names)
    rows = [line.split(",") for line in lines]
    assert rows == sorted(rows, key=lambda row: (int(row[0]), row[1]))
    for said, block in zip(blocks, list_blocks(intake, ["sambas1"]), strict=True):
        held = [tuple(map(bytes.fromhex, row[1:])) for row in rows if int(row[0]) == said["block"]]
        assert all(response.commitment(salt, body) == commitment for commitment, salt, body in held)
        assert root_of([commitment for commitment, _, _ in held]) == block.root
        content = tally_bytes("sambas1", said["block"], said["count"], block.tallies)
        assert json.loads(content) == said["tally"]
        assert tally_hash(bytes.fromhex(said["tally_salt"]), content) == block.tally_hash


def test_an_erased_response_leaves_every_proof_valid(
    campaign: Campaign, intake: Database, folder: Path, sari: Respondent, client: Client
) -> None:
    key = new_key(datetime.now(UTC))
    sheet = {"key": base64url(key), "answers": dict.fromkeys(campaign.form.codes, 4)}
    code = sari.send_json("/s/sambas1", **sheet).json()["receipt"]
    others = let_answer(campaign, intake, 40)
    actions.seal_due(datetime(2100, 1, 1, tzinfo=UTC))
    actions.tell_of_blocks()
    with pytest.raises(CannotErase, match="both must be the respondent's"):
        erase(intake, code, new_key(datetime.now(UTC)))
    with pytest.raises(CannotErase):
        erase(intake, response.receipt_code(others[0]), key)
    assert erase(intake, code, key).block == 1
    actions.tell_of_blocks()
    publish_installation()
    assert list(_faults()) == []
    assert Statement.objects.get(kind="erased").as_said()["count"] == 1
    assert len(list_held(intake, "sambas1")) == 40
    for one in (code, *map(response.receipt_code, others)):
        proof = client.get(f"/r/{one}/bukti.json").json()
        said, block = statement.decode(proof["statement"].encode()), proof["block"]
        path = [bytes.fromhex(part) for part in block["proof"]]
        leaf, root = merkle.leaf_hash(bytes.fromhex(proof["commitment"])), bytes.fromhex(said["root"])
        merkle.check_inclusion(block["index"], block["size"], leaf, path, root)
    stream = BytesIO()
    assert bundle.write(campaign, stream) == 40
    with zipfile.ZipFile(stream) as opened:
        assert opened.read("responses.csv").decode().count(",,\n") == 1
    with pytest.raises(CannotErase):
        erase(intake, code, key)


def test_what_no_block_holds_yet_is_erased_without_a_trace(
    campaign: Campaign, intake: Database, folder: Path, sari: Respondent
) -> None:
    key = new_key(datetime.now(UTC))
    sheet = {"key": base64url(key), "answers": dict.fromkeys(campaign.form.codes, 4)}
    code = sari.send_json("/s/sambas1", **sheet).json()["receipt"]
    assert erase(intake, code, key).block == 0
    actions.tell_of_blocks()
    assert not Statement.objects.filter(kind="erased").exists()
    assert receipts.find(intake, code) is None
