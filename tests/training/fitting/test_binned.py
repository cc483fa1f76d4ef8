"""Rows that are counted into bins a block at a time are the rows that a matrix would be."""

import numpy as np
import pytest

from tests.training.rows import draw_prepared
from training.data.lightgbm_dataset import make_lightgbm_dataset
from training.fitting.binned import BLOCK_ROWS, bin_rows
from training.fitting.fit import all_parameters, fit, fit_watched
from training.fitting.recipe import Recipe

ROWS = 2 * BLOCK_ROWS + 5


@pytest.fixture(scope="module")
def prepared():
    return draw_prepared(ROWS)


@pytest.fixture(scope="module")
def schema(prepared):
    return prepared.candidates(Recipe(), prepared.everybody)


def _parameters(schema, **changes):
    quick = {"learning_rate": 0.2, "min_data_in_leaf": 20}
    return all_parameters(schema, 0, Recipe().parameters | quick | changes, monotone=True)


def _scores(booster, prepared, schema):
    return booster.predict(prepared.columns(schema), raw_score=True)


def test_rows_in_blocks_are_binned_as_their_matrix_is(prepared, schema):
    """A dataset that is told by another's bins holds the same values, whoever counted them."""
    parameters = _parameters(schema)
    some = prepared.everybody[:3000]
    bins = bin_rows(prepared, schema, some, parameters)
    matrix = prepared.columns(schema)
    whole = make_lightgbm_dataset(matrix, prepared.defaulted, schema, bins_of=bins)
    blocks = bin_rows(prepared, schema, prepared.everybody, parameters, bins_of=bins)
    assert blocks.num_data() == ROWS
    of_blocks, of_whole = (fit(each, parameters, n_trees=20) for each in (blocks, whole))
    assert of_blocks.model_to_string() == of_whole.model_to_string()


def test_few_rows_are_binned_as_lightgbm_bins_them(prepared, schema):
    parameters = _parameters(schema)
    ours = bin_rows(prepared, schema, prepared.everybody, parameters)
    theirs = make_lightgbm_dataset(prepared.columns(schema), prepared.defaulted, schema)
    texts = [fit(each, parameters, n_trees=20).model_to_string() for each in (ours, theirs)]
    assert texts[0] == texts[1]


def test_bins_of_some_rows_serve_all_of_them(prepared, schema):
    """Many rows: a part of them tells the bins, every row is learnt from."""
    parameters = _parameters(schema, bin_construct_sample_cnt=2000)
    training = bin_rows(prepared, schema, prepared.everybody, parameters)
    assert training.num_data() == ROWS
    booster = fit(training, parameters, n_trees=30)
    assert booster.dump_model()["tree_info"][0]["tree_structure"]["internal_count"] == ROWS
    scores = _scores(booster, prepared, schema)
    whole = make_lightgbm_dataset(prepared.columns(schema), prepared.defaulted, schema)
    others = _scores(fit(whole, _parameters(schema), n_trees=30), prepared, schema)
    assert np.corrcoef(scores, others)[0, 1] > 0.98


def test_a_part_of_the_rows_drops_no_feature_that_all_of_them_could_split_by(prepared, schema):
    """A flag of 400 in 8,197 may make a leaf of 150; among 2,000 some hundred have it."""
    rare = np.zeros(ROWS)
    rare[np.random.default_rng(0).permutation(ROWS)[:400]] = 1.0
    columns = prepared.dataset.applicants.columns | {"FLAG_DOCUMENT_3": rare}
    applicants = type(prepared.dataset.applicants)(prepared.dataset.applicants.ids, columns)
    dataset = type(prepared.dataset)(applicants, rare == 1.0)
    told = type(prepared).of(dataset, n_folds=3)
    read = told.candidates(Recipe(), told.everybody)
    unbound = {"feature_fraction": 1.0, "min_data_in_leaf": 150}
    parameters = _parameters(read, bin_construct_sample_cnt=2000, **unbound)
    training = bin_rows(told, read, told.everybody, parameters)
    booster = fit(training, parameters, n_trees=1)
    split_on = booster.dump_model()["tree_info"][0]["tree_structure"]["split_feature"]
    assert read.names[split_on] == "FLAG_DOCUMENT_3"


def test_trees_beyond_the_best_iteration_are_those_that_a_longer_fit_has(prepared, schema):
    parameters = _parameters(schema, min_gain_to_split=0.0)  # so that every round has a tree
    learn, watched = prepared.folds[0]
    training = bin_rows(prepared, schema, learn, parameters)
    beside = bin_rows(prepared, schema, watched, parameters, bins_of=training)
    stopped = fit_watched(training, beside, parameters)
    grown = stopped.current_iteration()
    assert grown > stopped.best_iteration
    stopped.best_iteration = grown
    anew = fit(training, parameters, n_trees=grown)
    np.testing.assert_array_equal(
        _scores(stopped, prepared, schema), _scores(anew, prepared, schema)
    )
