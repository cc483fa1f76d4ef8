"""What is compiled from LightGBM says what LightGBM says, on every kind of tree and value.

Each model is compiled and asked in many ways: by leaf and from tables, both in numpy and in the
compiled kernel, by the walk through the trees alone, and by its oracles LightGBM and shap.
"""

import dataclasses

import numpy as np
import pytest
import shap
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.trees.explainer import ROWS_WORTH_TABLES, Explainer
from credit_scoring.trees.forest import ZERO, Forest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.credit_scoring.examples import fit, same_bits, small_model
from tests.credit_scoring.trees.ways import assert_all_ways_agree
from training.fitting.compile import TOLERANCE, compile_forest, verify_forest
from training.fitting.ensemble import mean_of


def assert_agrees(booster, matrix):
    """All ways to explain, the walk, and LightGBM; each in any company."""
    forest = compile_forest(booster)
    theirs = booster.predict(matrix, pred_contrib=True)
    margins = assert_all_ways_agree(forest, matrix)
    np.testing.assert_allclose(margins, booster.predict(matrix, raw_score=True), atol=1e-9, rtol=0)
    contributions = Explainer(forest).by_leaf.explain(matrix)[1]
    np.testing.assert_allclose(contributions, theirs[:, :-1], atol=1e-9, rtol=0)
    base_value = Explainer(forest).base_value
    np.testing.assert_allclose(contributions.sum(axis=1) + base_value, margins, atol=1e-9)
    assert base_value == pytest.approx(theirs[0, -1], abs=1e-9)
    return forest


