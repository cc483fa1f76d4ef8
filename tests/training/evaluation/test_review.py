"""Who is left to people is measured, bounded, and the same in the bundle as in training."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema

from training.evaluation.review import (
    FEWEST_EXTREME,
    MOST_NEAR,
    UNLIKE,
    near_cutoff,
    nearest_rows,
    standard_error,
    usual_profile,
)

SCHEMA = FeatureSchema(
    ("AMT_CREDIT", "CODE_GENDER", "EXT_SOURCE_1"),
    {"CODE_GENDER": FEATURES["CODE_GENDER"].categories},
)
CUTOFF = 0.1


def draw_margins(count=4_000):
    return np.random.default_rng(0).normal(-2.5, 1.0, count)


def draw_matrix(count=30_000):
    rng = np.random.default_rng(1)
    matrix = np.column_stack(
        [rng.lognormal(13, 0.5, count), rng.integers(0, 2, count), rng.random(count)]
    )
    matrix[rng.random(count) < 0.3, 2] = np.nan
    return matrix


def test_the_jackknife_of_two_halves_is_half_their_difference():
    assert standard_error(np.array([[1.0, 2.0, 3.0], [1.2, 2.4, 3.8]])) == pytest.approx(0.2)


def test_the_jackknife_finds_the_standard_error_of_a_mean():
    values = np.random.default_rng(2).normal(size=(200, 2_000))
    groups = np.arange(200) % 10
    means = np.array([values[groups != group].mean(axis=0) for group in range(10)])
    assert standard_error(means) == pytest.approx(1 / np.sqrt(200), rel=0.1)


def test_a_small_error_is_the_width_on_both_sides_of_the_cutoff():
    near = near_cutoff(draw_margins(), cutoff=CUTOFF, error=0.02)
    assert near.width == near.standard_error == 0.02
    assert near.low < CUTOFF < near.high
    odds = [pd_ / (1 - pd_) for pd_ in (near.low, CUTOFF, near.high)]
    assert odds[2] / odds[1] == pytest.approx(odds[1] / odds[0]) == pytest.approx(np.exp(0.02))


def test_a_large_error_leaves_no_more_to_people_than_they_can_look_at():
    margins = draw_margins()
    near = near_cutoff(margins, cutoff=CUTOFF, error=0.5)
    pds = default_probabilities(margins)
    share = np.mean((pds >= near.low) & (pds < near.high))
    assert near.share == share
    assert MOST_NEAR - 0.001 < share <= MOST_NEAR < near.share_by_error


@pytest.mark.parametrize("cutoff", [0.0, 1.0])
def test_a_cutoff_that_parts_nobody_leaves_nobody_to_people(cutoff):
    near = near_cutoff(draw_margins(), cutoff=cutoff, error=0.1)
    assert (near.low, near.high, near.share) == (cutoff, cutoff, 0.0)
    assert len(nearest_rows(draw_margins(), cutoff)) > 0


def test_the_rows_around_the_cutoff_are_the_nearest():
    margins = draw_margins(1_000)
    rows = nearest_rows(margins, CUTOFF)
    distances = np.abs(margins - np.log(CUTOFF / (1 - CUTOFF)))
    assert len(rows) == 100
    assert distances[rows].max() <= np.delete(distances, rows).min()


def test_about_one_in_a_hundred_of_the_reference_is_unlike_the_rest():
    matrix = draw_matrix()
    matrix[:2_000, 0] *= np.linspace(1, 30, 2_000)
    usual = usual_profile(matrix, SCHEMA, np.array([0.5, 0.2, 0.3]))
    assert usual.weights.tolist() == [500, 200, 300]
    assert np.mean(usual.novelty_score(matrix) > usual.limit) <= UNLIKE


def test_ends_are_values_beyond_which_few_are():
    matrix = draw_matrix()
    usual = usual_profile(matrix, SCHEMA, np.array([0.5, 0.2, 0.3]))
    credit = matrix[:, 0]
    assert (credit < usual.lows[0]).sum() == (credit > usual.highs[0]).sum() == 30
    assert (usual.lows[1], usual.highs[1]) == (-np.inf, np.inf)  # a category has no order
    assert usual.missing_is_usual.tolist() == [False, False, True]


def test_few_rows_set_no_ends():
    usual = usual_profile(draw_matrix(2 * FEWEST_EXTREME), SCHEMA, np.array([0.5, 0.2, 0.3]))
    assert np.isinf(usual.lows).all()
    assert np.isinf(usual.highs).all()
