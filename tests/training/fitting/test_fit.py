"""Fitting: what is learnt ranks rows that were not, the same way every time."""

import numpy as np
import pytest
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from sklearn.metrics import roc_auc_score

from training.data.lightgbm_dataset import bin_now, make_lightgbm_dataset
from training.fitting.compile import compile_forest
from training.fitting.fit import (
    PARAMETERS,
    all_parameters,
    fit,
    fit_fold,
    map_folds,
    side_by_side,
    trees_for_all_rows,
)

QUICK = {"learning_rate": 0.2, "min_data_in_leaf": 5, "path_smooth": 0.0, "feature_fraction": 0.5}
SCHEMA = FeatureSchema(
    ("EXT_SOURCE_1", "EXT_SOURCE_2", "NAME_INCOME_TYPE", "AMT_CREDIT"),
    {"NAME_INCOME_TYPE": ("Working", "Pensioner", "Student")},
)
FOLDS = [
    (np.flatnonzero(np.arange(500) % 3 != fold), np.flatnonzero(np.arange(500) % 3 == fold))
    for fold in range(3)
]


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    matrix = rng.random((500, 4))
    matrix[:, 2] = rng.integers(0, 3, 500)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    risk = 0.1 + 0.6 * np.nan_to_num(1 - matrix[:, 0], nan=0.5) * (matrix[:, 2] == 1)
    return matrix, rng.random(500) < risk


def held_out_margins(data, **changes):
    matrix, defaulted = data
    settings = {"seed": 1, "parameters": QUICK} | changes
    margins = np.empty(500)

    def fit_one(learn, held_out):
        booster = fit_fold(matrix, defaulted, SCHEMA, learn, held_out, **settings)
        margins[held_out] = booster.predict(matrix[held_out], raw_score=True)
        return booster.best_iteration

    return margins, list(map_folds(fit_one, FOLDS, label="Fit", progress=False))


def test_held_out_rows_are_ranked_and_their_pds_calibrated(data):
    margins, trees = held_out_margins(data)
    assert roc_auc_score(data[1], margins) > 0.65
    assert default_probabilities(margins).mean() == pytest.approx(data[1].mean(), abs=0.03)
    assert min(trees) >= 1


def test_noise_is_not_learnt_by_heart(data):
    matrix = np.random.default_rng(3).random((500, 4))
    matrix[:, 2] = 0
    margins, _ = held_out_margins((matrix, data[1]))
    assert roc_auc_score(data[1], margins) == pytest.approx(0.5, abs=0.1)


def test_the_same_seed_gives_the_same_trees(data):
    assert (held_out_margins(data)[0] == held_out_margins(data)[0]).all()
    assert (held_out_margins(data)[0] != held_out_margins(data, seed=2)[0]).any()


def fit_trees(matrix, defaulted, *, n_trees, monotone=True):
    training = make_lightgbm_dataset(matrix, defaulted, SCHEMA)
    return fit(training, all_parameters(SCHEMA, 1, QUICK, monotone), n_trees=n_trees)


def test_models_of_several_seeds_share_one_binned_dataset(data):
    """And are what they would be with a dataset each, fitted side by side or not."""
    wanted = [all_parameters(SCHEMA, seed, QUICK, True) for seed in (1, 2, 3)]
    alone = [fit(make_lightgbm_dataset(*data, SCHEMA), each, n_trees=9) for each in wanted]
    shared = make_lightgbm_dataset(*data, SCHEMA)
    bin_now(shared, wanted[0])
    together = list(
        side_by_side(lambda each: fit(shared, each, n_trees=9), wanted, label="", progress=False)
    )
    texts = [[trees_of(booster) for booster in boosters] for boosters in (alone, together)]
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 3


def trees_of(booster):
    text = booster.model_to_string()
    return text[text.index("Tree=0") : text.index("end of trees")]


def test_a_direction_binds_unless_it_is_lifted(data):
    matrix, defaulted = data
    worse = matrix.copy()
    worse[:, 0] = np.maximum(matrix[:, 0] - 0.2, 0)
    for score in (matrix, 1 - matrix):  # the second one pulls against the domain
        bound = fit_trees(score, defaulted, n_trees=20)
        better = np.maximum(score[:, 0] + 0.2, score[:, 0])
        moved = np.column_stack([better, score[:, 1:]])
        assert (bound.predict(moved) <= bound.predict(score) + 1e-12).all()
    free = fit_trees(1 - matrix, defaulted, n_trees=20, monotone=False)
    assert (free.predict(1 - worse) > free.predict(1 - matrix) + 1e-3).any()


def test_a_model_has_the_trees_that_were_asked_for_and_names_its_features(data):
    booster = fit_trees(*data, n_trees=7)
    assert booster.num_trees() == 7
    assert booster.feature_name() == list(SCHEMA.names)


def test_a_category_is_split_as_one(data):
    forest = compile_forest(fit_trees(*data, n_trees=7))
    place = SCHEMA.names.index("NAME_INCOME_TYPE")
    assert (forest.categorical == (forest.feature == place)).all()
    assert forest.categorical.any()


def test_more_rows_bear_more_trees():
    assert trees_for_all_rows([100, 120.5, 99.5]) == round(106.67 * 1.1)
    assert trees_for_all_rows([0]) == 1


def test_trees_stay_as_shallow_as_explanations_need():
    assert PARAMETERS["max_depth"] <= 8
    assert not {"is_unbalance", "scale_pos_weight"} & PARAMETERS.keys()
