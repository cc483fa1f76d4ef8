"""Distributions and scatters: counts of many, never a value of one."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.population.bins import FEWEST_ROWS, MOST_BINS, make_axis
from credit_scoring.population.distributions import SIMILAR_SHARE, Population
from credit_scoring.population.reference import Reference
from credit_scoring.reasons.families import families_of, sum_by_family
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lending import lending_model


@pytest.fixture(scope="module")
def population():
    lending = lending_model()
    return Population(lending.model, lending.reference)


@pytest.fixture(scope="module")
def features():
    lending = lending_model()
    return dict(zip(lending.model.schema.names, lending.reference.features.T, strict=True))


def test_every_row_with_a_value_is_in_one_bin(population, features):
    for name in features:
        found = population.distribution(name)
        assert sum(group.rows for group in found.groups) == len(population)
        assert found.missing.rows == 0
        assert 1 <= len(found.groups) <= MOST_BINS + 2


def test_no_count_is_smaller_than_what_may_be_told(population, features):
    for name in features:
        found = population.distribution(name)
        for group in (*found.groups, found.missing):
            for count in (group.rows, group.accepted, group.refused):
                assert count is None or count == 0 or count >= FEWEST_ROWS
            if group.accepted is not None:
                assert group.accepted + group.refused == group.rows


def test_bins_count_what_lies_between_their_bounds(population, features):
    accepted = lending_model().reference.default_probabilities < lending_model().model.cutoff
    values = features["AMT_CREDIT"].astype(float)
    found = population.distribution("AMT_CREDIT")
    for place, group in enumerate(found.groups):
        low, high = found.axis.bounds(place)
        inside = (values >= (low if low is not None else -np.inf)) & (
            values < (high if high is not None else np.inf)
        )
        assert group.rows == inside.sum()
        assert group.accepted in (None, (inside & accepted).sum())
    assert found.axis.bounds(0)[0] is None
    assert found.axis.bounds(len(found.groups) - 1)[1] is None


def test_no_value_of_anybody_is_told(population, features):
    """Canary: of the continuous features no cut is a value that some row has."""
    for name in ("AMT_CREDIT", "EXT_SOURCE_2", "CREDIT_TO_INCOME", "ANNUITY_TO_CREDIT"):
        rows = set(features[name].astype(float).tolist())
        outliers = [value for value in rows if value % 100 != 0]
        cuts = set(population.distribution(name).axis.cuts.tolist())
        assert cuts.isdisjoint(outliers)


@pytest.fixture(scope="module")
def alike(population):
    """Which rows are like the row at place 17, itself among them."""
    return population.similar(lending_model().reference.features[17:18].astype(float))


class TestThoseWhoAreAlike:
    def test_are_a_tenth_and_the_nearest_by_contributions_of_a_family(self, population, alike):
        lending = lending_model()
        names = families_of(lending.model.schema.names)
        features = lending.reference.features.astype(float)
        weights = lending.model.explainer.contributions(features)[1]
        positions = sum_by_family(weights, names.of_feature, len(names.names))
        distances = np.linalg.norm(positions - positions[17], axis=1)
        assert alike.sum() == len(population) // SIMILAR_SHARE
        assert alike[17]
        assert distances[alike].max() <= distances[~alike].min()

    def test_are_counted_in_the_bins_of_all_and_never_fewer_than_may_be_told(
        self, population, features, alike
    ):
        for name in features:
            everybody = population.distribution(name)
            found = population.distribution(name, among=alike)
            assert found.axis.cuts.tolist() == everybody.axis.cuts.tolist()
            for group, whole in zip(found.groups, everybody.groups, strict=True):
                for count in (group.rows, group.accepted, group.refused):
                    assert count is None or count == 0 or count >= FEWEST_ROWS
                assert (group.rows or 0) <= (whole.rows or 0)

    def test_are_everybody_where_there_are_few(self):
        lending = lending_model()
        reference = lending.reference
        few = Reference(reference.features[:150], reference.default_probabilities[:150])
        population = Population(lending.model, few)
        assert population.similar(reference.features[:1].astype(float)).all()


def test_rare_categories_have_no_bin():
    words = FEATURES["NAME_INCOME_TYPE"].categories
    schema = FeatureSchema(("NAME_INCOME_TYPE",), {"NAME_INCOME_TYPE": words})
    values = np.array([0.0] * 50 + [1.0] * (FEWEST_ROWS - 1) + [2.0] * FEWEST_ROWS + [np.nan] * 3)
    model = lending_model().model
    from dataclasses import replace

    found = Population(
        replace(model, schema=schema),
        Reference(values[:, None].astype(np.float32), np.zeros(len(values))),
    ).distribution("NAME_INCOME_TYPE")
    assert found.axis.words == (words[0], words[2])
    assert [group.rows for group in found.groups] == [50, FEWEST_ROWS]
    assert found.missing.rows is None
    assert found.axis.places(np.array([1.0, 2.0, np.nan, 99.0])).tolist() == [-1, 1, -1, -1]


def test_cells_of_a_scatter_are_full_and_average_their_own_rows(population, features):
    pds = lending_model().reference.default_probabilities
    found = population.scatter("EXT_SOURCE_2", "AMT_CREDIT")
    x = found.x.places(features["EXT_SOURCE_2"].astype(float))
    y = found.y.places(features["AMT_CREDIT"].astype(float))
    for cell in found.cells:
        inside = (x == cell.x) & (y == cell.y)
        assert cell.rows == inside.sum() >= FEWEST_ROWS
        assert cell.mean_pd == pytest.approx(pds[inside].mean())
    shown = sum(cell.rows for cell in found.cells)
    assert found.left_out == pytest.approx(1 - shown / len(pds), abs=0.005)
    assert found.left_out > 0


def test_a_place_among_the_others_is_told_to_the_hundredth(population, features):
    median = float(np.median(features["AMT_CREDIT"]))
    assert population.share_below("AMT_CREDIT", median) == pytest.approx(0.5, abs=0.01)
    assert population.share_below("AMT_CREDIT", 1.0) == 0.0


def test_of_time_counted_backwards_less_is_less_time(population, features):
    values = features["DAYS_BIRTH"]
    younger = float(np.mean(values > -14_610))
    assert abs(younger - 0.5) > 0.02  # else both ways would be the same
    assert population.share_below("DAYS_BIRTH", -14_610.0) == pytest.approx(younger, abs=0.006)


def test_an_unknown_feature_is_an_error(population):
    with pytest.raises(ValueError, match="tuple"):
        population.distribution("NOBODY")


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(
        st.floats(-1e9, 1e9, width=32) | st.just(float("nan")) | st.integers(-3, 3).map(float),
        max_size=120,
    ),
    feature=st.sampled_from(["AMT_CREDIT", "CNT_CHILDREN", "CREDIT_MINUS_GOODS"]),
)  # fmt: skip
def test_bins_of_any_values_are_full_enough(values, feature):
    column = np.array(values, np.float64)
    axis = make_axis(FeatureSchema((feature,), {}), feature, column)
    places = axis.places(column)
    assert ((places == -1) == np.isnan(column)).all()
    counts = np.bincount(places[places >= 0], minlength=len(axis))
    assert len(counts) == len(axis) <= MOST_BINS + 2
    assert (np.diff(axis.cuts) > 0).all()
    if len(axis) > 1:
        assert counts.min() >= FEWEST_ROWS
