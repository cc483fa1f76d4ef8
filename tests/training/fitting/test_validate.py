"""Cross-validation judges every row by a model that never saw it, and keeps those models."""

import numpy as np
import pytest
from credit_scoring.features import CleanInputs, build_features
from sklearn.metrics import roc_auc_score

from tests.training.rows import draw_dataset, draw_prepared, quick_recipe
from training.data.dataset import Dataset
from training.evaluation.calibration import PlattScaling
from training.fitting.crossfit import CrossFit
from training.fitting.prepared import Prepared
from training.fitting.validate import cross_validate


@pytest.fixture(scope="module")
def prepared():
    return draw_prepared()


@pytest.fixture(scope="module")
def validation(prepared):
    return cross_validate(prepared, quick_recipe(), progress=False)


def test_held_out_rows_are_ranked(prepared, validation):
    assert roc_auc_score(prepared.defaulted, validation.margins) > 0.6
    assert len(validation.fold_aucs) == len(validation.trees) == 3


def test_an_outcome_of_a_held_out_row_changes_no_feature_and_no_tree_of_others(prepared):
    """What leaks is what changes: fold 0's model may depend on the others' outcomes alone."""
    dataset = prepared.dataset
    held_out = prepared.folds[0][1]
    order = np.random.default_rng(0).permutation(held_out)
    shuffled = dataset.defaulted.copy()
    shuffled[held_out] = dataset.defaulted[order]
    changed = Prepared(
        Dataset(dataset.applicants, shuffled),
        prepared.schema,
        prepared.inputs,
        prepared.rule,
        prepared.folds,
    )
    # How many trees suits the others was seen by models of these outcomes, too: not which trees.
    before = cross_validate(prepared, quick_recipe(), progress=False).crossfit.models[0]
    after = cross_validate(changed, quick_recipe(), progress=False).crossfit.models[0]
    assert before.schema == after.schema
    first_tree = slice(before.forest.root[1])
    np.testing.assert_array_equal(
        before.forest.threshold[first_tree], after.forest.threshold[first_tree]
    )


def test_a_feature_that_is_the_outcome_would_be_seen(prepared, validation):
    """The guard works: with the outcome among the features the AUC is perfect."""
    inputs = CleanInputs(prepared.dataset.applicants)
    inputs["EXT_SOURCE_1"] = (~prepared.defaulted).astype(float)
    leak = Prepared(prepared.dataset, prepared.schema, inputs, prepared.rule, prepared.folds)
    assert min(cross_validate(leak, quick_recipe(), progress=False).fold_aucs) > 0.99
    assert max(validation.fold_aucs) < 0.95


def test_kept_models_give_the_same_margins_to_the_same_rows(prepared, validation):
    dataset = prepared.dataset
    files = validation.crossfit.to_files()
    kept = CrossFit.from_files(files.__getitem__)
    np.testing.assert_array_equal(
        kept.margins(dataset.applicants, dataset.defaulted), validation.margins
    )
    order = np.random.default_rng(1).permutation(len(dataset))[:100]
    some = dataset.take(order)
    np.testing.assert_array_equal(
        kept.margins(some.applicants, some.defaulted), validation.margins[order]
    )


def test_rows_nobody_saw_get_a_margin_of_one_of_the_models(validation):
    new = draw_dataset(60, seed=99)
    margins = validation.crossfit.margins(new.applicants, new.defaulted)
    by_model = [
        model.explainer.margins(build_features(new.applicants, model.schema))
        for model in validation.crossfit.models
    ]
    assert (np.stack(by_model) == margins).any(axis=0).all()


def test_a_repair_reaches_every_model(prepared, validation):
    dataset, repair = prepared.dataset, PlattScaling(0.8, -0.1)
    mended = validation.crossfit.repaired(repair).margins(dataset.applicants, dataset.defaulted)
    np.testing.assert_allclose(mended, 0.8 * validation.margins - 0.1, rtol=0, atol=1e-12)


def test_the_same_seed_gives_the_same_bytes(prepared, validation):
    again = cross_validate(prepared, quick_recipe(), progress=False)
    assert again.crossfit.to_files() == validation.crossfit.to_files()


def test_directions_bind_every_model(prepared):
    """A better score from outside never raises the margin, whatever else the row says."""
    validation = cross_validate(prepared, quick_recipe(), progress=False)
    dataset = prepared.dataset
    rng = np.random.default_rng(5)
    for name in ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"):
        values = dataset.applicants[name]
        better = np.minimum(values + rng.random(len(values)) * (1 - values), 1.0)
        columns = dataset.applicants.columns | {name: better}
        improved = type(dataset.applicants)(dataset.applicants.ids, columns)
        before = validation.crossfit.margins(dataset.applicants, dataset.defaulted)
        after = validation.crossfit.margins(improved, dataset.defaulted)
        assert (after <= before + 1e-12).all()
