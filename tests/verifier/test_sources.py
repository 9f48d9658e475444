"""Receipts, running sites, sources that are broken, hostile or not there; and random mutations."""

import base64
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
from tera.engine import merkle, response, tile
from tera.verifier import verify as verifier
from tera.verifier.verify import verify
from tests.verifier.ledgers import (
    LOG_KEY,
    RECEIPT_KEY,
    Ledger,
    canonical,
    honest,
    key_of,
    log_files,
    packed,
    receipt_of,
    signer,
)
from tests.verifier.mutations import failed, invented, look, write_folder

KEY = str(LOG_KEY)
SHARE = 250  # of the mutations; `make mutations` makes 10,000


def receipt_files(ledger: Ledger, folder: pathlib.Path, place: int) -> tuple[str, dict[str, bytes]]:
    """Write the receipt of a response of the second block of sambas; return it and the files of its site."""
    block = ledger.campaigns["sambas"].blocks[1]
    commitment = block.rows[place][0]
    tree = merkle.hashes_of(merkle.levels([merkle.leaf_hash(row[0]) for row in block.rows]))
    proof = {"index": place, "size": len(block.rows), "proof": [
        part.hex() for part in merkle.prove_inclusion(place, len(block.rows), tree)]}  # fmt: skip
    said = next(one for one in ledger.statements if one["id"] == "sealed/sambas/2")
    whole = {"format": "tera/proof/v1", "commitment": commitment.hex(), "block": proof, "log": proof,
             "statement": canonical(said).decode(), "checkpoint": "-"}  # fmt: skip
    (folder / "receipt.json").write_bytes(receipt_of("sambas", commitment))
    name = f"r/{response.receipt_code(commitment)}/bukti.json"
    return str(folder / "receipt.json"), {**ledger.files(), name: json.dumps(whole).encode()}


@pytest.mark.parametrize("place", [0, 7, 14])
def test_a_receipt_leads_to_its_block(tmp_path: pathlib.Path, place: int) -> None:
    ledger = honest()
    receipt, files = receipt_files(ledger, tmp_path, place)
    found = look(tmp_path, files, receipt=receipt)
    assert (found.findings, found.made[15]) == ([], 1)
    assert look(tmp_path, ledger.files(), receipt=receipt).made[15] == 0
    assert look(tmp_path, ledger.bundle("sambas"), receipt=receipt).made[15] == 1
    assert failed(look(tmp_path, ledger.bundle("lama"), receipt=receipt)) == {15}


def test_receipts_and_proofs_that_are_forged_are_found(tmp_path: pathlib.Path) -> None:
    ledger, chance, found = honest(), random.Random(5), set()
    name, files = receipt_files(ledger, tmp_path, 3)
    receipt, [proof] = pathlib.Path(name), [one for one in files if one.startswith("r/")]
    for _ in range(150):
        is_receipt = chance.random() < 0.5
        text = receipt.read_text() if is_receipt else files[proof].decode()
        kept, keys = json.loads(text), ("statement", "block")
        key = chance.choice(sorted(kept) if is_receipt else keys)
        value = kept[key]["proof"][0] if key == "block" else kept[key]
        at = chance.randrange(len(value))
        forged = value[:at] + chance.choice("0123456789abcdef") + value[at + 1 :]
        changed = text.replace(json.dumps(value)[1:-1], json.dumps(forged)[1:-1], 1)
        receipt.write_text(changed if is_receipt else receipt.read_text())
        shown = files if is_receipt else {**files, proof: changed.encode()}
        if value.replace("-", "") != forged.replace("-", ""):
            found |= (wrong := failed(look(tmp_path, shown, receipt=name)))
            assert wrong, (key, value, forged)
        receipt.write_text(text if is_receipt else receipt.read_text())
    assert found == {14, 15}


def test_a_receipt_under_an_older_key_is_good_and_one_under_a_key_unsaid_is_not(
    tmp_path: pathlib.Path,
) -> None:
    ledger = honest()
    receipt, _ = receipt_files(ledger, tmp_path, 3)
    newer = key_of(signer(8), RECEIPT_KEY.name)
    ledger.say("key_rotated", "key/receipts/2", purpose="receipts", old=str(RECEIPT_KEY), new=str(newer))
    both = {**ledger.files(), "log/receipt-key": f"{newer}\n{RECEIPT_KEY}\n".encode()}
    assert look(tmp_path, both, receipt=receipt).findings == []
    assert failed(look(tmp_path, {**both, "log/receipt-key": f"{newer}\n".encode()})) == {1}
    assert failed(look(tmp_path, {**both, "log/receipt-key": f"{RECEIPT_KEY}\n{newer}\n".encode()})) == {1}


