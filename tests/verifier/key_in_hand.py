"""What whoever holds the key of the log may say falsely, and which check finds it."""

from collections.abc import Callable
from typing import Any

from tests.verifier.ledgers import Ledger

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


def reveal_late(ledger: Ledger) -> None:
    ledger.reveal_controls("sambas", 1)


def certify_open(ledger: Ledger) -> None:
    ledger.certify("ketapang")


def certify_twice(ledger: Ledger) -> None:
    ledger.statements.append({**of(ledger, "certified/sambas/1"), "id": "certified/sambas/2"})


def correct_without_a_word(ledger: Ledger) -> None:
    ledger.exclude("bengkayang", STAFF=12)
    ledger.certify("bengkayang")


def correct_by_nine(ledger: Ledger) -> None:
    ledger.exclude("sambas", STAFF=9)
    ledger.correct("sambas")


def correct_by_nine_of_an_item(ledger: Ledger) -> None:
    """Let twelve fewer count, but of one item leave as many as makes nine fewer answers to it."""
    ledger.exclude("sambas", STAFF=20)
    ledger.correct("sambas")
    former, now = (of(ledger, f"certified/sambas/{number}")["tally"][0] for number in (1, 2))
    counts = {one["score"]: one["count"] for one in former["counts"]}
    counts[4] -= 9
    now["counts"] = [{"score": score, "count": count} for score, count in counts.items()]


def correct_before_it_was_said(ledger: Ledger) -> None:
    said = next(one for one in ledger.statements if one.get("statement") == "certified/bengkayang/1")
    ledger.statements.remove(said)
    ledger.statements.insert(0, said)


def correct_with_all(ledger: Ledger) -> None:
    of(ledger, "certified/bengkayang/2")["all"] = of(ledger, "certified/bengkayang/1")["all"]


def forget_a_late_exclusion(ledger: Ledger) -> None:
    ledger.statements.remove(of(ledger, "excluded/bengkayang/3"))


def correct_by_nobody(ledger: Ledger) -> None:
    """Certify again what counts, with another certificate, though nothing was excluded since."""
    ledger.correct("sambas")
    of(ledger, "certified/sambas/2")["certificate"] = "ab" * 32


def keep_a_few(id_: str) -> Deed:
    """Count two who were excluded and say so, though nobody had them erased."""

    def deed(ledger: Ledger) -> None:
        said = of(ledger, id_)
        said.update(count=said["count"] + 2, excluded=said["excluded"] - 2)

    return deed


def forget_who_was_erased(ledger: Ledger) -> None:
    ledger.statements.remove(of(ledger, "erased/bengkayang/1"))


def take_off_who_was_erased(ledger: Ledger) -> None:
    """Take off at the second correction somebody who was erased before the first one, and counted on."""
    ledger.exclude("bengkayang", TEST=10)
    ledger.correct("bengkayang")
    said = of(ledger, "certified/bengkayang/3")
    said.update(count=said["count"] - 1, excluded=said["excluded"] + 1)


def propose(**other: object) -> Deed:
    """Say something else in the proposal that holds."""
    return lambda ledger: of(ledger, "proposed/kanim-sambas/2").update(other)


def propose_again(ledger: Ledger) -> None:
    ledger.propose(4, ["certified/sambas/1"])


def rest_on(*results: str) -> Deed:
    return propose(results=[*results])


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


def return_twice_at_once(ledger: Ledger) -> None:
    of(ledger, "minutes/kanwil/1")["decisions"] *= 2


def verify_late(ledger: Ledger) -> None:
    """Say the second minutes, which verify what was returned, after it is certified."""
    minutes = of(ledger, "minutes/kanwil/2")
    ledger.statements.remove(minutes)
    ledger.statements.insert(ledger.statements.index(of(ledger, "certified/sintang/1")) + 1, minutes)


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
    "a correction that nobody said": (6, correct_without_a_word),
    "a correction of what was corrected": (6, lambda ledger: ledger.amend("certified/bengkayang/1")),
    "a correction of what nobody said": (6, lambda ledger: ledger.amend("certified/tiada/1")),
    "a correction of what opened a campaign": (6, lambda ledger: ledger.amend("opened/sambas")),
    "a correction of minutes": (6, lambda ledger: ledger.amend("minutes/kanwil/2")),
    "a correction of a correction": (6, lambda ledger: ledger.amend("corrected/1")),
    "a correction of nothing": (8, correct_by_nobody),
    "a few excluded who count": (6, keep_a_few("certified/besar/1")),
    "a few excluded late who count": (6, keep_a_few("certified/bengkayang/2")),
    "somebody who counts and was not erased": (6, forget_who_was_erased),
    "somebody taken off who was erased before": (6, take_off_who_was_erased),
    "a correction before the result": (6, correct_before_it_was_said),
    "a correction with another number": (6, change("certified", "ngabang", id="certified/ngabang/2")),
    "a late exclusion that vanished": (6, forget_a_late_exclusion),
    "a proposal without a result": (5, rest_on()),
    "a proposal that does not say its results": (5, change("proposed", results=None)),
    "a proposal of another period": (6, propose(period="2025-S2")),
    "a proposal by a law of no campaign": (6, propose(rulebook="permenpanrb-1-1999")),
    "a proposal by the unit itself": (6, propose(by_unit="kanim-sambas")),
    "a proposal of what is proposed": (6, propose_again),
    "a proposal that rests twice on a result": (6, rest_on(*["certified/sambas/1"] * 2)),
    "results in another order": (6, rest_on("certified/sambas/1", "certified/ngabang/1")),
    "a proposal that rests on a corrected result": (6, rest_on("certified/bengkayang/1")),
    "a proposal that rests on no result": (6, rest_on("certified/sambas/1", "closed/sambas")),
    "a proposal of another unit": (6, propose(unit="lain", id="proposed/lain/1")),
    "a correction by nine people": (8, correct_by_nine),
    "a correction by nine answers": (8, correct_by_nine_of_an_item),
    "a corrected result with the tally of all": (8, correct_with_all),
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
    "a signature that is no hash": (5, change("signed", signature="ratna")),
    "a signature that is not there": (5, change("signed", signature=None)),
    "a decision of a campaign nobody opened": (6, decide(2, "VERIFIED", campaign="tiada")),
    "a decision of what is certified": (6, lambda ledger: ledger.meet(3, kecil="VERIFIED")),
    "a return of what is certified": (6, lambda ledger: ledger.meet(3, besar="RETURNED")),
    "a decision of an open campaign": (6, lambda ledger: ledger.meet(3, ketapang="VERIFIED")),
    "a decision of what was verified before": (6, lambda ledger: ledger.meet(3, sambas="VERIFIED")),
    "a decision twice at once": (6, decide_twice_at_once),
    "a return twice at once": (6, return_twice_at_once),
    "a return that is due on the day": (6, decide(1, "RETURNED", due_on="2027-01-15")),
    "a return that was due before": (6, decide(1, "RETURNED", due_on="2026-12-31")),
    "a certified campaign that was rejected": (6, decide(2, "REJECTED")),
    "a certified campaign that was returned": (6, decide(2, "RETURNED", due_on="2027-01-22")),
    "a campaign certified before it was verified": (6, verify_late),
    "an exclusion by one office": (6, change("excluded", confirmed_by="kanwil")),
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
