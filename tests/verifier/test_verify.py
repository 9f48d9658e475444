"""An honest ledger passes; whoever tampers with one, even with the key in hand, is found."""

import hashlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from tera.verifier.verify import verify
from tests.verifier import ledgers
from tests.verifier.key_in_hand import BY_WHO_HOLDS_THE_KEY, change, in_tally, other_votes
from tests.verifier.ledgers import LOG_KEY, Ledger, canonical, honest, receipt_of
from tests.verifier.mutations import failed, look

KEY = str(LOG_KEY)


@pytest.mark.parametrize(
    "code",
    ["sambas", "sintang", "ketapang", "lama", "kecil", "besar", "ngabang", "bengkayang", "sanggau"],
)
def test_an_honest_bundle_passes(tmp_path: pathlib.Path, code: str) -> None:
    found = look(tmp_path, honest().bundle(code))
    assert found.findings == []
    assert {*found.made} == {*range(1, 14)} - {4}


def test_an_honest_folder_passes_and_says_how_much_was_checked(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    found = look(tmp_path, ledger.files())
    assert found.findings == []
    assert found.made[5] == len(ledger.statements)
    assert found.made[7] == sum(len(campaign.blocks) for campaign in ledger.campaigns.values())
    assert f"check 5 was made {len(ledger.statements)} times" in found.text()
    assert verify(str(tmp_path / "site" / "log"), KEY).findings == []


def test_a_log_of_several_tiles_passes(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    for number in range(2, 700):
        ledger.say(
            "tickets_issued", f"tickets/{number}", unit="kanim-sambas", count=1, root="ab" * 32,
            expires_on="2026-12-14",
        )  # fmt: skip
    found = look(tmp_path, ledger.files())
    assert found.findings == []
    assert found.made[2] == 4  # three tiles of level 0 and one above; the entries are looked at one by one


def with_an_erased_exclusion() -> Ledger:
    """Return a ledger with a certified campaign, of whose two excluded responses one was erased before."""
    ledger = honest()
    ledger.open("rusak")
    ledger.seal("rusak", 30)
    ledger.close("rusak")
    ledger.exclude("rusak", TEST=2)
    campaign = ledger.campaigns["rusak"]
    campaign.erased = {campaign.excluded[0]}
    ledger.say("erased", "erased/rusak/1", campaign="rusak", block=1, count=1)
    ledger.certify("rusak")
    return ledger


def test_what_was_erased_cannot_be_taken_off_again(tmp_path: pathlib.Path) -> None:
    ledger = with_an_erased_exclusion()
    found = look(tmp_path, ledger.bundle("rusak"))
    assert (found.findings, found.made[13]) == ([], 5)


@pytest.mark.parametrize(
    "lie",
    [
        lambda told: told["counts"]["BIAYA"].update({"4": 30}),
        lambda told: told.update({"respondents": 31}),
        lambda told: told.update({"complete": told["complete"] + 2}),
        lambda told: told["counts"].update({"LAIN": {"4": 1}}),
        lambda told: told["counts"].pop("BIAYA"),
    ],
)
def test_one_erased_response_frees_no_tally(tmp_path: pathlib.Path, lie: Callable[[Any], object]) -> None:
    ledger = honest()
    ledger.open("bebas")
    ledger.seal("bebas", 30)
    files = ledger.bundle("bebas")
    [block] = json.loads(files["blocks.json"])
    lie(next(told for told in block["tally"]["instruments"].values() if "BIAYA" in told["counts"]))
    salt, tally = bytes.fromhex(block["tally_salt"]), canonical(block["tally"])
    [said] = [one for one in ledger.statements if one["id"] == "sealed/bebas/1"]
    said["tally"] = hashlib.sha256(b"tera/tally/v1" + salt + tally).hexdigest()
    ledger.erase("bebas", 1, 1)
    bundle = {**ledger.bundle("bebas"), "blocks.json": json.dumps([block]).encode()}
    assert failed(look(tmp_path, bundle)) == {12}


def test_one_erased_exclusion_frees_no_certified_tally(tmp_path: pathlib.Path) -> None:
    ledger = with_an_erased_exclusion()
    [said] = [one for one in ledger.statements if one["id"].startswith("certified/rusak/")]
    [row] = [one for one in said["tally"] if one["item"] == "BIAYA"]
    row["counts"] = [{"score": 4, "count": 28}]
    found = look(tmp_path, ledger.bundle("rusak"))
    assert 13 in failed(found)


def test_a_receipt_of_a_campaign_that_nobody_opened_is_no_proof(tmp_path: pathlib.Path) -> None:
    files = honest().files()
    (tmp_path / "receipt.json").write_bytes(receipt_of("tiada", bytes(32)))
    found = look(tmp_path, files, receipt=str(tmp_path / "receipt.json"))
    assert failed(found) == {15}
    assert "the log knows no such campaign" in found.text()


@pytest.mark.parametrize("name", BY_WHO_HOLDS_THE_KEY)
def test_a_tampering_with_the_key_in_hand_is_found(tmp_path: pathlib.Path, name: str) -> None:
    check, deed = BY_WHO_HOLDS_THE_KEY[name]
    ledger = honest()
    deed(ledger)
    found = look(tmp_path, ledger.files())
    assert check in failed(found), found.text()
    assert not failed(found) & {2, 3}


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


def another_response(rows: list[bytes]) -> None:
    rows[1] = b"00" * 32 + rows[1][64:]


def lines(
    change_them: Callable[[list[bytes]], object], name: str = "responses.csv"
) -> Callable[[Files], None]:
    def deed(files: Files) -> None:
        rows = files[name].splitlines(keepends=True)
        change_them(rows)
        files[name] = b"".join(rows)

    return deed


def other_root(files: Files) -> None:
    size = int(files["log/checkpoint"].split(b"\n")[1])
    files["log/checkpoint"] = ledgers.checkpoint(size, b"\x01" * 32)


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
    "another campaign": (10, edit("bundle.json", b'"besar"', b'"lama"')),
    "instruments of another campaign": (10, edit("bundle.json", b'"skm-9"', b'"skm-8"')),
    "a response less": (11, lines(lambda rows: rows.pop(3))),
    "a response of a block that is not there": (11, edit("responses.csv", b"\n2,", b"\n3,")),
    "a response twice": (11, lines(lambda rows: rows.insert(3, rows[3]))),
    "lines in another order": (11, lines(lambda rows: rows.append(rows.pop(1)))),
    "a tally with another salt": (12, told(0, "tally_salt", "ab" * 32)),
    "a block of another kind": (12, told(0, "kind", "IMPORTED")),
    "a count of a block": (12, told(1, "count", 11)),
    "no list of what was taken off": (13, lose("removed.csv")),
    "a response less that was taken off": (13, lines(lambda rows: rows.pop(1), "removed.csv")),
    "a response twice that was taken off": (13, lines(lambda rows: rows.insert(1, rows[1]), "removed.csv")),
    "another order of what was taken off": (13, lines(lambda rows: rows.append(rows.pop(1)), "removed.csv")),
    "a response taken off that is not here": (13, lines(another_response, "removed.csv")),
    "another reason": (13, edit("removed.csv", b",STAFF", b",OTHER")),
    "a control that was excluded": (13, edit("removed.csv", b",CONTROL", b",STAFF")),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_OTHERS)
def test_a_tampering_with_files_is_found(tmp_path: pathlib.Path, name: str) -> None:
    check, deed = BY_OTHERS[name]
    files = honest().bundle("besar")
    deed(files)
    found = look(tmp_path, files)
    assert check in failed(found), found.text()


def test_a_lie_about_a_block_that_the_signed_hash_covers_is_found(tmp_path: pathlib.Path) -> None:
    ledger = honest()
    block = ledger.campaigns["lama"].blocks[0]
    block.tally["instruments"]["skm-9"]["complete"] += 1
    sealed = next(one for one in ledger.statements if one["kind"] == "imported")
    sealed["tally"] = ledgers.tally_hash(block)
    assert failed(look(tmp_path, ledger.bundle("lama"))) == {12}


@pytest.mark.parametrize(("code", "key"), [("sambas", "tally"), ("besar", "tally"), ("besar", "all")])
def test_a_certified_tally_that_the_blocks_do_not_give_is_found(
    tmp_path: pathlib.Path, code: str, key: str
) -> None:
    ledger = honest()
    in_tally(f"certified/{code}/1", other_votes, key)(ledger)
    assert failed(look(tmp_path, ledger.bundle(code))) - {8} == ({9, 13} if key == "tally" else {13})


@pytest.mark.parametrize(("old", "new"), [(b",TEST,2", b",TEST"), (b",STAFF\n", b",STAFF,2\n")])
def test_what_was_taken_off_later_stays_apart(tmp_path: pathlib.Path, old: bytes, new: bytes) -> None:
    """Both results of a corrected campaign are counted again, each without what was excluded until then."""
    files = honest().bundle("bengkayang")
    edit("removed.csv", old, new)(files)
    assert failed(look(tmp_path, files)) == {13}
    ledger = honest()
    in_tally("certified/bengkayang/2", other_votes)(ledger)
    assert 13 in failed(look(tmp_path, ledger.bundle("bengkayang")))


def test_controls_that_are_others_are_found(tmp_path: pathlib.Path) -> None:
    """Who has the key of the log makes an excluded response a control, and a control an excluded one."""
    ledger = honest()
    removed = ledger.campaigns["besar"].removed
    control = next(name for name, reason in removed.items() if reason == "CONTROL")
    staff = next(name for name, reason in removed.items() if reason == "STAFF")
    removed[control], removed[staff] = "STAFF", "CONTROL"
    found = look(tmp_path, ledger.bundle("besar"))
    assert "check 13: others were revealed (removed.csv)" in found.findings


def test_without_a_key_of_ones_own_nothing_is_trusted(tmp_path: pathlib.Path) -> None:
    found = look(tmp_path, honest().files(), key="")
    assert failed(found) == {1}
    assert "by a key that you trust" in found.text()


def test_a_checkpoint_that_was_kept_finds_a_ledger_that_was_rewritten(tmp_path: pathlib.Path) -> None:
    ledger, kept = honest(), tmp_path / "kept"
    later = ledger.statements[20:]
    del ledger.statements[20:]
    kept.write_bytes(ledger.files()["log/checkpoint"])
    ledger.statements += later
    found = look(tmp_path, ledger.files(), old=str(kept))
    assert (found.findings, found.made[4]) == ([], 1)
    kept.write_bytes(ledger.files()["log/checkpoint"])
    change("extended", reason="Lain")(ledger)
    assert failed(look(tmp_path, ledger.files(), old=str(kept))) == {4}
    del ledger.statements[25:]
    assert 4 in failed(look(tmp_path, ledger.files(), old=str(kept)))


def test_a_witness_under_the_note_does_no_harm(tmp_path: pathlib.Path) -> None:
    files = honest().files()
    files["log/checkpoint"] += f"— witness.example {'A' * 100}\n".encode()
    assert look(tmp_path, files).findings == []


def test_a_signature_has_one_spelling(tmp_path: pathlib.Path) -> None:
    files = honest().files()
    note = files["log/checkpoint"].decode().removesuffix("\n")
    for other in (f"{note}=", f"{note}A", f"{note}\0", "= ".join(note.rsplit(" ", 1))):
        found = look(tmp_path, {**files, "log/checkpoint": f"{other}\n".encode()})
        assert failed(found) == {1}
