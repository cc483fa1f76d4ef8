"""Strategies against few defaults: they change what a fold learns from, never what it is asked."""

import numpy as np
import pytest
from credit_scoring.features import FeatureSchema
from imblearn.over_sampling import SMOTENC
from sklearn.model_selection import StratifiedKFold

from training.fitting.comparison.candidates import WatchedLightgbm
from training.fitting.comparison.compare import compare
from training.fitting.comparison.imbalance import compare_imbalance, make_strategies

SCHEMA = FeatureSchema(
    ("NAME_INCOME_TYPE", "EXT_SOURCE_1", "AMT_CREDIT", "AMT_ANNUITY", "OWN_CAR_AGE"),
    {"NAME_INCOME_TYPE": ("Working", "Pensioner")},
)
NUMBERS_ONLY = FeatureSchema(SCHEMA.names[1:], {})
# Free to learn by heart, so that what leaks would show; nothing here follows the served parameters.
QUICK = {
    "learning_rate": 0.2, "num_leaves": 15, "min_data_in_leaf": 5, "feature_fraction": 1.0,
    "bagging_fraction": 1.0, "lambda_l2": 1.0, "path_smooth": 0.0, "min_gain_to_split": 0.0,
}  # fmt: skip
ROWS = 900


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    matrix = rng.random((ROWS, 5))
    matrix[:, 0] = rng.integers(0, 2, ROWS)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    risk = 0.4 * (1 - np.nan_to_num(matrix[:, 1], nan=0.5)) ** 2
    return matrix, rng.random(ROWS) < risk


@pytest.fixture(scope="module")
def noise():
    """Nothing to learn, except by recognising a row."""
    rng = np.random.default_rng(8)
    matrix = rng.random((ROWS, 5))
    matrix[:, 0] = rng.integers(0, 2, ROWS)
    return matrix, rng.random(ROWS) < 0.1


def cut(data):
    return list(StratifiedKFold(3, shuffle=True, random_state=0).split(*data))


def run(data, schema=SCHEMA):
    settings = {"parameters": QUICK, "cost_ratio": 5, "seed": 1, "progress": False}
    return {c.name: c.figures for c in compare_imbalance(*data, schema, cut(data), **settings)}


@pytest.fixture(scope="module")
def strategies(data):
    return run(data)


def test_four_strategies_are_judged_on_the_rows_as_they_came(strategies, data):
    assert list(strategies) == ["none", "class weights", "undersampling", "SMOTE"]
    defaults = int(data[1].sum())
    for figures in strategies.values():
        confusion = figures["confusion"]
        assert confusion["accepted_default"] + confusion["refused_default"] == defaults
        assert confusion["accepted_good"] + confusion["refused_good"] == ROWS - defaults
        assert figures["business_cost_approve_all"] == pytest.approx(5 * defaults / ROWS)


def test_every_strategy_ranks_and_all_but_none_raise_the_pds(strategies):
    untouched = strategies["none"]
    for name, figures in strategies.items():
        assert figures["auc"] > 0.6, name
        if name != "none":
            assert figures["ece"] > 2 * untouched["ece"], name
            assert figures["cutoff"] > untouched["cutoff"], name


def test_the_same_seed_gives_the_same_figures(strategies, data):
    assert run(data) == strategies


def test_numbers_alone_are_resampled_too(data):
    assert len(run((data[0][:, 1:], data[1]), NUMBERS_ONLY)) == 4


def test_resampling_does_not_make_noise_look_like_signal(noise):
    for name, figures in run(noise).items():
        assert figures["auc"] == pytest.approx(0.5, abs=0.09), name


def test_resampling_before_the_split_would(noise):
    """What the test above would see if made-up rows stood on both sides of a split."""
    rows, outcomes = SMOTENC([0], random_state=0).fit_resample(*noise)
    model = {"SMOTE too early": WatchedLightgbm(SCHEMA, parameters=QUICK)}
    folds = cut((rows, outcomes))
    (result,) = compare(model, rows, outcomes, folds, cost_ratio=5, progress=False)
    assert result.figures["auc"] > 0.8


SEEN = []


class WatchfulSmote(SMOTENC):
    """Real SMOTE that notes which rows it is given."""

    def fit_resample(self, X, y, **params):
        SEEN.append(X[:, -1].astype(int))
        return super().fit_resample(X, y, **params)


def test_made_up_rows_descend_from_rows_of_the_fold_that_learns(noise):
    matrix = np.column_stack([noise[0][:, :-1], np.arange(ROWS)])  # each row carries its number
    folds = cut(noise)
    model = WatchedLightgbm(SCHEMA, parameters=QUICK, sampler=WatchfulSmote([0], random_state=0))
    SEEN.clear()
    compare({"SMOTE": model}, matrix, noise[1], folds, cost_ratio=5, progress=False)
    assert len(SEEN) == 3
    for seen in SEEN:
        (learn,) = [learn for learn, _ in folds if set(seen) <= set(learn)]
        assert len(seen) == pytest.approx(0.9 * len(learn), abs=1)  # a tenth stops the boosting


def test_a_copy_of_a_held_out_row_is_all_that_gives_it_away(noise):
    """Planted copies are recognised across the split, and only there: nothing else leaks."""
    matrix, defaulted = (np.concatenate([part, part]) for part in noise)
    twins = [
        (np.flatnonzero(np.arange(2 * ROWS) % 2 != n), np.flatnonzero(np.arange(2 * ROWS) % 2 == n))
        for n in range(2)
    ]
    apart = [
        (np.arange(ROWS), np.arange(ROWS, 2 * ROWS)),
        (np.arange(ROWS, 2 * ROWS), np.arange(ROWS)),
    ]
    smote = {"SMOTE": make_strategies(SCHEMA, parameters=QUICK, seed=0)["SMOTE"]}
    (hidden,) = compare(smote, matrix, defaulted, twins, cost_ratio=5, progress=False)
    (copied,) = compare(smote, matrix, defaulted, apart, cost_ratio=5, progress=False)
    assert hidden.figures["auc"] == pytest.approx(0.5, abs=0.1)
    assert copied.figures["auc"] > 0.7
