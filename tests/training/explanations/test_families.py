"""Families keep together what says the same, so that no reason hides another."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import CleanInputs, build_features
from scipy.stats import rankdata

from training import sample_data
from training.data.dataset import load_dataset
from training.data.schema import choose_schema

APPLICANTS = 5_000
FEWEST_SHARED = 200  # of fewer rows a correlation is chance
STRONG = 0.9


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """Names and columns, float64 (n, F), of every feature that is a number and varies."""
    folder = tmp_path_factory.mktemp("tables")
    sample_data.generate(folder, applicants=APPLICANTS, seed=7)
    applicants = load_dataset(folder).applicants
    schema = choose_schema(CleanInputs(applicants))
    places = [k for k, name in enumerate(schema.names) if not FEATURES[name].is_category]
    return [schema.names[k] for k in places], build_features(applicants, schema)[:, places]


def correlations(matrix):
    """Of each pair over the rows that know both; NaN where these are few or never vary."""
    known = (~np.isnan(matrix)).astype(float)
    spread = np.nanstd(matrix, axis=0)
    scaled = (matrix - np.nanmean(matrix, axis=0)) / np.where(spread > 0, spread, 1)
    scaled = np.nan_to_num(scaled)
    shared = known.T @ known
    with np.errstate(invalid="ignore", divide="ignore"):
        means = scaled.T @ known / shared  # of the row's feature, where the column's is known
        squares = (scaled * scaled).T @ known / shared
        variances = squares - means**2
        found = (scaled.T @ scaled / shared - means * means.T) / np.sqrt(variances * variances.T)
    trusted = (shared >= FEWEST_SHARED) & (np.minimum(variances, variances.T) > 1e-9)
    return np.where(trusted, found, np.nan)


def ranks(matrix):
    """As Spearman's coefficient takes them; missing values stay missing."""
    return np.column_stack([rankdata(column, nan_policy="omit") for column in matrix.T])


@pytest.mark.parametrize("scale", [np.asarray, ranks], ids=["values", "ranks"])
def test_no_two_features_that_say_the_same_sit_in_two_families(numbers, scale):
    names, matrix = numbers
    found = correlations(scale(matrix))
    apart = [
        (names[left], names[right], round(found[left, right], 3))
        for left, right in np.argwhere(np.abs(found) > STRONG)
        if left < right and FEATURES[names[left]].family != FEATURES[names[right]].family
    ]
    assert apart == []
    together = np.abs(found[np.triu_indices(len(names), 1)]) > STRONG
    assert together.sum() > 50  # the measure does find what goes together
