"""Sari looks up her receipt: that her answers are in, sealed and recorded, and never what they say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from tera.engine import merkle, note, statement
from tera.engine.note import Checkpoint
from tera.engine.response import receipt_code
from tera.intake.tables import Database
from tera.portal.accounts.models import User
from tera.portal.ledger.publishing import publish_installation
from tera.portal.results.actions import certify
from tera.portal.surveys import actions
from tera.portal.surveys.models import Campaign
from tests.portal.deciding import fill_methods, verify
from tests.portal.respondents import let_answer

DONE = 'class="is-done"'


def seal_and_publish(at: datetime) -> None:
    actions.seal_due(at)
    actions.tell_of_blocks()
    publish_installation()


def check(client: Client, commitment: bytes) -> str:
    page = client.get(f"/r/{receipt_code(commitment)}")
    assert page.status_code == 200
    return page.content.decode()


def test_step_by_step_from_received_to_counted(
    campaign: Campaign, ratna: User, intake: Database, folder: Path, client: Client
) -> None:
    sari, *others = let_answer(campaign, intake, 5)
    page = check(client, sari)
    assert (page.count(DONE), "Kanim Sambas" in page) == (1, True)
    proof = client.get(f"/r/{receipt_code(sari)}/bukti.json")
    assert (proof.status_code, proof.json()) == (404, {"state": "waiting"})
    others += let_answer(campaign, intake, 40)
    seal_and_publish(datetime.now(UTC))
    steps = {check(client, one).count(DONE) for one in (sari, *others)}
    assert steps == {1, 3}  # twenty are held back
    seal_and_publish(datetime(2100, 1, 1, tzinfo=UTC))
    assert {check(client, one).count(DONE) for one in (sari, *others)} == {3}
    fill_methods(campaign)
    verify(campaign)
    certify(campaign, by=ratna, at=datetime.now(UTC))
    assert {check(client, one).count(DONE) for one in (sari, *others)} == {4}


def test_the_proof_convinces_without_the_site(
    campaign: Campaign, intake: Database, folder: Path, client: Client
) -> None:
    commitments = let_answer(campaign, intake, 30)
    seal_and_publish(datetime(2100, 1, 1, tzinfo=UTC))
    for commitment in commitments:
        proof = client.get(f"/r/{receipt_code(commitment)}/bukti.json").json()
        assert proof["commitment"] == commitment.hex()
        said, block, log = statement.decode(proof["statement"].encode()), proof["block"], proof["log"]
        path = [bytes.fromhex(part) for part in block["proof"]]
        leaf, root = merkle.leaf_hash(commitment), bytes.fromhex(said["root"])
        merkle.check_inclusion(block["index"], block["size"], leaf, path, root)
        assert (said["count"], said["campaign"]) == (block["size"], "sambas1")
        checkpoint = Checkpoint.read(note.read(proof["checkpoint"])[0])
        path = [bytes.fromhex(part) for part in log["proof"]]
        leaf = merkle.leaf_hash(proof["statement"].encode())
        merkle.check_inclusion(log["index"], checkpoint.size, leaf, path, checkpoint.root)


def test_a_code_may_be_typed_as_people_type(campaign: Campaign, intake: Database, client: Client) -> None:
    [sari] = let_answer(campaign, intake, 1)
    typed = receipt_code(sari).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    page = client.get("/r/", {"kode": f" {typed} "})
    assert page.status_code == 200
    assert receipt_code(sari) in page.content.decode()


def test_a_code_that_nobody_has_is_not_found(campaign: Campaign, client: Client) -> None:
    for commitment in (bytes(32), b"\xff" * 32):
        page = client.get(f"/r/{receipt_code(commitment)}")
        assert page.status_code == 404
        assert "Tidak ada jawaban dengan kode ini" in page.content.decode()
        proof = client.get(f"/r/{receipt_code(commitment)}/bukti.json")
        assert (proof.status_code, proof.json()) == (404, {"state": "unknown"})


@pytest.mark.parametrize("typed", ["abc", "U" * 26, "8" + "0" * 25, "0" * 27, "<script>"])
def test_what_is_no_code_is_said_to_be_none(campaign: Campaign, client: Client, typed: str) -> None:
    page = client.get("/r/", {"kode": typed})
    assert page.status_code == 400
    assert "Ini bukan kode tanda terima" in page.content.decode()
    assert "<script>" not in page.content.decode().partition("<main")[2]
    if "/" not in typed:
        proof = client.get(f"/r/{typed}/bukti.json")
        assert (proof.status_code, proof["Content-Type"].partition(";")[0]) == (404, "text/html")


def test_the_page_asks_for_a_code(db: None, client: Client) -> None:
    page = client.get("/r/")
    assert page.status_code == 200
    assert 'name="kode"' in page.content.decode()


def test_the_receipt_as_a_qr_code_leads_to_its_check(client: Client) -> None:
    written = f"sambas1.2026-11-24.{'A' * 43}.{'B' * 86}"
    reply = client.get("/r/kode.svg", {"isi": written})
    assert (reply.status_code, reply["Content-Type"], reply["Cache-Control"]) == (
        200,
        "image/svg+xml",
        "no-store",
    )
    assert client.get("/r/kode.svg", {"isi": "https://lain.example"}).status_code == 404
