"""Fitting: held-out PDs by a model that did not see the row, the same ones every time."""

import numpy as np
import pytest
from credit_scoring.features import FeatureSchema
from sklearn.metrics import roc_auc_score

from training.compile import compile_forest
from training.fit import PARAMETERS, cross_validate, fit

QUICK = {"learning_rate": 0.2, "min_data_in_leaf": 5, "num_threads": 1}
SCHEMA = FeatureSchema(
    ("EXT_SOURCE_1", "EXT_SOURCE_2", "NAME_INCOME_TYPE", "AMT_CREDIT"),
    {"NAME_INCOME_TYPE": ("Working", "Pensioner", "Student")},
)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    matrix = rng.random((500, 4))
    matrix[:, 2] = rng.integers(0, 3, 500)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    risk = 0.1 + 0.6 * np.nan_to_num(matrix[:, 0], nan=0.5) * (matrix[:, 2] == 1)
    return matrix, rng.random(500) < risk


@pytest.fixture(scope="module")
def validation(data):
    return validate(data)


def validate(data, **changes):
    settings = {"n_folds": 3, "seed": 1, "parameters": QUICK, "progress": False} | changes
    return cross_validate(*data, SCHEMA, **settings)


def test_held_out_pds_rank_and_are_calibrated(data, validation):
    probabilities = validation.default_probabilities
    assert ((probabilities > 0) & (probabilities < 1)).all()
    assert roc_auc_score(data[1], probabilities) > 0.65
    assert probabilities.mean() == pytest.approx(data[1].mean(), abs=0.03)
    assert len(validation.fold_aucs) == 3
    assert validation.n_trees >= 1


def test_noise_is_not_learnt_by_heart(data):
    matrix = np.random.default_rng(3).random((500, 4))
    matrix[:, 2] = 0
    noise = validate((matrix, data[1]))
    assert np.mean(noise.fold_aucs) == pytest.approx(0.5, abs=0.1)


def test_the_same_seed_gives_the_same_pds_and_trees(data, validation):
    again = validate(data)
    assert (again.default_probabilities == validation.default_probabilities).all()
    assert again.n_trees == validation.n_trees
    texts = {
        fit(*data, SCHEMA, n_trees=5, seed=4, parameters=QUICK).model_to_string() for _ in "ab"
    }
    assert len(texts) == 1


def test_a_model_has_the_trees_that_were_asked_for_and_names_its_features(data):
    booster = fit(*data, SCHEMA, n_trees=7, seed=1, parameters=QUICK)
    assert booster.num_trees() == 7
    assert booster.feature_name() == list(SCHEMA.names)


def test_a_category_is_split_as_one(data):
    forest = compile_forest(fit(*data, SCHEMA, n_trees=7, seed=1, parameters=QUICK))
    place = SCHEMA.names.index("NAME_INCOME_TYPE")
    assert (forest.categorical == (forest.feature == place)).all()
    assert forest.categorical.any()


def test_trees_stay_as_shallow_as_explanations_need():
    assert PARAMETERS["max_depth"] <= 8
    assert not {"is_unbalance", "scale_pos_weight"} & PARAMETERS.keys()
