"""A certificate is computed again to the last byte, and whatever was changed in it is noticed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tera import instruments, law
from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.certificate import Certified, Unverified, Verified, canonical, encode
from tera.engine.certificate_schema import BadCertificate, decode
from tera.engine.recompute import differences, recompute, recompute_here
from tera.engine.tally import Tally

GOLDEN = sorted(Path("tests/vectors/certificates").glob("*.json"))
EXCLUDED = Path("tests/vectors/certificates/excluded-14.json").read_bytes()


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_kept_certificate_is_computed_again_byte_for_byte(path: Path) -> None:
    assert recompute_here(path.read_bytes()) == path.read_bytes()
    assert differences(path.read_bytes(), path.read_bytes()) == []


def test_one_is_kept_of_every_case() -> None:
    kept = {path.stem: json.loads(path.read_bytes()) for path in GOLDEN}
    assert {name: one["withheld"] for name, one in kept.items()} == {
        "corrected": "corrected",
        "excluded-14": None,
        "excluded-3": "few",
        "small": "small",
    }
    assert [bool(one["measures"]) for one in kept.values()] == [True, True, True, False]
    assert kept["excluded-14"]["verified"]["minutes"] == "minutes/kanwil-rekaan/1"
    assert kept["small"]["unverified"] == "no office above"


# ---- Whatever is changed is noticed


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every value that is no table or list, as where it lies and under which key."""
    for key in value if isinstance(value, dict) else range(len(value)):
        if isinstance(value[key], dict | list):
            yield from places(value[key])
        else:
            yield value, key


def is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and isinstance(Fraction(str(value)), Fraction)
    except ValueError:
        return False


def is_noticed(document: bytes) -> bool:
    try:
        return bool(differences(document, recompute_here(document)))
    except BadCertificate:
        return True


@pytest.mark.parametrize("step", [1, -1, 7])
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_number_that_is_changed_is_noticed(path: Path, step: int) -> None:
    document = json.loads(path.read_bytes())
    changed = 0
    for where, key in list(places(document)):
        kept = where[key]
        if not is_number(kept):
            continue
        where[key] = kept + step if isinstance(kept, int) else str(Fraction(kept) + step)
        changed += 1
        assert is_noticed(canonical(document)), (key, kept)
        where[key] = kept
    assert changed >= len(document["counts"])


def test_every_answer_that_changes_its_score_is_noticed() -> None:
    document = json.loads(EXCLUDED)
    for part in (document, document["with_excluded"]):
        for tally in part["tallies"].values():
            for row in tally["counts"].values():
                kept = dict(row)
                row["3"], row["4"] = row["3"] - 1, row["4"] + 1
                assert is_noticed(canonical(document))
                row.update(kept)


def test_every_verdict_and_grade_that_is_changed_is_noticed() -> None:
    document = json.loads(EXCLUDED)
    told = [(where, key) for where, key in places(document) if key in {"met", "eligible", "grade", "article"}]
    assert len(told) > 20
    for where, key in told:
        kept = where[key]
        where[key] = not kept if isinstance(kept, bool) else "A+"
        assert is_noticed(canonical(document)), key
        where[key] = kept


