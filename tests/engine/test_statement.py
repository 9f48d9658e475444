"""What the ledger may say: canonical, of a known kind, and nothing that its schema does not name."""

import json
from typing import Any

import pytest

from tera.engine import statement
from tera.engine.statement import BadStatement

HASH = "ab" * 32
OPENED: dict[str, Any] = {
    "kind": "opened",
    "id": "opened/sambas",
    "campaign": "sambas",
    "unit": "kanim-sambas",
    "period": "2026-S2",
    "zone": "Asia/Pontianak",
    "starts_on": "2026-07-01",
    "ends_on": "2026-12-31",
    "grace_seconds": 86_400,
    "population": 1050,
    "target": 285,
    "weighting": "none",
    "instruments": [{"id": "skm-9", "sha256": HASH}],
    "rulebooks": [{"id": "permenpanrb-14-2017", "sha256": HASH}],
    "notice": {"id": "2026-11", "sha256": HASH},
    "levels": [0, 1],
    "measures": [
        {
            "measure": "skm/permenpanrb-14-2017",
            "weight": "equal",
            "scale": "2/3",
            "offset": "0",
            "elements": [{"element": "BIAYA", "items": ["BIAYA"]}],
        }
    ],
}
SEALED = {"id": "sealed/sambas/1", "campaign": "sambas", "block": 1, "count": 12, "root": HASH, "tally": HASH}
CLOSED = {"kind": "closed", "id": "closed/sambas", "campaign": "sambas", "blocks": 1, "count": 12}
TALLY = [{"item": "BIAYA", "counts": [{"score": 4, "count": 12}]}]
EXAMPLES: list[dict[str, Any]] = [
    OPENED,
    {
        "kind": "extended",
        "id": "extended/sambas/1",
        "campaign": "sambas",
        "ends_on": "2026-12-31",
        "until": "2027-01-31",
        "by_unit": "kanwil",
        "reason": "Banjir",
    },
    {
        "kind": "tickets_issued",
        "id": "tickets/1",
        "unit": "kanim-sambas",
        "service": "PASPOR",
        "count": 500,
        "root": HASH,
        "expires_on": "2026-12-14",
    },
    {"kind": "sealed", **SEALED},
    CLOSED,
    {"kind": "imported", **SEALED, "source": "skm.csv"},
    {
        "kind": "excluded",
        "id": "excluded/sambas/1",
        "campaign": "sambas",
        "count": 1,
        "reasons": [{"reason": "STAFF", "count": 1}],
        "proposed_by": "kanwil",
        "confirmed_by": "inspektorat",
    },
    {"kind": "controls_revealed", "id": "controls/sambas", "campaign": "sambas", "count": 3, "root": HASH},
    {
        "kind": "certified",
        "id": "certified/sambas/1",
        "campaign": "sambas",
        "count": 49,
        "excluded": 0,
        "controls": 0,
        "by_unit": "kanwil",
        "certificate": HASH,
        "tally": TALLY,
        "measures": [{"measure": "skm", "points": "1387/441"}],
        "all": TALLY,
    },
    {
        "kind": "minutes",
        "id": "minutes/kanwil/1",
        "by_unit": "kanwil",
        "day": "2027-01-15",
        "sha256": HASH,
        "decisions": [
            {"campaign": "sambas", "decision": "VERIFIED"},
            {"campaign": "sintang", "decision": "RETURNED", "due_on": "2027-01-22"},
        ],
    },
    {
        "kind": "signed",
        "id": "signed/minutes/kanwil/1/1",
        "minutes": "minutes/kanwil/1",
        "sha256": HASH,
        "by_unit": "itjen",
        "method": "SECOND_FACTOR",
        "signature": HASH,
    },
    {
        "kind": "proposed",
        "id": "proposed/kanim-sambas/2026",
        "unit": "kanim-sambas",
        "period": "2026",
        "rulebook": "permenpanrb-10-2019",
        "target": "wbk",
        "by_unit": "kanwil",
        "results": ["certified/sambas/1"],
    },
    {
        "kind": "corrected",
        "id": "corrected/1",
        "statement": "proposed/kanim-sambas/2026",
        "reason": "Hasil berubah",
        "by_unit": "kanwil",
    },
    {"kind": "erased", "id": "erased/sambas/1", "campaign": "sambas", "block": 1, "count": 1},
    {"kind": "key_rotated", "id": "key/receipts/2", "purpose": "receipts", "old": HASH, "new": HASH},
]