def training_data(seed, *, rows=300, missing=0.1, categories=0, zeros=0.0):
    """Six features, some in coarse steps, labels that depend on them; categories come first."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 6))
    matrix[:, 2] = np.round(matrix[:, 2] * 2)
    matrix[:, 3] = rng.lognormal(size=rows) * 1000
    for place in range(categories):
        matrix[:, place] = rng.integers(0, 8, rows)
    score = np.sin(matrix[:, 0] * 2) + matrix[:, 1] * matrix[:, 2] / 4 + rng.normal(size=rows)
    matrix[rng.random(matrix.shape) < missing] = np.nan
    matrix[rng.random(matrix.shape) < zeros] = 0.0
    return matrix, score > np.median(score)


def trying_values(booster, matrix, seed):
    """Rows of the training data, and values where trees are delicate."""
    rng = np.random.default_rng(seed)
    forest = compile_forest(booster)
    tiny = [sign * side for sign in (1, -1) for side in (1e-40, ZERO, np.nextafter(ZERO, 1))]
    delicate = [
        *tiny,
        0.0,
        -0.0,
        np.nan,
        np.inf,
        -np.inf,
        1e300,
        -1e300,
        2.5,
        -0.5,
        -3.0,
        99.0,
        1e10,
    ]
    numeric = np.flatnonzero(~forest.categorical)
    rows = matrix[rng.integers(0, len(matrix), 120)].copy()
    for node in numeric:  # a value equal to a threshold, and its neighbours
        value = forest.threshold[node]
        sides = [value, np.nextafter(value, np.inf), np.nextafter(value, -np.inf)]
        rows[rng.integers(0, len(rows)), forest.feature[node]] = sides[rng.integers(0, 3)]
    mask = rng.random(rows.shape) < 0.15
    rows[mask] = rng.choice(delicate, mask.sum())
    return rows


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 1000),
    leaves=st.integers(2, 40),
    depth=st.sampled_from([1, 2, 3, 5, 8, -1]),
    categories=st.integers(0, 3),
    missing=st.sampled_from([0.0, 0.1, 0.5]),
    zeros=st.sampled_from([0.0, 0.3]),
    reading=st.sampled_from([{}, {"zero_as_missing": True}, {"use_missing": False}]),
)
def test_any_model_agrees_with_lightgbm(seed, leaves, depth, categories, missing, zeros, reading):
    matrix, labels = training_data(seed, missing=missing, categories=categories, zeros=zeros)
    booster = fit(
        matrix,
        labels,
        rounds=6,
        categorical=range(categories),
        num_leaves=leaves,
        max_depth=depth,
        min_data_per_group=2,
        cat_smooth=1.0,
        **reading,
    )
    assert_agrees(booster, trying_values(booster, matrix, seed))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_contributions_agree_with_shap(missing):
    matrix, labels = training_data(7, missing=missing)
    booster = fit(matrix, labels, rounds=15)
    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    theirs = explainer(matrix)
    forest = assert_agrees(booster, matrix)
    margins, contributions = Explainer(forest).contributions(matrix)
    np.testing.assert_allclose(contributions, theirs.values, atol=1e-9, rtol=0)
    assert Explainer(forest).base_value == pytest.approx(float(theirs.base_values[0]), abs=1e-9)
    assert len(margins) == len(matrix)


def test_deep_trees_agree_with_lightgbm_and_need_no_table():
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(800, 20))
    labels = np.exp(matrix[:, 0]) + rng.normal(size=800) > 1
    booster = fit(
        matrix, labels, rounds=3, num_leaves=300, min_data_in_leaf=1, min_sum_hessian_in_leaf=0
    )
    forest = assert_agrees(booster, trying_values(booster, matrix, 1))
    assert Explainer(forest).by_table.others
    assert len(Explainer(forest).by_table.groups.leaf) < len(forest.leaf_value)


def test_a_chain_of_splits_on_one_feature_agrees():
    values = np.arange(64.0)[:, None]
    labels = (values[:, 0] % 2).astype(bool)
    booster = fit(values, labels, rounds=4, num_leaves=64, min_data_in_leaf=1, min_data_in_bin=1)
    assert_agrees(booster, np.arange(-1, 65, 0.5)[:, None])


def test_trees_of_one_leaf_stand_beside_others():
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(200, 2))
    labels = matrix[:, 0] > 0
    booster = fit(matrix, labels, rounds=30, min_gain_to_split=5.0, learning_rate=0.9)
    assert_agrees(booster, matrix)


@pytest.mark.parametrize("labels", [[0, 1] * 50, [1, 0, 0, 0] * 25])
def test_a_constant_model_is_its_base_value(labels):
    matrix = np.zeros((100, 3))
    booster = fit(matrix, np.array(labels), rounds=3)
    forest = assert_agrees(booster, np.array([[0.0, np.nan, np.inf], [1.0, -1.0, 5.0]]))
    assert len(forest.feature) == 0
    margins, contributions = Explainer(forest).contributions(np.ones((4, 3)))
    assert not contributions.any()
    assert set(margins) == {Explainer(forest).base_value}


def test_infinite_training_values_and_splits_at_infinity_agree():
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(400, 3))
    matrix[rng.random(matrix.shape) < 0.2] = np.inf
    matrix[rng.random(matrix.shape) < 0.2] = -np.inf
    matrix[rng.random(matrix.shape) < 0.2] = np.nan
    labels = np.isinf(matrix[:, 0]) ^ np.isnan(matrix[:, 1]) ^ (rng.random(400) < 0.1)
    booster = fit(matrix, labels, rounds=10)
    values = [np.nan, np.inf, -np.inf, 1e300, 1e301, -1e300, -1e301, 0.0]
    rows = rng.choice(values, (200, 3))
    assert_agrees(booster, np.concatenate([matrix, rows]))


def test_only_nan_against_all_numbers_is_a_split_that_agrees():
    rng = np.random.default_rng(6)
    matrix = np.where(rng.random((300, 1)) < 0.5, np.nan, rng.integers(1, 3, (300, 1)))
    labels = np.isnan(matrix[:, 0]) ^ (rng.random(300) < 0.05)
    booster = fit(matrix, labels, rounds=5)
    assert_agrees(booster, np.array([[np.nan], [np.inf], [-np.inf], [0.0], [1.0], [1e301]]))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_categories_never_seen_negative_fractional_or_huge_agree(missing):
    matrix, labels = training_data(11, categories=2, missing=missing)
    labels = labels ^ (matrix[:, 0] == 3)
    booster = fit(
        matrix, labels, rounds=10, categorical=[0, 1], min_data_per_group=2, cat_smooth=1.0
    )
    assert compile_forest(booster).categorical.any()
    rows = np.tile(matrix[:1], (14, 1))
    rows[:, 0] = [np.nan, -1, -0.5, 0, 0.5, 3, 3.9, 7, 8, 31, 32, 1000, np.inf, -np.inf]
    assert_agrees(booster, rows)


def test_a_category_with_a_high_code_agrees():
    rng = np.random.default_rng(2)
    matrix = rng.choice([0.0, 5.0, 64.0, 257.0], (400, 1))
    labels = np.isin(matrix[:, 0], [64, 257]) ^ (rng.random(400) < 0.1)
    booster = fit(matrix, labels, rounds=3, categorical=[0], min_data_per_group=2, cat_smooth=1.0)
    assert_agrees(booster, np.array([[0.0], [5.0], [64.0], [257.0], [256.0], [258.0], [65.0]]))


@pytest.mark.parametrize("label", [0, 1])
def test_zero_where_zero_is_missing_reaches_as_far_as_lightgbms(label):
    rng = np.random.default_rng(label)
    matrix = rng.normal(size=(300, 2))
    matrix[rng.random((300, 2)) < 0.4] = 0.0
    labels = (matrix[:, 0] == 0) ^ (rng.random(300) < 0.1)
    booster = fit(matrix, labels, zero_as_missing=True)
    edges = [0.0, -0.0, ZERO, -ZERO, 1e-35, 1e-36, -1e-36, np.nextafter(ZERO, 1), 1e-30, np.nan]
    assert_agrees(booster, np.array([[a, b] for a in edges for b in edges]))


def test_the_mean_of_several_models_agrees():
    matrix, labels = training_data(21, categories=1)
    members = [
        fit(matrix, labels, categorical=[0], rounds=8, num_leaves=leaves, seed=leaves)
        for leaves in (4, 15, 40)
    ]
    booster = mean_of(members)
    forest = assert_agrees(booster, trying_values(booster, matrix, 21))
    assert len(forest.root) == 24


def test_numbers_too_small_for_lightgbm_go_one_way_in_all_of_ours():
    matrix, labels = training_data(13, zeros=0.3)
    forest = compile_forest(fit(matrix, labels, zero_as_missing=True))
    rng = np.random.default_rng(13)
    tiny = [0.0, -0.0, 5e-324, -5e-324, 1e-310, ZERO, -ZERO, np.nextafter(ZERO, 1), 1e-34]
    assert_all_ways_agree(forest, rng.choice(tiny, (60, 6)))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_hundred_thousand_rows_keep_every_promise(seed):
    """Twice 50,000, each compared with LightGBM."""
    matrix, labels = training_data(seed, rows=2_000)
    booster = fit(matrix, labels, rounds=20, num_leaves=31, max_depth=8)
    forest = compile_forest(booster)
    rows = np.concatenate([trying_values(booster, matrix, k) for k in range(417)])[:50_000]
    margins, contributions = Explainer(forest).contributions(rows)
    assert same_bits(margins, forest.walk(rows))
    sums = contributions.sum(axis=1) + Explainer(forest).base_value
    np.testing.assert_allclose(sums, margins, atol=1e-9, rtol=0)
    np.testing.assert_allclose(margins, booster.predict(rows, raw_score=True), atol=1e-9, rtol=0)
    theirs = booster.predict(rows, pred_contrib=True)
    np.testing.assert_allclose(contributions, theirs[:, :-1], atol=1e-9, rtol=0)
    for row in range(0, len(rows), 997):
        alone = Explainer(forest).contributions(rows[row : row + 1])
        assert same_bits(alone[0], margins[row : row + 1])
        np.testing.assert_allclose(alone[1], contributions[row : row + 1], atol=1e-12, rtol=0)


def test_the_whole_feature_path_agrees_on_every_row():
    model, matrix, booster = small_model()
    found = verify_forest(Explainer(model.forest), booster, matrix, progress=False)
    assert max(found.values()) <= TOLERANCE
    few = dataclasses.replace(model.forest)
    assert (
        max(verify_forest(Explainer(few), booster, matrix[:100], progress=False).values())
        <= TOLERANCE
    )


def test_the_pd_is_lightgbms():
    model, matrix, booster = small_model()
    mine = default_probabilities(model.explainer.margins(matrix))
    np.testing.assert_allclose(mine, booster.predict(matrix), atol=1e-12)


def test_margins_are_the_same_bits_by_every_way_and_in_any_order():
    model, matrix, _ = small_model()
    forest = model.forest
    margins = assert_all_ways_agree(forest, matrix)
    order = np.random.default_rng(1).permutation(len(matrix))
    assert same_bits(Explainer(forest).by_table.explain(matrix[order])[0], margins[order])
    many = np.tile(matrix, (7, 1))  # more than one chunk of the tables
    margins_of_many, contributions = Explainer(forest).contributions(many)
    assert same_bits(margins_of_many, np.tile(margins, 7))
    assert same_bits(contributions[: len(matrix)], contributions[-len(matrix) :])


def test_few_rows_build_no_tables_and_many_do():
    model, matrix, _ = small_model()
    explainer = Explainer(model.forest)
    few = explainer.contributions(matrix[:10])
    assert "by_table" not in vars(explainer)
    many = explainer.contributions(matrix)
    assert "by_table" in vars(explainer)
    again = explainer.contributions(matrix[:10])
    assert same_bits(few[0], many[0][:10])
    assert same_bits(few[0], again[0])
    assert same_bits(few[1], again[1])
    np.testing.assert_allclose(few[1], many[1][:10], atol=1e-12, rtol=0)


def test_no_row_has_no_score():
    model, matrix, _ = small_model()
    for explainer in (Explainer(model.forest), model.explainer):
        margins, contributions = explainer.contributions(matrix[:0])
        assert margins.shape == (0,)
        assert contributions.shape == (0, matrix.shape[1])
    assert len(model.explainer.by_table.explain(matrix[:0])[0]) == 0


def test_a_forest_that_says_something_else_is_caught():
    model, matrix, booster = small_model()
    values = model.forest.leaf_value.copy()
    values[0] += 1e-6
    other = dataclasses.replace(model.forest, leaf_value=values)
    with pytest.raises(DatasetError, match="differ from LightGBM's"):
        verify_forest(Explainer(other), booster, matrix, progress=False)


def test_a_forest_with_other_counts_is_caught_by_its_contributions():
    model, matrix, booster = small_model()
    counts = model.forest.leaf_count.copy()
    counts[0] += 5
    other = dataclasses.replace(model.forest, leaf_count=counts)
    with pytest.raises(DatasetError, match="differ from LightGBM's"):
        verify_forest(Explainer(other), booster, matrix[:300], progress=False)


def test_a_forest_that_explains_one_applicant_otherwise_than_many_is_caught():
    model, matrix, booster = small_model()
    forest = dataclasses.replace(model.forest)
    other = dataclasses.replace(forest, leaf_value=forest.leaf_value * (1 + 1e-6))
    explainer = Explainer(forest)
    vars(explainer)["by_leaf"] = Explainer(other).by_leaf
    assert len(matrix) > ROWS_WORTH_TABLES
    with pytest.raises(DatasetError, match="compiled contributions differ"):
        verify_forest(explainer, booster, matrix, progress=False)


def test_averaged_forests_and_linear_leaves_are_refused():
    matrix, labels = training_data(1, missing=0.0)
    bagged = fit(matrix, labels, boosting="rf", bagging_fraction=0.5, bagging_freq=1)
    with pytest.raises(DatasetError, match="boosting"):
        compile_forest(bagged)
    linear = fit(matrix, labels, linear_tree=True)
    with pytest.raises(DatasetError, match="linear"):
        compile_forest(linear)


def test_a_compiled_forest_is_coherent_and_survives_its_bytes():
    forest = small_model()[0].forest
    assert forest.is_coherent
    assert Forest.from_bytes(forest.to_bytes()).to_bytes() == forest.to_bytes()
