"""Honest answers lie where they are told to, and each fabricator leaves its own trace."""

import numpy as np
import numpy.typing as npt
import pytest

from tera.engine.catalogue import get_instrument
from tera.statistics.simulation.fabricators import FABRICATORS, HONEST, invent
from tera.statistics.simulation.honest import Forms, Honest

SKM = get_instrument("skm-9")


def fakes(name: str, share: float = 0.5, respondents: int = 400) -> tuple[Forms, Forms]:
    """Return the genuine forms and the fabricated ones."""
    forms, origins = invent(Honest(SKM, 3.2), respondents, share, name, np.random.default_rng(3))
    is_genuine = np.array(origins) == HONEST
    return forms[is_genuine], forms[~is_genuine]


def correlations(forms: Forms) -> npt.NDArray[np.float64]:
    """Return the correlation of each pair of items."""
    return np.array(np.corrcoef(forms.T))[np.triu_indices(forms.shape[1], 1)]


@pytest.mark.parametrize("mean", [1.2, 2.8, 3.2, 3.9])
@pytest.mark.parametrize("instrument", ["skm-9", "spak-5-6"])
def test_honest_answers_have_the_mean_that_was_asked_for(mean: float, instrument: str) -> None:
    forms = Honest(get_instrument(instrument), mean).draw(20_000, np.random.default_rng(1))
    assert forms.mean() == pytest.approx(mean, abs=0.02)
    assert forms.min() >= 1
    assert forms.max() <= get_instrument(instrument).highest


def test_a_profile_moves_items_and_not_the_mean() -> None:
    profile = (0.5, *[0.0] * 8)
    forms = Honest(SKM, 3.2, profile=profile).draw(20_000, np.random.default_rng(1))
    assert forms.mean() == pytest.approx(3.2, abs=0.02)
    assert forms[:, 0].mean() > forms[:, 1].mean() + 0.3


def test_a_higher_loading_makes_respondents_differ_more() -> None:
    low, high = (
        Honest(SKM, 3.2, loading).draw(5_000, np.random.default_rng(1)).mean(axis=1).std()
        for loading in (0.3, 0.8)
    )
    assert high > low * 1.4


@pytest.mark.parametrize("name", FABRICATORS)
def test_as_many_are_fabricated_as_were_asked_for(name: str) -> None:
    genuine, fabricated = fakes(name, 0.2, 60)
    assert (len(genuine), len(fabricated)) == (48, 12)
    assert {*fabricated.ravel().tolist()} <= {1, 2, 3, 4}
    again, _ = invent(Honest(SKM, 3.2), 60, 0.2, name, np.random.default_rng(3))
    once_more, _ = invent(Honest(SKM, 3.2), 60, 0.2, name, np.random.default_rng(3))
    assert np.array_equal(again, once_more)


def test_perfect_and_uniform_forms() -> None:
    assert {*fakes("perfect")[1].ravel().tolist()} == {4}
    assert {*fakes("uniform")[1].ravel().tolist()} == {3}


def test_copies_differ_from_one_genuine_form_in_one_item_by_one_step() -> None:
    genuine, copies = fakes("copy")
    distances = np.abs(copies[:, None].astype(int) - genuine[None]).sum(axis=2)
    assert (distances.max(axis=0) <= 1).any()
    same = (np.abs(copies.astype(int) - np.median(copies, axis=0)).sum(axis=1) == 0).mean()
    assert 0.4 < same < 0.7


def test_independent_forms_are_threes_and_fours_that_do_not_hang_together() -> None:
    _, fabricated = fakes("independent", 0.9, 4000)
    assert {*fabricated.ravel().tolist()} == {3, 4}
    assert np.abs(correlations(fabricated)).max() < 0.08


def test_resampled_forms_have_the_unit_s_own_shares() -> None:
    genuine, fabricated = fakes("resampled", 0.5, 8000)
    assert np.allclose(genuine.mean(axis=0), fabricated.mean(axis=0), atol=0.05)
    assert np.abs(correlations(fabricated)).max() < 0.08


def test_careful_forms_are_honest_ones_at_a_higher_level() -> None:
    genuine, fabricated = fakes("careful", 0.5, 8000)
    assert fabricated.mean() == pytest.approx(3.6, abs=0.03)
    assert correlations(fabricated).mean() > 0.15
    assert genuine.mean() == pytest.approx(3.2, abs=0.03)


def test_a_form_stays_genuine() -> None:
    genuine, fabricated = fakes("copy", 0.99, 10)
    assert (len(genuine), len(fabricated)) == (1, 9)