Deed = Callable[[dict[str, Any]], object]
ONE_TOO_FEW = {"PUNGLI": {"4": 9}}
WRONG: dict[str, Deed] = {
    "a tally of nine answers": lambda one: one["tallies"]["spak-5-4"]["counts"].update(ONE_TOO_FEW),
    "a few who answered more": lambda one: one["with_excluded"]["tallies"]["skm-9"].update(respondents=66),
    "no tally": lambda one: one["tallies"].pop("skm-9"),
    "no answers with the excluded": lambda one: one.update(with_excluded=None),
    "a reason where there are minutes": lambda one: one.update(unverified="imported"),
    "a key more": lambda one: one.update(note="-"),
    "measures in another order": lambda one: one["measures"].reverse(),
    "a verdict less": lambda one: one["verdicts"].pop("wbk"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_follow_is_noticed(name: str) -> None:
    document = json.loads(EXCLUDED)
    WRONG[name](document)
    assert is_noticed(canonical(document))


def test_where_it_differs_is_said() -> None:
    document = json.loads(EXCLUDED)
    document["measures"][0]["points"]["shown"] = "3.99"
    changed = canonical(document)
    assert differences(changed, recompute_here(changed)) == [
        'measures[1].points.shown is "3.99", and "3.74" follows'
    ]
    spaced = json.dumps(json.loads(EXCLUDED)).encode()
    assert differences(spaced, recompute_here(spaced)) == [
        "the same is said in other bytes: they are not canonical"
    ]


# ---- What cannot be computed again


REFUSED: dict[str, tuple[Deed, str]] = {
    "another format": (
        lambda one: one.update(format="tera/certificate/v2"),
        "use one of tera/certificate/v1",
    ),
    "a file that changed": (
        lambda one: one["instruments"][1].update(sha256="ab" * 32),
        "spak-5-4 is another",
    ),
    "a rulebook that changed": (
        lambda one: one["rulebooks"][1].update(sha256="ab" * 32),
        "permenpanrb-10-2019 is another",
    ),
    "an unknown questionnaire": (
        lambda one: one["instruments"][0].update(id="skm-99"),
        "no 'skm-99' here; there are: ",
    ),
    "three rulebooks": (lambda one: one["rulebooks"].append(one["rulebooks"][0]), "that of the survey and"),
    "a day that is none": (lambda one: one.update(starts_on="2026-02-30"), "expected a day"),
    "answers to what was not asked": (
        lambda one: one["tallies"].update(ikm=one["tallies"]["skm-9"]),
        "ikm is not among the instruments",
    ),
    "an item that is not asked": (
        lambda one: one["tallies"]["skm-9"]["counts"].update(WARNA={"4": 20}),
        "no such item or score: WARNA",
    ),
    "a score that is not offered": (
        lambda one: one["tallies"]["skm-9"]["counts"].update(BIAYA={"5": 20}),
        "no such item or score: BIAYA",
    ),
    "a score that is none": (
        lambda one: one["tallies"]["skm-9"]["counts"].update(BIAYA={"x": 20}),
        "'x' is no score",
    ),
    "more answers than people": (
        lambda one: one["tallies"]["skm-9"]["counts"].update(BIAYA={"4": 64}),
        "64 answers of 63 respondents",
    ),
    "more people than responses": (
        lambda one: one["counts"].update(count=62),
        "63 respondents of 62 responses",
    ),
    "a decision that verifies nothing": (
        lambda one: one["verified"].update(decision="RETURNED"),
        "use one of VERIFIED, VERIFIED_WITH_NOTES",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_certificate_is_refused_and_says_why(name: str) -> None:
    deed, complaint = REFUSED[name]
    document = json.loads(EXCLUDED)
    deed(document)
    with pytest.raises(BadCertificate, match=complaint):
        recompute_here(canonical(document))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff", b"{}", b"[" * 9000, b"1" * 9000])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(BadCertificate):
        decode(content)


def test_a_file_with_one_more_space_is_another_one() -> None:
    asked = {name: instruments.read(name) for name in instruments.list_ids()}
    rules = {name: law.read(name) for name in law.list_ids()}
    assert recompute(EXCLUDED, asked, rules) == EXCLUDED
    with pytest.raises(BadCertificate, match="skm-9 is another file here than the one that was certified"):
        recompute(EXCLUDED, {**asked, "skm-9": asked["skm-9"] + " "}, rules)
    with pytest.raises(BadCertificate, match="there is no 'skm-9' here"):
        recompute(EXCLUDED, {}, rules)


def test_a_later_version_keeps_the_version_that_certified() -> None:
    document = {**json.loads(EXCLUDED), "version": "9.9.9"}
    assert json.loads(recompute_here(canonical(document)))["version"] == "9.9.9"


# ---- What it may show


def written(certified: Certified) -> dict[str, Any]:
    asked = [get_instrument(file.id) for file in certified.instruments]
    survey, zone = (get_rulebook(file.id) for file in certified.rulebooks)
    return dict(json.loads(encode(certified, asked, (survey, zone))))


def test_a_result_of_fewer_than_ten_shows_counts_only() -> None:
    few = replace(decode(EXCLUDED), count=9)
    found = written(few)
    assert (found["tallies"], found["measures"], found["verdicts"]) == ({}, [], {})
    assert (found["with_excluded"], found["withheld"]) == (None, "small")


def test_no_item_is_shown_that_fewer_than_ten_answered() -> None:
    whole = decode(EXCLUDED)
    tally = whole.tallies["spak-5-4"]
    counts = {**tally.counts, "PUNGLI": {4: 9}, "CALO": {}}
    found = written(replace(whole, tallies={**whole.tallies, "spak-5-4": replace(tally, counts=counts)}))
    assert not {"PUNGLI", "CALO"} & found["tallies"]["spak-5-4"]["counts"].keys()
    few = Tally(9, 9, {"PUNGLI": {4: 9}})
    assert "spak-5-4" not in written(replace(whole, tallies={"spak-5-4": few}))["tallies"]


@pytest.mark.parametrize(("excluded", "withheld"), [(0, "none"), (1, "few"), (9, "few"), (10, None)])
def test_what_the_excluded_change_is_shown_of_ten_or_more(excluded: int, withheld: str | None) -> None:
    found = written(replace(decode(EXCLUDED), excluded=excluded))
    assert found["withheld"] == withheld
    assert (found["with_excluded"] is None) == (withheld is not None)


def test_no_number_with_the_excluded_differs_by_a_few_people() -> None:
    whole = decode(EXCLUDED)
    skm, spak = (whole.tallies_with[name] for name in ("skm-9", "spak-5-4"))
    few = {**skm.counts, "BIAYA": {4: skm.of_items(["BIAYA"])[0] - 8}}
    with_ = {"skm-9": replace(skm, counts=few), "spak-5-4": replace(spak, respondents=66)}
    shown = written(replace(whole, tallies_with=with_))["with_excluded"]["tallies"]
    assert [*shown] == ["skm-9"]
    assert "BIAYA" not in shown["skm-9"]["counts"]
    assert "PRODUK" in shown["skm-9"]["counts"]


@pytest.mark.parametrize("verified", [*Unverified, Verified("minutes/kanwil/3", "VERIFIED")])
def test_it_says_where_a_result_was_verified_or_why_nowhere(verified: Verified | Unverified) -> None:
    found = written(replace(decode(EXCLUDED), verified=verified))
    assert (found["verified"] is None) != (found["unverified"] is None)
    assert decode(canonical(found)).verified == verified
