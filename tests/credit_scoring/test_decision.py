"""From log-odds to a decision, up to the last edge."""

import numpy as np
import pytest
from credit_scoring.decision import (
    RISK_BANDS,
    VERDICTS,
    accepts,
    default_probabilities,
    default_probability,
    risk_bands,
    verdicts,
)
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.credit_scoring.examples import same_bits

MARGINS = arrays.arrays(np.float64, st.integers(0, 40), elements=st.floats(-800, 800))


def test_even_odds_are_one_half_and_nine_to_one_a_tenth():
    found = default_probabilities(np.array([0.0, -np.log(9.0), np.log(9.0)]))
    np.testing.assert_allclose(found, [0.5, 0.1, 0.9], rtol=1e-15)


@pytest.mark.filterwarnings("error")
def test_extreme_margins_are_certain_and_silent():
    margins = np.array([-np.inf, -1e308, -800.0, 800.0, 1e308, np.inf])
    with np.errstate(over="warn", invalid="warn", divide="warn"):
        assert default_probabilities(margins).tolist() == [0, 0, 0, 1, 1, 1]


@given(MARGINS)
def test_a_higher_margin_never_has_a_lower_pd(margins):
    found = default_probabilities(np.sort(margins))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()


@given(MARGINS)
def test_a_pd_has_the_same_bits_alone_and_in_company(margins):
    together = default_probabilities(margins)
    alone = [default_probabilities(margins[row : row + 1]) for row in range(len(margins))]
    assert same_bits(np.concatenate([np.empty(0), *alone]), together)


def test_a_pd_at_the_cutoff_is_refused_and_just_below_accepted():
    cutoff = 1 / 11
    at = np.array([np.nextafter(cutoff, 0), cutoff, np.nextafter(cutoff, 1)])
    assert accepts(at, cutoff=cutoff).tolist() == [True, False, False]


def test_a_cutoff_of_zero_refuses_all_and_of_one_all_but_the_certain():
    probabilities = np.array([0.0, 0.5, 1.0])
    assert not accepts(probabilities, cutoff=0.0).any()
    assert accepts(probabilities, cutoff=1.0).tolist() == [True, True, False]


def test_a_risk_band_begins_at_its_edge():
    edges = (0.05, 0.1)
    at = np.array([0.0, np.nextafter(0.05, 0), 0.05, np.nextafter(0.1, 0), 0.1, 1.0])
    bands = risk_bands(at, edges=edges)
    assert bands.dtype == np.int8
    names = [RISK_BANDS[band] for band in bands]
    assert names == ["low", "low", "medium", "medium", "high", "high"]


def test_where_high_begins_at_the_cutoff_the_high_are_the_refused():
    probabilities = np.linspace(0, 1, 1001)
    refused = ~accepts(probabilities, cutoff=0.1)
    assert np.array_equal(risk_bands(probabilities, edges=(0.05, 0.1)) == 2, refused)


@pytest.mark.parametrize("margin", [-710.0, -40.0, -2.197, -1e-9, 0.0, 1e-9, 2.197, 40.0, 710.0])
def test_the_pd_of_one_margin_is_that_of_many(margin):
    [expected] = default_probabilities(np.array([margin]))
    assert default_probability(margin) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_what_is_to_be_reviewed_is_neither_accepted_nor_refused():
    accepted, to_review = np.array([True, False, True, False]), np.array([False, False, True, True])
    codes = verdicts(accepted, to_review)
    assert codes.dtype == np.int8
    assert codes.tolist() == [0, 1, 2, 2]
    assert [VERDICTS[code] for code in codes] == ["accept", "refuse", "review", "review"]
