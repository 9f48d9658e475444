"""Whatever is shown of a campaign, before and after exclusions: no two differ by fewer than k people."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tera.engine import disclosure
from tera.engine.disclosure import K
from tera.engine.tally import Row, Tally

CODES, REQUIRED = ("BIAYA", "WAKTU", "ADUAN"), {"BIAYA", "WAKTU"}
People = frozenset[int]


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Sequence[Row], list[int], People, People]:
    """Return answers, where each block ends, and who is excluded: mostly out of the last block, some late."""
    sizes = [*draw(st.lists(st.integers(K, 15), max_size=3)), draw(st.integers(2 * K, 32))]
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    answers = st.tuples(st.just(3), st.integers(1, 4), st.sampled_from([None, None, 1, 4]))
    rows = draw(st.lists(answers, min_size=ends[-1], max_size=ends[-1]))
    first = ends[-2] if len(ends) > 1 and draw(st.integers(0, 3)) else 0
    excluded = draw(st.frozensets(st.integers(first, ends[-1] - 1), max_size=15))
    late = draw(st.frozensets(st.integers(0, ends[-1] - 1), max_size=25)) if draw(st.booleans()) else excluded
    return rows, ends, excluded, late - excluded


def artefacts(
    rows: Sequence[Row], ends: list[int], excluded: People, late: People = frozenset()
) -> list[tuple[Tally, People]]:
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
        left = counted - late
        is_kept = disclosure.may_certify(len(last), len(last - left), has_earlier=len(ends) > 1)
        if len(late) >= K and is_kept and disclosure.may_correct({"": of(counted)}, {"": of(left)}):
            found.append((disclosure.shown(of(left)), left))
    return found


@given(campaigns())
def test_no_difference_of_two_tallies_is_about_fewer_than_k(
    case: tuple[Sequence[Row], list[int], People, People],
) -> None:
    rows, *_ = case
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


def test_a_corrected_result_stands_beside_the_former_unless_it_tells_of_a_few() -> None:
    rows: Sequence[Row] = [(1, 1, 1 if person < 3 else None) for person in range(13)] + [(4, 4, 4)] * 30
    nobody, some, blank = frozenset[int](), frozenset(range(13)), frozenset(range(3, 13))
    assert len(artefacts(rows, [43], nobody, some)) == 1  # three of them answered what may be left blank
    (_, everybody), (tally, left) = artefacts(rows, [43], nobody, blank)
    assert (len(everybody), len(left)) == (43, 33)
    assert tally.counts["ADUAN"] == {1: 3, 4: 30}
    assert len(artefacts(rows, [43], nobody, blank - {12})) == 1  # nine people


def test_exclusions_that_leave_fewer_than_k_of_the_last_block_are_not_certified() -> None:
    rows: list[Row] = [(4, 4, 4)] * 30
    assert len(artefacts(rows, [10, 30], frozenset(range(10, 20)))) == 3  # shown before, without, and with
    assert len(artefacts(rows, [10, 30], frozenset(range(10, 21)))) == 1  # shown before only
    assert len(artefacts(rows, [30], frozenset(range(11)))) == 2  # nothing was shown before


def tables(cells: int, people: int) -> Iterator[tuple[int, ...]]:
    """Yield every table of so many cells that so many people can make."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        yield from ((first, *rest) for rest in tables(cells - 1, people - first))


@pytest.mark.parametrize("k", [3, 4])
@pytest.mark.parametrize("cells", [2, 3, 4])
@pytest.mark.parametrize("people", [4, 7, 9, 12, 15])
def test_no_cell_below_k_follows_from_the_others_their_sum_and_the_rule(
    k: int, cells: int, people: int
) -> None:
    behind = defaultdict(list)
    for table in tables(cells, people):
        counts = {str(place): count for place, count in enumerate(table)}
        behind[tuple(disclosure.shown_cells(counts, k).values())].append(table)
    for shown, possible in behind.items():
        assert all(count is None or count == 0 or count >= k for count in shown)
        assert 0 not in shown or None not in shown
        together = people - sum(count for count in shown if count is not None)
        assert None not in shown or together >= k
        for place, count in enumerate(shown):
            if count is None:
                here = {table[place] for table in possible}
                below = {number for number in here if 0 < number < k}
                assert len(here) > 1
                assert len(below) != 1, (shown, possible)


def test_a_small_cell_takes_the_next_larger_one_along() -> None:
    assert disclosure.shown_cells({"F": 60, "M": 30, "": 3}) == {"F": 60, "M": None, "": None}
    assert disclosure.shown_cells({"F": 60, "M": 30, "": 0}) == {"F": 60, "M": 30, "": 0}
    assert disclosure.shown_cells({"F": 40, "M": 3}) == {"F": None, "M": None}
    several = {"A": 90, "B": 5, "C": 4, "D": 4}
    assert disclosure.shown_cells(several) == {"A": 90, "B": None, "C": None, "D": None}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 300)))
def test_what_is_shown_is_true_and_what_is_hidden_is_about_k_people(counts: dict[str, int]) -> None:
    found = disclosure.shown_cells(counts)
    assert all(count in (None, counts[code]) for code, count in found.items())
    hidden = [counts[code] for code, count in found.items() if count is None]
    assert not hidden or sum(hidden) >= K or len(hidden) == len(counts)