def test_there_is_an_example_of_every_kind() -> None:
    assert {example["kind"] for example in EXAMPLES} == set(statement.SCHEMAS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["id"]))
def test_a_statement_has_one_spelling_and_gives_itself_back(example: dict[str, Any]) -> None:
    content = statement.encode(example)
    assert statement.encode(dict(reversed(example.items()))) == content
    assert dict(statement.decode(content)) == example
    with pytest.raises(BadStatement, match="canonical"):
        statement.decode(json.dumps(example).encode())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["id"]))
def test_a_key_that_is_missing_unknown_or_empty_is_refused(example: dict[str, Any]) -> None:
    with pytest.raises(BadStatement, match="unknown key 'at'; allowed here"):
        statement.encode({**example, "at": "10:42"})
    optional = {"tally", "measures", "all", "service", "certificate"}
    for key in example.keys() - optional:
        with pytest.raises(BadStatement):
            statement.encode({**example, key: None})
        with pytest.raises(BadStatement):
            statement.encode({name: value for name, value in example.items() if name != key})


@pytest.mark.parametrize("gone", [{"tally"}, {"measures"}, {"tally", "measures"}])
def test_a_certified_tally_comes_with_its_measures_and_nothing_without_it(gone: set[str]) -> None:
    [certified] = [example for example in EXAMPLES if example["kind"] == "certified"]
    with pytest.raises(BadStatement):
        statement.encode({key: value for key, value in certified.items() if key not in gone})
    statement.encode({**certified, "tally": [], "measures": [], "all": []})


@pytest.mark.parametrize(
    ("decision", "complaint"),
    [
        ({"decision": "RETURNED"}, "the key 'due_on' is missing"),
        ({"decision": "VERIFIED", "due_on": "2027-01-22"}, "unknown key 'due_on'"),
        ({"decision": "PRAISED"}, "use one of VERIFIED, VERIFIED_WITH_NOTES, RETURNED, REJECTED"),
        ({"decision": "VERIFIED", "by": "ratna"}, "unknown key 'by'"),
    ],
)
def test_a_day_is_due_where_a_survey_is_returned_and_nobody_is_named(
    decision: dict[str, str], complaint: str
) -> None:
    [minutes] = [example for example in EXAMPLES if example["kind"] == "minutes"]
    with pytest.raises(BadStatement, match=complaint):
        statement.encode({**minutes, "decisions": [{"campaign": "sambas", **decision}]})
    with pytest.raises(BadStatement, match="at least one"):
        statement.encode({**minutes, "decisions": []})


def test_a_result_of_before_names_no_certificate() -> None:
    [certified] = [example for example in EXAMPLES if example["kind"] == "certified"]
    statement.encode({key: value for key, value in certified.items() if key != "certificate"})
    with pytest.raises(BadStatement, match="64 hexadecimal digits"):
        statement.encode({**certified, "certificate": "AB" * 32})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "closed_early"}, "is not allowed; use one of opened, extended"),
        ({"starts_on": "2026-7-1"}, "expected a day such as 2026-11-22, found '2026-7-1'"),
        ({"starts_on": "2026-07-01T10:42"}, "expected a day"),
        ({"population": -1}, "-1 is not 0 to"),
        ({"population": 3.5}, "expected a whole number"),
        ({"population": True}, "expected a whole number"),
        ({"instruments": [{"id": "skm-9", "sha256": "AB" * 32}]}, "expected 64 hexadecimal digits"),
        ({"measures": [{**OPENED["measures"][0], "weight": "0.11"}]}, "expected 'equal' or an exact number"),
        ({"instruments": "skm-9"}, "expected a list of tables"),
        ({"instruments": []}, "at least one"),
        ({"zone": "x" * 70_000}, "at most 65535 bytes"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadStatement, match=complaint):
        statement.encode({**OPENED, **change})


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff", b"{}", b"[" * 9000])
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    with pytest.raises(BadStatement):
        statement.decode(content)
