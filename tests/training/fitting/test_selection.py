"""What helps is kept, noise and copies are not, and held-out rows have no say."""

import numpy as np
import pytest
from credit_scoring.features import FeatureSchema

from tests.training.rows import quick_recipe
from training.fitting.selection import select_features

NAMES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "AMT_CREDIT", "AMT_ANNUITY",
         "AMT_INCOME_TOTAL", "OWN_CAR_AGE", "CNT_CHILDREN", "NAME_INCOME_TYPE")  # fmt: skip
SCHEMA = FeatureSchema(NAMES, {"NAME_INCOME_TYPE": ("Working", "Pensioner", "Student")})
ROWS = np.arange(3_000)


@pytest.fixture(scope="module")
def rows():
    """Two scores and a category tell of the outcome; AMT_ANNUITY copies AMT_CREDIT's order."""
    rng = np.random.default_rng(0)
    matrix = rng.random((3_000, len(NAMES)))
    matrix[:, 8] = rng.integers(0, 3, 3_000)
    matrix[:, 3] = 1 - matrix[:, 1] + 0.1 * rng.random(3_000)
    matrix[rng.random(matrix.shape) < 0.05] = np.nan
    matrix[:, 4] = np.exp(matrix[:, 3])
    risk = 0.05 + 0.5 * np.nan_to_num(1 - matrix[:, 1]) * (1 + (matrix[:, 8] == 1)) / 2
    return matrix, rng.random(3_000) < risk


def select(matrix, defaulted, rows=ROWS, **changes):
    return select_features(matrix[rows], defaulted[rows], SCHEMA, quick_recipe(**changes))


def test_what_tells_is_kept_and_most_noise_is_not(rows):
    kept = select(*rows).schema
    assert {"EXT_SOURCE_2", "NAME_INCOME_TYPE"} <= set(kept.names)
    assert kept.vocabularies == SCHEMA.vocabularies
    noise = {"EXT_SOURCE_1", "EXT_SOURCE_3", "AMT_INCOME_TOTAL", "OWN_CAR_AGE", "CNT_CHILDREN"}
    assert len(noise & set(kept.names)) <= 3


def test_of_features_that_order_alike_the_first_is_kept(rows):
    selection = select(*rows)
    assert selection.duplicates == 1
    assert "AMT_ANNUITY" not in selection.schema.names


def test_no_more_than_allowed_and_the_heaviest(rows):
    selection = select(*rows, most_features=1)
    assert len(selection.schema) == 1
    assert selection.beyond_most >= 1
    assert selection.schema.names[0] in ("EXT_SOURCE_2", "AMT_CREDIT")


def test_every_candidate_is_accounted_for(rows):
    selection = select(*rows, most_features=2)
    dropped = selection.duplicates + selection.unhelpful + selection.beyond_most
    assert len(selection.schema) + dropped == len(NAMES)


def test_rows_that_are_not_given_have_no_say(rows):
    matrix, defaulted = rows
    changed, flipped = matrix.copy(), defaulted.copy()
    changed[2_000:, 0], flipped[2_000:] = flipped[2_000:], ~flipped[2_000:]
    given = np.arange(2_000)
    assert select(matrix, defaulted, given) == select(changed, flipped, given)


def test_the_same_seed_chooses_the_same(rows):
    assert select(*rows) == select(*rows)
