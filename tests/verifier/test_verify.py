"""An honest ledger passes; whoever tampers with one, even with the key in hand, is found."""

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from tera.verifier.verify import verify
from tests.verifier import ledgers
from tests.verifier.ledgers import LOG_KEY, Ledger, honest
from tests.verifier.mutations import failed, look

KEY = str(LOG_KEY)


@pytest.mark.parametrize("code", ["sambas", "sintang", "ketapang", "lama", "kecil"])
def test_an_honest_bundle_passes(tmp_path: pathlib.Path, code: str) -> None:
    report = look(tmp_path, honest().bundle(code))
    assert report.findings == []
    assert {*report.checked} == {*range(1, 14)} - {4}


def test_an_honest_folder_passes_and_says_how_much_was_checked(tmp_path: pathlib.Path) -> None:
    report = look(tmp_path, honest().files())
    assert report.findings == []
    assert report.checked[7] == "8 blocks, 102 responses"
    assert verify(str(tmp_path / "site" / "log"), KEY).result()["holds"]


def test_a_log_of_several_tiles_passes(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    for number in range(2, 700):
        ledger.say("corrected", f"corrected/{number}", statement="closed/lama", reason="-", by_unit="kanwil")
    report = look(tmp_path, ledger.files())
    assert report.findings == []
    assert report.checked[2] == "7 files"


Deed = Callable[[Ledger], None]
SEVEN = [{"item": "BIAYA", "counts": [{"score": 4, "count": 7}]}]


def change(kind: str, code: str = "", /, **keys: object) -> Deed:
    """Say something else in the first statement of a kind (of a campaign); None takes a key away."""

    def deed(ledger: Ledger) -> None:
        one = next(
            one for one in ledger.statements if one["kind"] == kind and code in one.get("campaign", "")
        )
        one.update(keys)
        for key in [key for key, value in keys.items() if value is None]:
            del one[key]

    return deed


def remove(kind: str, code: str = "") -> Deed:
    def deed(ledger: Ledger) -> None:
        found = [one for one in ledger.statements if one["kind"] == kind and code in one.get("campaign", "")]
        ledger.statements.remove(found[0])

    return deed


def repeat(kind: str) -> Deed:
    return lambda ledger: ledger.statements.append(
        next(one for one in ledger.statements if one["kind"] == kind)
    )


def last_to_front(kind: str) -> Deed:
    def deed(ledger: Ledger) -> None:
        found = next(one for one in reversed(ledger.statements) if one["kind"] == kind)
        ledger.statements.remove(found)
        ledger.statements.insert(0, found)

    return deed


def more_votes(ledger: Ledger) -> None:
    closed = next(one for one in ledger.statements if one["id"] == "closed/sambas")
    closed["tally"][0]["counts"][-1]["count"] += 100


def other_votes(ledger: Ledger) -> None:
    counts = next(one for one in ledger.statements if one["id"] == "closed/sambas")["tally"][0]["counts"]
    counts[0]["count"], counts[-1]["count"] = counts[-1]["count"], counts[0]["count"]


def better_index(ledger: Ledger) -> None:
    certified = next(one for one in ledger.statements if one["kind"] == "certified")
    certified["measures"][0]["points"] = "4"


def other_weights(ledger: Ledger) -> None:
    next(one for one in ledger.statements if one["kind"] == "opened")["measures"][0]["weight"] = "1/2"


def seal_late(ledger: Ledger) -> None:
    ledger.seal("sambas", 10)


def seal_few(ledger: Ledger) -> None:
    ledger.seal("ketapang", 4)


def import_more(ledger: Ledger) -> None:
    ledger.seal("ketapang", 12, "imported")


def erase_more(ledger: Ledger) -> None:
    ledger.say("erased", "erased/kecil/1", campaign="kecil", block=1, count=8)


def certify_few(ledger: Ledger) -> None:
    measures = [{"measure": "skm/permenpanrb-14-2017", "points": "4"}]
    ledger.say(
        "certified",
        "certified/kecil/1",
        campaign="kecil",
        count=7,
        excluded=0,
        measures=measures,
        by_unit="x",
    )


BY_WHO_HOLDS_THE_KEY: dict[str, tuple[int, Deed]] = {
    "an unknown kind": (5, change("extended", kind="prolonged")),
    "a key more": (5, change("extended", at="10:42")),
    "a key less": (5, change("extended", reason=None)),
    "a day that is none": (5, change("extended", until="2027-1-31")),
    "a count with a fraction": (5, change("sealed", count=12.0)),
    "a count that is true": (5, change("erased", count=True)),
    "a hash in capitals": (5, change("sealed", root="AB" * 32)),
    "an id of something else": (5, change("sealed", id="sealed/sintang/1")),
    "an id that is no number": (5, change("extended", id="extended/sambas/first")),
    "a statement said twice": (5, repeat("extended")),
    "a campaign that was never opened": (6, remove("opened", "sambas")),
    "a campaign opened afterwards": (6, last_to_front("sealed")),
    "a block that vanished": (6, remove("sealed", "sintang")),
    "a block with another number": (6, change("sealed", "sintang", block=3, id="sealed/sintang/3")),
    "a block after the end": (6, seal_late),
    "a closing with fewer blocks": (6, change("closed", blocks=2)),
    "a closing with more responses": (6, change("closed", count=99)),
    "answers imported into a running campaign": (6, import_more),
    "more erased than there was": (6, erase_more),
    "an erased block that is not there": (6, change("erased", block=9)),
    "a block of four": (7, seal_few),
    "a closing without a tally": (8, change("closed", "sambas", tally=None)),
    "a closing with a salt too few": (8, change("closed", "sambas", salts=["ab" * 32])),
    "a tally of seven people": (8, change("closed", "kecil", tally=SEVEN)),
    "more answers than people": (8, more_votes),
    "a better index": (9, better_index),
    "an index with other weights": (9, other_weights),
    "an index of other votes": (9, other_votes),
    "an index of fewer people": (9, change("certified", count=30)),
    "an index of seven people": (9, certify_few),
    "another receipt key": (1, change("key_rotated", purpose="receipts", new="none", id="key/receipts/1")),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_WHO_HOLDS_THE_KEY)
def test_a_tampering_with_the_key_in_hand_is_found(tmp_path: pathlib.Path, name: str) -> None:
    check, deed = BY_WHO_HOLDS_THE_KEY[name]
    ledger = honest()
    deed(ledger)
    report = look(tmp_path, ledger.files())
    assert check in failed(report), report.text()
    assert not failed(report) & {2, 3}


Files = dict[str, bytes]


def edit(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return deed


def cut(start: str) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        name = next(name for name in files if name.startswith(start))
        files[name] = files[name][:-1]

    return deed


def lose(start: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(next(name for name in files if name.startswith(start)))


def flip(start: str, at: int) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        name = next(name for name in files if name.startswith(start))
        files[name] = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]

    return deed


def lines(change_them: Callable[[list[bytes]], object]) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        rows = files["responses.csv"].splitlines(keepends=True)
        change_them(rows)
        files["responses.csv"] = b"".join(rows)

    return deed


def other_root(files: Files) -> None:
    files["log/checkpoint"] = ledgers.checkpoint(29, b"\x01" * 32)


def signed_by_another(files: Files) -> None:
    files["log/checkpoint"] = files["log/checkpoint"].replace(ledgers.ORIGIN.encode(), b"other.example", 1)


def told(number: int, key: str, value: Any) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        blocks = json.loads(files["blocks.json"])
        blocks[number][key] = value
        files["blocks.json"] = json.dumps(blocks).encode()

    return deed


def two_salts(rows: list[bytes]) -> None:
    one, two = rows[1].split(b","), rows[2].split(b",")
    one[2], two[2] = two[2], one[2]
    rows[1:3] = [b",".join(one), b",".join(two)]


def erased_unsaid(rows: list[bytes]) -> None:
    rows[1] = b",".join(rows[1].split(b",")[:2]) + b",,\n"


BY_OTHERS: dict[str, tuple[int, Callable[[Files], None]]] = {
    "a root that is another, well signed": (3, other_root),
    "another origin": (1, signed_by_another),
    "a signature with a bit changed": (1, flip("log/checkpoint", -9)),
    "a key that is another": (1, flip("log/key", 5)),
    "a receipt key that is missing": (1, lose("log/receipt-key")),
    "an entry with a bit changed": (2, flip("log/tile/entries", 40)),
    "entries that end too soon": (2, cut("log/tile/entries")),
    "entries that are missing": (2, lose("log/tile/entries")),
    "a hash with a bit changed": (2, flip("log/tile/0/", 70)),
    "a tile that is missing": (2, lose("log/tile/0/")),
    "a tile that is too short": (2, cut("log/tile/0/")),
    "a response without its salt": (10, lines(erased_unsaid)),
    "two salts that changed places": (10, lines(two_salts)),
    "no responses": (10, lose("responses.csv")),
    "items of another questionnaire": (10, edit("bundle.json", b'N", "PROSEDUR', b'N", "BIAYA')),
    "another campaign": (10, edit("bundle.json", b'"sambas"', b'"lama"')),
    "instruments of another campaign": (10, edit("bundle.json", b'"skm-9"', b'"skm-8"')),
    "a response less": (11, lines(lambda rows: rows.pop(3))),
    "a response twice": (11, lines(lambda rows: rows.insert(3, rows[3]))),
    "lines in another order": (11, lines(lambda rows: rows.append(rows.pop(1)))),
    "a tally with another salt": (12, told(0, "tally_salt", "ab" * 32)),
    "a block of another kind": (12, told(0, "kind", "IMPORTED")),
    "a count of a block": (12, told(1, "count", 11)),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_OTHERS)
def test_a_tampering_with_files_is_found(tmp_path: pathlib.Path, name: str) -> None:
    check, deed = BY_OTHERS[name]
    files = honest().bundle("sambas")
    deed(files)
    report = look(tmp_path, files)
    assert check in failed(report), report.text()


def test_a_lie_about_a_block_that_the_signed_hash_covers_is_found(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    block = ledger.campaigns["lama"].blocks[0]
    block.tally["instruments"]["skm-9"]["complete"] += 1
    sealed = next(one for one in ledger.statements if one["kind"] == "imported")
    sealed["tally"] = ledgers.tally_hash(block)
    assert failed(look(tmp_path, ledger.bundle("lama"))) == {12}


def test_a_closing_tally_that_the_blocks_do_not_give_is_found(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    other_votes(ledger)
    assert failed(look(tmp_path, ledger.bundle("sambas"))) == {9, 13}


def test_without_a_key_of_ones_own_nothing_is_trusted(tmp_path: pathlib.Path) -> None:
    report = look(tmp_path, honest().files(), key="")
    assert failed(report) == {1}
    assert "against a key that you trust" in report.text()


def test_a_checkpoint_that_was_kept_finds_a_ledger_that_was_rewritten(tmp_path: pathlib.Path) -> None:
    ledger, kept = honest(), tmp_path / "kept"
    later = ledger.statements[20:]
    del ledger.statements[20:]
    assert look(tmp_path, ledger.files(), save=str(kept)).result()["holds"]
    ledger.statements += later
    report = look(tmp_path, ledger.files(), old=str(kept), save=str(kept))
    assert (report.findings, report.checked[4]) == ([], "the first 20 entries")
    assert b"\n29\n" in kept.read_bytes()
    change("extended", reason="Lain")(ledger)
    assert failed(look(tmp_path, ledger.files(), old=str(kept), save=str(kept))) == {4}
    del ledger.statements[25:]
    assert 4 in failed(look(tmp_path, ledger.files(), old=str(kept)))


def test_a_witness_under_the_note_does_no_harm(tmp_path: pathlib.Path) -> None:
    files = honest().files()
    files["log/checkpoint"] += f"— witness.example {'A' * 100}\n".encode()
    assert look(tmp_path, files).findings == []
