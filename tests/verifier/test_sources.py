"""Receipts, running sites, sources that are broken, hostile or not there; and random mutations."""

import functools
import http.server
import io
import json
import pathlib
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator

import pytest

from tera.cli import main
from tera.engine import merkle, note, response, tile
from tera.verifier import verify as verifier
from tera.verifier.verify import UnreadableError, verify
from tests.verifier.ledgers import LOG_KEY, Ledger, canonical, honest, packed, receipt_of
from tests.verifier.mutations import Trial, failed, look, write_folder

KEY = str(LOG_KEY)
SHARE = 1200  # of the mutations; `make mutations` makes 10,000


def receipt_files(ledger: Ledger, folder: pathlib.Path, place: int) -> tuple[str, str]:
    """Write the receipt of a response of the second block of sambas, and the proof that a site shows."""
    block = ledger.campaigns["sambas"].blocks[1]
    commitment = block.rows[place][0]
    tree = merkle.hashes_of(merkle.levels([merkle.leaf_hash(row[0]) for row in block.rows]))
    proof = {"index": place, "size": len(block.rows), "proof": [
        part.hex() for part in merkle.prove_inclusion(place, len(block.rows), tree)]}  # fmt: skip
    said = next(one for one in ledger.statements if one["id"] == "sealed/sambas/2")
    whole = {"format": "tera/proof/v1", "commitment": commitment.hex(), "block": proof, "log": proof,
             "statement": canonical(said).decode(), "checkpoint": "-"}  # fmt: skip
    (folder / "receipt.json").write_bytes(receipt_of("sambas", commitment))
    (folder / "proof.json").write_text(json.dumps(whole))
    return str(folder / "receipt.json"), str(folder / "proof.json")


@pytest.mark.parametrize("place", [0, 7, 14])
def test_a_receipt_leads_to_its_block(tmp_path: pathlib.Path, place: int) -> None:
    ledger = honest()
    receipt, proof = receipt_files(ledger, tmp_path, place)
    report = look(tmp_path, ledger.files(), receipt=receipt, proof=proof)
    assert (report.findings, report.checked[15]) == ([], "in block 2 of 'sambas'")
    assert 15 not in look(tmp_path, ledger.files(), receipt=receipt).checked
    assert look(tmp_path, ledger.bundle("sambas"), receipt=receipt).checked[15] == "in the bundle"
    assert failed(look(tmp_path, ledger.bundle("lama"), receipt=receipt)) == {15}


def test_receipts_and_proofs_that_are_forged_are_found(tmp_path: pathlib.Path) -> None:
    ledger, chance, found = honest(), random.Random(5), set()
    names = receipt_files(ledger, tmp_path, 3)
    for _ in range(150):
        name = pathlib.Path(chance.choice(names))
        kept, key = json.loads(name.read_text()), ""
        while key in {"", "format", "checkpoint", "log"} or (
            name.name == "proof.json" and key == "commitment"
        ):
            key = chance.choice(sorted(kept))
        value = kept[key]["proof"][0] if key == "block" else kept[key]
        at = chance.randrange(len(value))
        forged = value[:at] + chance.choice("0123456789abcdef") + value[at + 1 :]
        text = json.dumps(kept)
        name.write_text(text.replace(json.dumps(value)[1:-1], json.dumps(forged)[1:-1], 1))
        if value.replace("-", "") != forged.replace("-", ""):
            found |= (wrong := failed(look(tmp_path, ledger.files(), receipt=names[0], proof=names[1])))
            assert wrong, (key, value, forged)
        name.write_text(text)
    assert found == {14, 15}


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[str]:
    """Serve an honest ledger, and the proof of a receipt, on this machine."""
    ledger = honest()
    write_folder(tmp_path / "site", ledger.files())
    receipt, proof = receipt_files(ledger, tmp_path, 3)
    folder = tmp_path / "site" / "r" / json.loads(pathlib.Path(receipt).read_text())["receipt"]
    folder.mkdir(parents=True)
    pathlib.Path(proof).rename(folder / "bukti.json")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_running_site_is_checked(site: str, tmp_path: pathlib.Path) -> None:
    report = verify(site, KEY, receipt=str(tmp_path / "receipt.json"))
    assert (report.findings, report.checked[15]) == ([], "in block 2 of 'sambas'")
    (tmp_path / "site" / "log" / "tile" / "entries" / "000.p" / "29").unlink()
    assert 2 in failed(verify(f"{site}/log/", KEY))


