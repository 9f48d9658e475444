"""Whatever is shown of a campaign, before and after exclusions: no two differ by fewer than k people."""

from collections.abc import Sequence
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tera.engine import disclosure
from tera.engine.disclosure import K
from tera.engine.tally import Row, Tally

CODES, REQUIRED = ("BIAYA", "WAKTU", "ADUAN"), {"BIAYA", "WAKTU"}
People = frozenset[int]


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Sequence[Row], list[int], People]:
    """Return answers, where each block ends, and who is excluded: mostly out of the last block."""
    sizes = [*draw(st.lists(st.integers(K, 15), max_size=3)), draw(st.integers(2 * K, 32))]
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    answers = st.tuples(st.just(3), st.integers(1, 4), st.sampled_from([None, None, 1, 4]))
    rows = draw(st.lists(answers, min_size=ends[-1], max_size=ends[-1]))
    first = ends[-2] if len(ends) > 1 and draw(st.integers(0, 3)) else 0
    return rows, ends, draw(st.frozensets(st.integers(first, ends[-1] - 1), max_size=15))


def artefacts(rows: Sequence[Row], ends: list[int], excluded: People) -> list[tuple[Tally, People]]:
    """Return every tally that is shown of a campaign in its life, and whom it is about."""

    def of(people: People) -> Tally:
        return Tally.of(CODES, [rows[person] for person in sorted(people)])

    found = [
        (disclosure.shown_before(of(people), REQUIRED), people)
        for people in map(frozenset, map(range, ends[:-1]))
    ]
    everybody = frozenset(range(ends[-1]))
    last = frozenset(range(ends[-2] if len(ends) > 1 else 0, ends[-1]))
    if disclosure.may_certify(len(last), len(last & excluded), has_earlier=len(ends) > 1):
        counted = everybody - excluded
        found.append((disclosure.shown(of(counted)), counted))
        if disclosure.may_show_with(len(excluded)):
            found.append((disclosure.shown_with(of(everybody), of(excluded)), everybody))
    return found


@given(campaigns())
def test_no_difference_of_two_tallies_is_about_fewer_than_k(
    case: tuple[Sequence[Row], list[int], People],
) -> None:
    rows, _, _ = case
    found = artefacts(*case)
    for (one, fewer), (other, more) in permutations(found, 2):
        if not fewer < more:
            continue  # what both show of different people cannot be taken from each other
        for place, code in enumerate(CODES):
            if one.counts.get(code) and other.counts.get(code):
                between = sum(rows[person][place] is not None for person in more - fewer)
                assert between == 0 or between >= K, code


def test_of_thirty_one_people_one_is_excluded_and_cannot_be_read() -> None:
    rows: list[Row] = [*[(4, 4, 4)] * 30, (1, 1, 1)]
    [(tally, people)] = artefacts(rows, [31], frozenset({30}))
    assert (len(people), tally.counts["BIAYA"]) == (30, {4: 30})
    assert [len(people) for _, people in artefacts(rows, [11, 31], frozenset({30}))] == [11, 30]


def test_with_ten_excluded_both_are_shown_but_not_what_few_of_them_answered() -> None:
    excluded = frozenset(range(10))
    rows: Sequence[Row] = [(1, 1, 1 if person < 3 else None) for person in range(10)] + [(4, 4, 4)] * 30
    (without, _), (with_, _) = artefacts(rows, [40], excluded)
    assert without.counts["ADUAN"] == {4: 30}
    assert with_.counts.get("ADUAN", {}) == {}
    assert with_.counts["BIAYA"] == {1: 10, 4: 30}


def test_exclusions_that_leave_fewer_than_k_of_the_last_block_are_not_certified() -> None:
    rows: list[Row] = [(4, 4, 4)] * 30
    assert len(artefacts(rows, [10, 30], frozenset(range(10, 20)))) == 3  # shown before, without, and with
    assert len(artefacts(rows, [10, 30], frozenset(range(10, 21)))) == 1  # shown before only
    assert len(artefacts(rows, [30], frozenset(range(11)))) == 2  # nothing was shown before
