"""An honest ledger passes; whoever tampers with one, even with the key in hand, is found."""

import hashlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from tera.verifier.verify import verify
from tests.verifier import ledgers
from tests.verifier.ledgers import LOG_KEY, Ledger, canonical, honest, receipt_of
from tests.verifier.mutations import failed, look

KEY = str(LOG_KEY)


@pytest.mark.parametrize(
    "code", ["sambas", "sintang", "ketapang", "lama", "kecil", "besar", "ngabang", "sanggau"]
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
        ledger.say("corrected", f"corrected/{number}", statement="closed/lama", reason="-", by_unit="kanwil")
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
    assert (found.findings, found.made[13]) == ([], 4)


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


Deed = Callable[[Ledger], object]
SEVEN = [{"item": "BIAYA", "counts": [{"score": 4, "count": 7}]}]


def of(ledger: Ledger, id_: str) -> dict[str, Any]:
    return next(one for one in ledger.statements if one["id"] == id_)


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


def in_tally(id_: str, alter: Callable[[list[dict[str, Any]]], object], key: str = "tally") -> Deed:
    return lambda ledger: alter(of(ledger, id_)[key])


def more_votes(tally: list[dict[str, Any]]) -> None:
    tally[0]["counts"][-1]["count"] += 100


def other_votes(tally: list[dict[str, Any]]) -> None:
    counts = tally[0]["counts"]
    counts[0]["count"], counts[-1]["count"] = counts[-1]["count"], counts[0]["count"]


def better_index(ledger: Ledger) -> None:
    of(ledger, "certified/sambas/1")["measures"][0]["points"] = "4"


def less_of_all(ledger: Ledger) -> None:
    """Take a vote from `all` that is in the tally."""
    certified = of(ledger, "certified/besar/1")
    row, item = certified["all"][0]["counts"][0], certified["all"][0]["item"]
    [counted] = [one["counts"][0] for one in certified["tally"] if one["item"] == item]
    row["count"] = counted["count"] - 1


def a_few_in_all(ledger: Ledger) -> None:
    """Show an item of which only a few of the excluded gave an answer."""
    certified = of(ledger, "certified/besar/1")
    row, item = certified["all"][0], certified["all"][0]["item"]
    [counted] = [one for one in certified["tally"] if one["item"] == item]
    row["counts"] = [dict(one) for one in counted["counts"]]
    row["counts"][0]["count"] += 3


def exclude_late(ledger: Ledger) -> None:
    ledger.exclude("sambas", STAFF=1)


def reveal_late(ledger: Ledger) -> None:
    ledger.reveal_controls("sambas", 1)


def certify_open(ledger: Ledger) -> None:
    ledger.certify("ketapang")


def certify_twice(ledger: Ledger) -> None:
    ledger.statements.append({**of(ledger, "certified/sambas/1"), "id": "certified/sambas/2"})


def other_weights(ledger: Ledger) -> None:
    of(ledger, "opened/sambas")["measures"][0]["weight"] = "1/2"


def seal_late(ledger: Ledger) -> None:
    ledger.seal("sambas", 10)


def seal_few(ledger: Ledger) -> None:
    ledger.seal("ketapang", 4)


def import_more(ledger: Ledger) -> None:
    ledger.seal("ketapang", 12, "imported")


def erase_more(ledger: Ledger) -> None:
    ledger.say("erased", "erased/kecil/1", campaign="kecil", block=1, count=8)


def decide(number: int, decision: str, **more: str) -> Deed:
    """Say something else in the first decision of a meeting."""

    def deed(ledger: Ledger) -> None:
        rows = of(ledger, f"minutes/kanwil/{number}")["decisions"]
        rows[0] = {"campaign": rows[0]["campaign"], "decision": decision, **more}

    return deed


def decide_twice_at_once(ledger: Ledger) -> None:
    of(ledger, "minutes/kanwil/2")["decisions"] *= 2


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
    "a certified campaign that is open": (6, certify_open),
    "a campaign certified twice": (6, certify_twice),
    "an exclusion after the certificate": (6, exclude_late),
    "controls after the certificate": (6, reveal_late),
    "an index of fewer people": (6, change("certified", count=30)),
    "an exclusion that is not in the certificate": (6, change("excluded", "besar", count=9)),
    "reasons that do not add up": (6, change("excluded", reasons=[{"reason": "STAFF", "count": 2}])),
    "fewer excluded than were": (6, change("certified", "besar", excluded=13, count=44)),
    "other controls than were revealed": (6, change("certified", "besar", controls=3, count=44)),
    "an exclusion that vanished": (6, remove("excluded", "besar")),
    "controls that vanished": (6, remove("controls_revealed", "besar")),
    "a closing that vanished": (6, remove("closed", "besar")),
    "answers imported into a running campaign": (6, import_more),
    "more erased than there was": (6, erase_more),
    "an erased block that is not there": (6, change("erased", block=9)),
    "a certificate that is no hash": (5, change("certified", "sambas", certificate="none")),
    "minutes of nothing": (5, change("minutes", decisions=[])),
    "minutes that name a person": (5, decide(1, "VERIFIED", by="ratna")),
    "a decision that is none": (5, decide(1, "PRAISED")),
    "a signature by a name": (5, change("signed", method="NAME")),
    "a decision of a campaign nobody opened": (6, decide(2, "VERIFIED", campaign="tiada")),
    "a decision of an open campaign": (6, lambda ledger: ledger.meet(3, ketapang="VERIFIED")),
    "a decision of what was verified before": (6, lambda ledger: ledger.meet(3, sambas="VERIFIED")),
    "a decision twice at once": (6, decide_twice_at_once),
    "a returned campaign with no day": (6, decide(1, "RETURNED")),
    "a verified campaign with a day": (6, decide(2, "VERIFIED", due_on="2027-01-22")),
    "a return that became a refusal": (6, decide(1, "REJECTED")),
    "minutes that vanished": (6, remove("minutes")),
    "minutes of another document": (6, change("minutes", sha256="ab" * 32)),
    "a signature under another document": (6, change("signed", sha256="ab" * 32)),
    "a signature before the minutes": (6, last_to_front("signed")),
    "a block of four": (7, seal_few),
    "a certificate without a tally": (8, change("certified", "sambas", tally=None)),
    "a certificate without measures": (8, change("certified", "sambas", measures=None)),
    "a certificate without the tally of all": (8, change("certified", "besar", all=None)),
    "a tally that shows three excluded": (8, change("certified", "lama", all=SEVEN)),
    "a tally of seven people": (8, change("certified", "kecil", tally=SEVEN)),
    "an item of seven people": (8, change("certified", "sambas", tally=SEVEN)),
    "more answers than people": (8, in_tally("certified/sambas/1", more_votes)),
    "more answers than people in all": (8, in_tally("certified/besar/1", more_votes, "all")),
    "an item twice": (8, in_tally("certified/sambas/1", lambda tally: tally.append(tally[0]))),
    "other order of scores": (8, in_tally("certified/sambas/1", lambda tally: tally[0]["counts"].reverse())),
    "fewer votes with the excluded": (8, less_of_all),
    "a few who can be told apart": (8, a_few_in_all),
    "a better index": (9, better_index),
    "an index with other weights": (9, other_weights),
    "an index of other votes": (9, in_tally("certified/sambas/1", other_votes)),
    "a measure less": (9, lambda ledger: of(ledger, "certified/sambas/1")["measures"].pop()),
    "measures in another order": (9, lambda ledger: of(ledger, "certified/sambas/1")["measures"].reverse()),
    "another receipt key": (1, change("key_rotated", purpose="receipts", new="none", id="key/receipts/1")),
}  # fmt: skip


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
