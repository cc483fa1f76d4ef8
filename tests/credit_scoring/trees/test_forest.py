"""A forest's file: the same arrays back, the same bytes twice, and nothing else accepted."""

import dataclasses
import io
import zipfile

import numpy as np
import pytest
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import Forest
from credit_scoring.trees.shap_by_leaf import gauss_legendre, products_of_others
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.credit_scoring.examples import same_bits, small_model


@pytest.fixture
def forest():
    return dataclasses.replace(small_model()[0].forest)


def bytes_of(**stored):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **stored)
    return buffer.getvalue()


def stored(forest):
    return {field.name: getattr(forest, field.name) for field in dataclasses.fields(forest)}


def test_a_forest_comes_back_with_the_same_arrays(forest):
    again = Forest.from_bytes(forest.to_bytes())
    for name, values in stored(forest).items():
        assert (
            np.asarray(getattr(again, name)).dtype == np.asarray(values).dtype
            or name == "n_features"
        )
        assert np.array_equal(getattr(again, name), values), name


def test_the_same_forest_is_the_same_bytes_and_carries_no_date(forest):
    data = forest.to_bytes()
    assert dataclasses.replace(forest).to_bytes() == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_a_forest_without_one_of_its_arrays_is_refused(forest):
    arrays = stored(forest)
    del arrays["leaf_value"]
    with pytest.raises(ArtifactMismatch):
        Forest.from_bytes(bytes_of(**arrays))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("left", lambda a: np.where(np.arange(len(a)) == 0, 0, a)),  # its own child
        ("right", lambda a: np.where(np.arange(len(a)) == 0, 10**6, a)),
        ("feature", lambda a: a + 10_000),
        ("feature", lambda a: a - 10_000),
        ("leaf_value", lambda a: a[:-1]),
        ("threshold", lambda a: a[:-1]),
        ("root", lambda a: a[:-1]),
        ("threshold", lambda a: np.where(np.arange(len(a)) == 0, np.nan, a)),
        ("category_left", lambda a: a[:0]),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(forest, name, change):
    arrays = stored(forest)
    with pytest.raises(ArtifactMismatch):
        Forest.from_bytes(bytes_of(**arrays | {name: change(arrays[name])}))


def test_no_pickle_is_read(forest):
    arrays = stored(forest) | {"feature": np.array([{"a": 1}], object)}
    with pytest.raises(ArtifactMismatch, match="expected arrays, found ValueError"):
        Forest.from_bytes(bytes_of(**arrays))


def test_the_first_leaf_of_every_tree_starts_where_the_last_tree_ended(forest):
    assert forest.first_leaf[0] == 0
    assert (np.diff(forest.first_leaf) > 0).all()
    assert len(forest.first_leaf) == len(forest.root)


def test_a_negative_zero_has_the_same_bits_in_every_way():
    forest = Forest(
        n_features=1,
        feature=np.zeros(1, np.int32),
        threshold=np.zeros(1),
        nan_left=np.zeros(1, np.bool_),
        zero_is_missing=np.zeros(1, np.bool_),
        categorical=np.zeros(1, np.bool_),
        left=np.array([-1], np.int32),
        right=np.array([-2], np.int32),
        node_count=np.array([4], np.int32),
        leaf_count=np.array([1, 3], np.int32),
        leaf_value=np.array([-0.0, 1.0]),
        root=np.zeros(1, np.int32),
        category_left=np.zeros((0, 1), np.bool_),
    )
    rows = np.array([[-1.0], [1.0], [np.nan]])
    by_leaf = Explainer(forest).by_leaf.explain(rows)
    assert Explainer(forest).margins(rows).tolist() == [0.0, 1.0, 1.0]
    assert same_bits(by_leaf[0], Explainer(forest).margins(rows))
    assert same_bits(Explainer(forest).by_table.explain(rows)[0], Explainer(forest).margins(rows))
    assert Explainer(forest).base_value == 0.75
    np.testing.assert_allclose(by_leaf[1][:, 0], [-0.75, 0.25, 0.25])


def test_rows_of_another_width_are_refused(forest):
    for rows in (1, 3000):
        for width in (forest.n_features - 1, forest.n_features + 1):
            with pytest.raises(ValueError, match="matrix"):
                Explainer(forest).contributions(np.zeros((rows, width)))
            with pytest.raises(ValueError, match="matrix"):
                Explainer(forest).margins(np.zeros((rows, width)))


@settings(deadline=None)
@given(arrays.arrays(np.float64, (3, 5), elements=st.floats(-2, 2)))
def test_the_product_of_the_others_needs_no_division(factors):
    expected = [[np.prod(np.delete(row, k)) for k in range(5)] for row in factors]
    np.testing.assert_allclose(products_of_others(factors.T).T, expected, atol=1e-12)


@pytest.mark.parametrize("factors", range(1, 30))
def test_the_rule_integrates_every_polynomial_that_it_must(factors):
    points, weights = gauss_legendre(factors)
    for degree in range(factors):
        assert weights @ points**degree == pytest.approx(1 / (degree + 1), rel=1e-12)
