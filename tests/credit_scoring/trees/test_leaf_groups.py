"""Groups of leaves: the same by the kernel and in Python, and no more tables than there is room."""

import dataclasses

import numpy as np
import pytest
from credit_scoring.trees import shap_by_table
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.leaf_groups import LeafGroups
from credit_scoring.trees.leaf_runs import MOST_ROWS
from credit_scoring.trees.threshold_ranks import Ranks

from tests.credit_scoring.examples import fit, small_model
from tests.credit_scoring.trees.ways import assert_all_ways_agree, needs_kernel, numpy_alone
from training.fitting.compile import compile_forest


def forest_of(features, *, leaves=40, categorical=(), seed=0, **parameters):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(600, features))
    for place in categorical:
        matrix[:, place] = rng.integers(0, 40, 600)
    labels = np.sin(3 * matrix[:, 0]) + matrix[:, -1] + rng.normal(size=600) > 0
    loose = {"num_leaves": leaves, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0} | parameters
    return compile_forest(fit(matrix, labels, rounds=6, categorical=categorical, **loose)), matrix


FORESTS = {
    "few features": lambda: forest_of(2),
    "one feature": lambda: forest_of(1, leaves=60),
    "many features": lambda: forest_of(60, leaves=31, max_depth=8),
    "categories": lambda: forest_of(4, categorical=(1, 2), min_data_per_group=2, cat_smooth=1.0),
    "deep": lambda: forest_of(20, leaves=200),
    "stumps": lambda: forest_of(5, leaves=2),
    "as trained": lambda: (small_model()[0].forest, small_model()[1]),
}


def groups_of(forest):
    paths = Explainer(dataclasses.replace(forest)).paths
    return LeafGroups.of(paths, Ranks.of(forest))


@needs_kernel
@pytest.mark.parametrize("name", FORESTS)
def test_the_kernel_makes_the_groups_that_python_makes(name):
    forest, _ = FORESTS[name]()
    with numpy_alone():
        expected = groups_of(forest)
    found = groups_of(forest)
    for field in dataclasses.fields(LeafGroups):
        mine, other = getattr(found, field.name), getattr(expected, field.name)
        assert np.array_equal(mine, other), field.name


@pytest.mark.parametrize("name", FORESTS)
def test_every_way_to_explain_agrees_on_groups_of_every_kind(name):
    forest, matrix = FORESTS[name]()
    assert_all_ways_agree(forest, matrix[:70])


def test_a_table_has_no_row_that_nobody_can_reach():
    """Of a feature's splits that send the missing to one side, as many as there are intervals."""
    forest, _ = FORESTS["one feature"]()
    alike = np.zeros(len(forest.feature), np.bool_)
    forest = dataclasses.replace(forest, nan_left=alike, zero_is_missing=alike)
    groups = groups_of(forest)
    splits = np.diff(groups.bit_start)
    assert splits.max() > 9
    assert (groups.rows <= splits + 1).all()
    assert groups.rows.max() < MOST_ROWS
    values = np.append(np.sort(forest.threshold), np.inf)[:, None]
    tables = Explainer(forest).by_table
    for place, table, _ in tables._places(values):
        assert set(place) == set(range(len(table)))


def test_a_row_of_a_table_is_the_pattern_of_those_who_reach_it():
    forest, matrix = FORESTS["categories"]()
    tables = Explainer(forest).by_table
    groups, left = tables.groups, forest.goes_left(matrix)
    patterns = groups.patterns(slice(0, len(groups)))
    for group, (place, _, _) in enumerate(tables._places(matrix)):
        node = groups.node[groups.bit_start[group] : groups.bit_start[group + 1]]
        expected = (left[:, node] << np.arange(len(node))).sum(axis=1)
        assert np.array_equal(patterns[group, place], expected)


@pytest.mark.parametrize("share", [0, 0.3, 0.99, 1])
@pytest.mark.parametrize("name", ["deep", "many features"])
def test_leaves_for_whose_tables_there_is_no_room_are_explained_all_the_same(
    monkeypatch, name, share
):
    forest, matrix = FORESTS[name]()
    whole = Explainer(dataclasses.replace(forest)).by_table
    room = int(whole.tables.values.nbytes * share)
    monkeypatch.setattr(shap_by_table, "MOST_BYTES", room)
    bounded = Explainer(dataclasses.replace(forest)).by_table
    assert bounded.tables.values.nbytes <= room
    assert len(bounded.groups.leaf) == (share == 1) * len(whole.groups.leaf) or bounded.others
    assert (len(bounded.groups) > 0) == (share > 0)
    assert_all_ways_agree(forest, matrix[:40])