@pytest.mark.parametrize(
    "place", ["", "nowhere", "a\0b", "http://127.0.0.1:1", "http://[", "https://a b/", "x" * 5000]
)
def test_a_source_that_is_not_there_is_bad_use(place: str) -> None:
    with pytest.raises(UnreadableError, match=r"give an address|check the address"):
        verify(place or "/dev/null", KEY)


def test_a_key_or_a_checkpoint_that_is_none_is_bad_use(tmp_path: pathlib.Path) -> None:
    write_folder(tmp_path / "site", honest().files())
    (tmp_path / "none").write_text("nothing")
    for options in (
        {"key": "none"},
        {"key": "a+b+c"},
        {"key": str(tmp_path)},
        {"key": KEY, "old": str(tmp_path / "none")},
    ):
        with pytest.raises(UnreadableError):
            verify(str(tmp_path / "site"), **options)


def test_a_bundle_with_bytes_changed_anywhere_is_rejected_or_says_the_same(tmp_path: pathlib.Path) -> None:
    chance, place = random.Random(11), tmp_path / "bundle.zip"
    files = honest().bundle("kecil")
    whole = packed(files)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            damaged[chance.randrange(len(whole))] = chance.randrange(256)
        place.write_bytes(damaged[: chance.choice((len(whole), len(whole), chance.randrange(len(whole))))])
        try:
            holds = verify(str(place), KEY).result()["holds"]
        except UnreadableError:
            continue
        if holds:
            with zipfile.ZipFile(place) as bundle:
                assert {name: bundle.read(name) for name in files} == files


def test_a_bundle_that_unpacks_to_too_much_is_not_unpacked(tmp_path: pathlib.Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in honest().bundle("kecil").items():
            bundle.writestr(name, content if name != "blocks.json" else bytes(40 << 20))
    (tmp_path / "bundle.zip").write_bytes(buffer.getvalue())
    [finding] = [one for one in verify(str(tmp_path / "bundle.zip"), KEY).findings if "longer" in one["what"]]
    assert (finding["check"], finding["where"]) == (12, "blocks.json")


def test_a_name_that_no_file_could_hold_is_a_finding(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    receipt = json.loads(receipt_of("sambas", bytes(32)))
    (tmp_path / "receipt.json").write_text(json.dumps({**receipt, "campaign": "\ud800"}))
    report = look(tmp_path, ledger.files(), receipt=str(tmp_path / "receipt.json"))
    assert failed(report) == {14}
    files = ledger.bundle("sambas")
    files["bundle.json"] = files["bundle.json"].replace(b'"sambas"', b'"\\ud800"')
    assert failed(look(tmp_path, files)) == {10}
    assert look(tmp_path, files).text().isascii()


def test_every_random_mutation_is_rejected(tmp_path: pathlib.Path) -> None:
    trial = Trial(tmp_path, seed=20_261)
    trial.run(SHARE)
    assert trial.misses == []


def test_the_file_runs_on_its_own_and_as_a_verb(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "site", honest().files())
    (tmp_path / "alone.py").write_text(pathlib.Path(str(verifier.__file__)).read_text())
    command = [sys.executable, "-I", "alone.py", "site", "--key", KEY, "--json"]
    alone = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert main(["verify", str(tmp_path / "site"), "--key", KEY, "--json"]) == 0
    assert json.loads(alone.stdout) == json.loads(capsys.readouterr().out)
    assert main(["verify", str(tmp_path / "site")]) == 1
    assert "check 1: the signature was not checked" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "elsewhere"), "--key", KEY]) == 2
    assert (
        subprocess.run([*command[:3], "elsewhere"], cwd=tmp_path, check=False, capture_output=True).returncode
        == 2
    )


def test_names_of_tiles_and_receipts_are_those_of_the_engine() -> None:
    for index in (0, 1, 999, 1000, 1_234_067):
        for width in (1, 255, 256):
            assert verifier.tile_name(2, index, width) == f"log/{tile.tile_path(2, index, width)}"
    vectors = json.loads((pathlib.Path(__file__).parents[1] / "vectors" / "responses.json").read_text())
    for one in vectors:
        body = bytes.fromhex(one["canonical"])
        assert response.decode(body).campaign.encode() == verifier.read_body(body)[0]
    assert verifier.Key.read(f"{LOG_KEY}\n".encode()).public == note.Key.read(KEY).public