def test_a_site_that_gives_no_proof_of_a_closed_campaign_is_found(site: str, tmp_path: pathlib.Path) -> None:
    receipt = str(tmp_path / "receipt.json")
    next((tmp_path / "site" / "r").rglob("bukti.json")).unlink()
    assert failed(verify(site, KEY, receipt=receipt)) == {15}
    pathlib.Path(receipt).write_bytes(receipt_of("ketapang", bytes(32)))
    assert failed(verify(site, KEY, receipt=receipt)) == set()


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[str]:
    """Serve an honest ledger, and the proof of a receipt, on this machine."""
    _, files = receipt_files(honest(), tmp_path, 3)
    write_folder(tmp_path / "site", files)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_running_site_is_checked(site: str, tmp_path: pathlib.Path) -> None:
    found = verify(site, KEY, receipt=str(tmp_path / "receipt.json"))
    assert (found.findings, found.made[15]) == ([], 1)
    next((tmp_path / "site" / "log" / "tile" / "entries").rglob("*")).rename(tmp_path / "elsewhere")
    assert 2 in failed(verify(f"{site}/log/", KEY))


@pytest.mark.parametrize(
    "place", ["", "nowhere", "a\0b", "http://127.0.0.1:1", "http://[", "https://a b/", "x" * 5000]
)
def test_a_source_that_is_not_there_is_bad_use(place: str) -> None:
    with pytest.raises(OSError, match="give an address"):
        verify(place or "/dev/null", KEY)


def test_a_key_or_a_checkpoint_that_is_none_is_bad_use(tmp_path: pathlib.Path) -> None:
    write_folder(tmp_path / "site", honest().files())
    (tmp_path / "none").write_text("nothing")
    for options in (
        {"key": "none"},
        {"key": "a+b+c"},
        {"key": f"{KEY[:-1]}="},
        {"key": KEY, "old": str(tmp_path / "none")},
    ):
        with pytest.raises(OSError, match=r"it is no key|no checkpoint"):
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
            findings = verify(str(place), KEY).findings
        except OSError:
            continue
        if not findings:
            with zipfile.ZipFile(place) as bundle:
                assert {name: bundle.read(name) for name in files} == files


