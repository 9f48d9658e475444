"""Beside the verdict of the law: what the data prove at a threshold, and what would explain the pass."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tera.engine.breakdown import means_of
from tera.engine.catalogue import get_instrument, get_rulebook
from tera.engine.eligibility import Verdict, judge
from tera.engine.explain import LANGUAGES
from tera.engine.index import compute
from tera.engine.tally import Tally
from tera.statistics.uncertainty.explain import explain_proof
from tera.statistics.uncertainty.proof import (
    Evidence,
    Proof,
    Status,
    calls_to_rule_out,
    fake_forms_to_flip,
    prove,
    together,
)

SPAK, SKM = get_instrument("spak-5-4"), get_instrument("skm-9")
RULES = get_rulebook("permenpanrb-10-2019")
Rows = list[tuple[int | None, ...]]


def proven(rows: Rows, title: str = "wbk", instrument: str = "spak-5-4") -> tuple[Verdict, dict[str, Proof]]:
    asked = get_instrument(instrument)
    found = compute(Tally.of(asked.codes, rows), asked, RULES)
    complete = Counter(bytes(score or 0 for score in row) for row in rows if None not in row)
    evidence = {found.measure.id: Evidence(found, means_of(asked, complete))}
    verdict = judge(RULES, title, {found.measure.id: found.converted}, found.n, survey_only=True)
    return verdict, prove(verdict, evidence, found.n)


def corruption(rows: Rows) -> Proof:
    return proven(rows)[1]["ipk"]


def forms(*groups: tuple[int, tuple[int | None, ...]]) -> Rows:
    return [row for times, row in groups for _ in range(times)]


FINE, GOOD, FAIR, WORST = (4,) * 5, (4, 4, 4, 4, 3), (3,) * 5, (1,) * 5


def test_fifteen_of_forty_forms_explain_3_74_against_3_60() -> None:
    assert fake_forms_to_flip(Fraction("3.74"), Fraction("3.60"), Fraction(4), 40) == 15
    assert calls_to_rule_out(15, 40) == 7


@given(st.integers(1, 500), st.integers(0, 1200), st.sampled_from(["3.20", "3.60"]))
def test_so_many_perfect_forms_and_no_fewer_hide_a_mean_below(n: int, extra: int, asked: str) -> None:
    threshold, total = Fraction(asked), min(Fraction(3 * n) + Fraction(extra, 3), Fraction(4 * n))
    flips = fake_forms_to_flip(total / n, threshold, Fraction(4), n)
    if total / n < threshold:
        assert flips is None
        return
    assert flips is not None
    assert flips == n or (total - 4 * flips) / (n - flips) < threshold
    assert (total - 4 * (flips - 1)) / (n - flips + 1) >= threshold


def test_nobody_is_called_who_does_not_exist() -> None:
    assert calls_to_rule_out(1, 12) == 12


def test_thirty_forms_with_a_mean_of_3_80_cannot_prove_3_60() -> None:
    verdict, proofs = proven(forms((20, FINE), (10, (3, 3, 3, 4, 4))))
    assert next(found for found in verdict.findings if found.criterion.id == "ipk").met
    ipk = proofs["ipk"]
    assert ipk.status == Status.NOT_YET
    assert ipk.lower_bound is not None
    assert ipk.lower_bound < Fraction("13.5")


def test_as_many_more_respondents_as_it_says_prove_it_and_one_fewer_does_not() -> None:
    def twenties(times: int) -> Proof:
        return corruption(forms((15 * times, FINE), (4 * times, GOOD), (times, WORST)))

    needed = twenties(2).respondents_needed
    assert needed is not None
    enough = -(-(40 + needed) // 20)
    assert enough > 2
    assert twenties(enough).status == Status.PROVEN
    assert twenties(enough - 1).status == Status.NOT_YET


def test_four_hundred_good_forms_prove_it() -> None:
    ipk = corruption(forms((300, FINE), (100, GOOD)))
    assert (ipk.status, ipk.respondents_needed) == (Status.PROVEN, 0)


def test_whoever_just_reaches_the_threshold_proves_it_with_no_number_of_respondents() -> None:
    ipk = corruption(forms((24, FINE), (16, FAIR)))  # exactly 3,60
    assert (ipk.status, ipk.respondents_needed, ipk.fake_forms_to_flip) == (Status.NOT_YET, None, 1)


def test_below_is_below_however_many_answered() -> None:
    ipk = corruption(forms((200, FAIR)))
    assert (ipk.status, ipk.fake_forms_to_flip, ipk.respondents_needed) == (Status.BELOW, None, None)


def test_nine_forms_are_too_few_to_judge() -> None:
    assert corruption(forms((9, FINE))).status == Status.UNJUDGED
    assert corruption(forms((10, FINE))).status == Status.NOT_YET


def test_blanks_in_more_than_a_tenth_of_the_forms_leave_it_unjudged() -> None:
    blank = (4, 4, 4, 4, None)
    assert corruption(forms((380, FINE), (20, blank))).status == Status.PROVEN
    assert corruption(forms((90, FINE), (10, blank))).status == Status.NOT_YET
    assert corruption(forms((89, FINE), (11, blank))).status == Status.UNJUDGED


def test_a_form_with_a_blank_counts_as_the_lowest_in_the_bound() -> None:
    with_blanks = corruption(forms((380, FINE), (20, (4, 4, 4, 4, None)))).lower_bound
    assert with_blanks == corruption(forms((380, FINE), (20, WORST))).lower_bound


def paid(score: int | None, others: int = 4) -> tuple[int | None, ...]:
    """Return a form of ipk-10, of which one item is for those who paid."""
    codes = get_instrument("ipk-10").codes
    return tuple(score if code == "IPK10_TRANSAKSI" else others for code in codes)


def test_an_item_that_few_answer_weighs_more_in_the_index_so_nothing_is_proven() -> None:
    """One item of ipk-10 is for those who paid; in the index its element weighs a tenth all the same."""
    few: Rows = [paid(4)] * 20 + [paid(None)] * 180
    verdict, proofs = proven(few, instrument="ipk-10")
    assert proofs["ipk"].status == Status.UNJUDGED
    assert next(found for found in verdict.findings if found.criterion.id == "ipk").met


def test_perfect_forms_are_taken_away_from_every_element() -> None:
    rows: Rows = [paid(4)] * 8 + [paid(1)] * 4 + [paid(None, others=3)] * 4 + [paid(None)] * 24
    asked = get_instrument("ipk-10")
    flips = proven(rows, instrument="ipk-10")[1]["ipk"].fake_forms_to_flip
    assert flips is not None
    met = [
        compute(Tally.of(asked.codes, rows[taken:]), asked, RULES).converted >= Fraction("13.5")
        for taken in range(flips + 1)
    ]
    assert met == [True] * flips + [False]


def test_respondents_are_counted_not_estimated() -> None:
    proofs = proven(forms((40, FINE)))[1]
    assert proofs["respondents"].status == Status.PROVEN
    assert proofs["respondents"].fake_forms_to_flip == 11
    few = proven(forms((29, FINE)))[1]["respondents"]
    assert (few.status, few.respondents_needed) == (Status.BELOW, 1)


def test_a_verdict_flips_by_its_weakest_criterion() -> None:
    proofs = proven(forms((30, FINE), (10, (4, 4, 4, 3, 3))))[1]
    del proofs["ikm"]
    assert proofs["ipk"].fake_forms_to_flip == 31
    whole = together(proofs)
    assert (whole.status, whole.fake_forms_to_flip) == (Status.PROVEN, 11)


def test_a_measure_that_was_not_asked_cannot_be_judged() -> None:
    verdict, proofs = proven(forms((400, FINE)))
    assert proofs["ikm"].status == Status.UNJUDGED
    assert together(proofs).status == Status.UNJUDGED
    ikm = next(found for found in verdict.findings if found.criterion.id == "ikm")
    assert explain_proof(ikm, proofs["ikm"])["id"] == "Tidak ditanyakan, jadi tidak dapat dinilai."


def test_six_points_are_mapped_like_the_index() -> None:
    rows: Rows = [(6,) * 5] * 400
    ipk = proven(rows, instrument="spak-5-6")[1]["ipk"]
    assert ipk.status == Status.PROVEN
    assert ipk.lower_bound is not None
    assert Fraction("14.8") < ipk.lower_bound < 15


def test_every_status_is_said_in_both_languages() -> None:
    cases = [
        forms((40, FINE)),
        forms((400, FINE)),
        forms((40, FAIR)),
        forms((9, FINE)),
        forms((24, FINE), (16, FAIR)),
    ]
    said = set()
    for rows in cases:
        verdict, proofs = proven(rows)
        for finding in verdict.findings:
            sentence = explain_proof(finding, proofs[finding.criterion.id])
            assert sorted(sentence) == sorted(LANGUAGES)
            assert "None" not in " ".join(sentence.values())
            said.add(proofs[finding.criterion.id].status)
    assert said == set(Status)


def test_the_sentence_names_bound_respondents_forms_and_calls() -> None:
    verdict, proofs = proven(forms((30, FINE), (8, GOOD), (2, WORST)))
    finding = next(found for found in verdict.findings if found.criterion.id == "ipk")
    ipk, said = proofs["ipk"], explain_proof(finding, proofs["ipk"])["id"]
    for number in (ipk.respondents_needed, ipk.fake_forms_to_flip, ipk.calls_needed, 40):
        assert str(number) in said
    assert "baru gugur bila jumlahnya paling sedikit" in said
