"""The mean of boosters is one LightGBM model that says what their mean says."""

import lightgbm
import numpy as np
import pytest
from credit_scoring.trees.explainer import Explainer

from training.fitting.compile import compile_forest, verify_forest
from training.fitting.ensemble import mean_of

SETTINGS = {"objective": "binary", "num_leaves": 8, "bagging_fraction": 0.5, "bagging_freq": 1,
            "num_threads": 1, "deterministic": True, "verbosity": -1}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    matrix = rng.random((800, 4))
    matrix[:, 3] = rng.integers(0, 5, 800)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix, (rng.random(800) < 0.1 + 0.4 * np.nan_to_num(matrix[:, 0])).astype(float)


@pytest.fixture(scope="module")
def boosters(rows):
    matrix, outcomes = rows
    return [
        lightgbm.train(
            SETTINGS | {"seed": seed, "monotone_constraints": [1, 0, 0, 0]},
            lightgbm.Dataset(matrix, outcomes, categorical_feature=[3]),
            num_boost_round=5 + seed,
        )
        for seed in range(3)
    ]


def test_its_margins_are_the_mean_margins(rows, boosters):
    one = mean_of(boosters)
    margins = [booster.predict(rows[0], raw_score=True) for booster in boosters]
    assert one.num_trees() == 5 + 6 + 7
    np.testing.assert_allclose(
        one.predict(rows[0], raw_score=True), np.mean(margins, axis=0), rtol=0, atol=1e-12
    )


def test_it_compiles_and_keeps_names_and_text(rows, boosters):
    one = mean_of(boosters)
    explainer = Explainer(compile_forest(one))
    assert max(verify_forest(explainer, one, rows[0], progress=False).values()) < 1e-9
    assert one.feature_name() == boosters[0].feature_name()
    again = lightgbm.Booster(model_str=one.model_to_string())
    np.testing.assert_array_equal(again.predict(rows[0]), one.predict(rows[0]))


def test_trees_beyond_the_best_iteration_are_left_out(rows):
    matrix, outcomes = rows
    training = lightgbm.Dataset(matrix[:400], outcomes[:400])
    watched = training.create_valid(matrix[400:], outcomes[400:])
    stopped = lightgbm.train(
        SETTINGS | {"seed": 1, "learning_rate": 0.5},
        training,
        60,
        valid_sets=[watched],
        callbacks=[lightgbm.early_stopping(3, verbose=False)],
    )
    assert mean_of([stopped, stopped]).num_trees() == 2 * stopped.best_iteration


def test_a_model_of_one_leaf_can_be_a_member(rows, boosters):
    matrix, outcomes = rows
    constant = lightgbm.train(
        SETTINGS | {"min_data_in_leaf": 800}, lightgbm.Dataset(matrix, outcomes), 1
    )
    one = mean_of([constant, boosters[0]])
    expected = (
        constant.predict(matrix, raw_score=True) + boosters[0].predict(matrix, raw_score=True)
    ) / 2
    np.testing.assert_allclose(one.predict(matrix, raw_score=True), expected, rtol=0, atol=1e-12)