def test_a_bundle_that_unpacks_to_too_much_is_not_unpacked(tmp_path: pathlib.Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in honest().bundle("kecil").items():
            bundle.writestr(name, content if name != "blocks.json" else bytes(40 << 20))
    (tmp_path / "bundle.zip").write_bytes(buffer.getvalue())
    assert failed(found := verify(str(tmp_path / "bundle.zip"), KEY)) == {12}
    assert "longer" in found.text()
    assert "blocks.json" in found.text()


def test_a_name_that_no_file_could_hold_is_a_finding(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    receipt = json.loads(receipt_of("sambas", bytes(32)))
    (tmp_path / "receipt.json").write_text(json.dumps({**receipt, "campaign": "\ud800"}))
    assert failed(look(tmp_path, ledger.files(), receipt=str(tmp_path / "receipt.json"))) == {14}
    files = ledger.bundle("sambas")
    files["bundle.json"] = files["bundle.json"].replace(b'"sambas"', b'"\\ud800"')
    assert failed(look(tmp_path, files)) == {10}
    assert look(tmp_path, files).text().isascii()


DEEP = b"[" * 60_000
COUNT_OF_A_HALF = {"kind": "closed", "id": "closed/x", "campaign": "x", "blocks": 1, "count": 1.5}
HOSTILE = (
    *(DEEP, b'{"kind":' + DEEP, b"9" * 5000, b"NaN", b"null", b"{}", b"[[]]", b"\xff", b"", b"\n"),
    *(b'{"kind":"closed","id":NaN}', b'{"kind":["x"]}', b'{"kind":"\x1b[31m"}', b'{"a":1,"a":1}'),
    *(canonical(COUNT_OF_A_HALF), canonical({**COUNT_OF_A_HALF, "count": 10**400})),
    canonical({**COUNT_OF_A_HALF, "count": 1, "campaign": {verifier.TEXT: "x"}}),
)


@pytest.mark.parametrize("content", HOSTILE, ids=lambda content: str(content[:20]))
def test_a_hostile_shape_is_one_finding(tmp_path: pathlib.Path, content: bytes) -> None:
    ledger = honest()
    entries = [*map(canonical, ledger.statements), content]
    found = look(tmp_path, log_files(entries))
    assert (len(found.findings), failed(found)) == (1, {5})
    assert found.text().replace("\n", "").isprintable()
    assert "MemoryError" not in found.text()
    bundle = ledger.bundle("sambas")
    for name, check in (("bundle.json", 10), ("responses.csv", 10), ("blocks.json", 12), ("removed.csv", 13)):
        assert failed(look(tmp_path, {**bundle, name: content})) == {check}


def test_every_random_mutation_is_rejected(tmp_path: pathlib.Path) -> None:
    trial = invented(tmp_path, seed=20_261)
    trial.run(SHARE)
    assert trial.misses == []


def test_every_random_mutation_of_a_grown_demo_is_rejected() -> None:
    command = [sys.executable, "-m", "tests.verifier.mutations", "120", "7", "--demo"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told.endswith("120 mutations: 120 rejected, 0 missed\n")


def test_the_file_runs_on_its_own_and_as_a_verb(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "site", honest().files())
    (tmp_path / "alone.py").write_text(pathlib.Path(str(verifier.__file__)).read_text())
    command = [sys.executable, "-I", "alone.py", "site", "--key", KEY]
    alone = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert main(["verify", str(tmp_path / "site"), "--key", KEY]) == 0
    assert alone.stdout == capsys.readouterr().out
    assert main(["verify", str(tmp_path / "site"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["made"]["3"]) == (False, 1)
    assert "check 1: " in told["findings"][0]
    assert main(["verify", str(tmp_path / "elsewhere"), "--key", KEY]) == 2
    for wrong, code in ((["elsewhere"], 2), (["site"], 1)):
        ended = subprocess.run([*command[:3], *wrong], cwd=tmp_path, check=False, capture_output=True)
        assert ended.returncode == code


def test_names_of_tiles_and_receipts_are_those_of_the_engine() -> None:
    for index in (0, 1, 999, 1000, 1_234_067):
        for width in (1, 255, 256):
            assert verifier.tile_name(2, index, width) == f"log/{tile.tile_path(2, index, width)}"
    match = verifier.KEY.fullmatch(f"{LOG_KEY}\n")
    assert match is not None
    assert base64.b64decode(match[3])[1:] == LOG_KEY.public


def test_the_golden_responses_are_what_the_verifier_takes_for_responses(tmp_path: pathlib.Path) -> None:
    """Its reading of them is a pattern of bytes, so special characters of patterns are tried as well."""
    for one in json.loads((pathlib.Path(__file__).parents[1] / "vectors" / "responses.json").read_text()):
        body = bytes.fromhex(one["canonical"])
        said = response.decode(body)
        assert answers_in(tmp_path, said.campaign, body, len(said.answers)) == body[-len(said.answers) :]
        assert answers_in(tmp_path, said.campaign, body[:-1], len(said.answers)) == b""
        assert answers_in(tmp_path, f"{said.campaign}x", body, len(said.answers)) == b""
    for size in (36, 40, 42, 46, 63, 64):
        body = response.encode(response.Response("k" * size, 20_780, 1, "", (0, 0, 0, 0), False, (3,) * size))
        assert answers_in(tmp_path, "k" * size, body, size) == b"\3" * size
        flagged = body[: -size - 2] + b"\2" + body[-size - 1 :]
        assert answers_in(tmp_path, "k" * size, flagged, size) == b""


def answers_in(folder: pathlib.Path, campaign: str, body: bytes, size: int) -> bytes:
    """Return what the verifier takes for the answers of a response; nothing where it is none."""
    name, row = response.commitment(bytes(32), body).hex(), f"{bytes(32).hex()},{body.hex()}"
    (folder / "responses.csv").write_text(f"block,commitment,salt,body\n1,{name},{row}\n")
    reader = verifier.Verifier(str(folder))
    reader.code = campaign.encode()
    with reader.at("responses.csv", 11):
        reader.read_responses(size)
    return reader.answers[name]
