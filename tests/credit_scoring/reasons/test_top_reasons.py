"""The reasons of a file are those of each row alone, word for word."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.decision import point_slopes
from credit_scoring.features import build_features
from credit_scoring.reasons.choice import NOBODY, REASONS_EACH_WAY
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import explain_row
from credit_scoring.reasons.top_reasons import ROWS_AT_ONCE, top_reasons
from credit_scoring.reasons.wording import (
    CATEGORY_WORDS,
    LANGUAGES,
    feature_value,
    formatted,
)
from credit_scoring.reasons.wording_columns import WordedColumn
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.credit_scoring.examples import many_applicants, small_model, whole_schema

SCHEMA = whole_schema()
LEVELS = st.sampled_from([-1.0, 0.0, 0.5, 1.0])


def told_alone(schema, features, contributions, slope, most):
    """Code and text by language of each reason of one row, padded."""
    reasons = explain_row(schema, features, contributions, slope, most=most)
    rows = [(r.code, *(r.text[language] for language in LANGUAGES)) for r in reasons]
    return rows + [("", "", "")] * (most - len(rows))


def told_together(schema, features, contributions, slopes, most):
    found = top_reasons(schema, features, contributions, slopes, most=most)
    columns = [found.codes(), *(found.texts(language) for language in LANGUAGES)]
    each = [list(zip(*reason, strict=True)) for reason in zip(*columns, strict=True)]
    return [list(row) for row in zip(*each, strict=True)]


@pytest.mark.parametrize("most", [1, 3, REASONS_EACH_WAY])
def test_a_file_is_told_as_each_row_alone(most):
    model, matrix, _ = small_model()
    rows = np.tile(matrix, (2, 1))[: 2 * ROWS_AT_ONCE + 3]
    margins, contributions = model.explainer.contributions(rows)
    slopes = point_slopes(margins, model.explainer.base_value)
    together = told_together(model.schema, rows, contributions, slopes, most)
    assert len(together) == len(rows)
    for row in range(0, len(rows), 3):
        alone = told_alone(model.schema, rows[row], contributions[row], slopes[row], most)
        assert together[row] == alone


@settings(max_examples=50, deadline=None)
@given(
    arrays.arrays(np.float64, (5, len(SCHEMA)), elements=LEVELS),
    arrays.arrays(np.bool_, (5, len(SCHEMA))),
    arrays.arrays(np.float64, 5, elements=st.sampled_from([0.0, 1e-4, 2e-3, 0.25])),
)
def test_equal_weights_and_missing_values_are_told_alike(contributions, missing, slopes):
    features = np.where(missing, np.nan, build_features(many_applicants(5), SCHEMA))
    together = told_together(SCHEMA, features, contributions, slopes, 3)
    for row in range(5):
        alone = told_alone(SCHEMA, features[row], contributions[row], slopes[row], 3)
        assert together[row] == alone


def test_no_row_has_no_reasons():
    empty = np.empty((0, len(SCHEMA)))
    found = top_reasons(SCHEMA, empty, empty, np.empty(0), most=2)
    assert len(found) == 0
    assert found.codes() == found.texts("fr") == [[], []]


def test_what_counts_for_nothing_leaves_its_place_empty():
    contributions = np.zeros((1, len(SCHEMA)))
    contributions[0, SCHEMA.names.index("AMT_CREDIT")] = -0.1
    missing = np.full((1, len(SCHEMA)), np.nan)
    found = top_reasons(SCHEMA, missing, contributions, np.ones(1), most=2)
    assert found.codes() == [[f"{FAMILIES['loan']['code']}?-"], [""]]
    assert found.texts("en")[1] == [""]


def test_more_reasons_than_one_way_holds_are_refused():
    with pytest.raises(ValueError, match="at most 4"):
        top_reasons(SCHEMA, *2 * [np.zeros((1, len(SCHEMA)))], np.zeros(1), most=5)


def spoken_alone(name, value, language):
    return formatted(FEATURES[name], feature_value(SCHEMA, name, value), language)


NUMBERS = [name for name in SCHEMA.names if not FEATURES[name].is_category]
VALUES = (
    st.floats(-1e13, 1e13)
    | st.integers(-3_000, 3_000).map(lambda n: n / 200)  # where two decimals round either way
    | st.integers(-800, 800).map(lambda n: n * 365.25 / 20)  # and where years do
    | st.just(np.nan)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NUMBERS), VALUES), min_size=1, max_size=30))
def test_values_that_share_their_words_say_what_each_would(pairs):
    # Neighbours of a value fall into its cell, or beside it.
    near = [(name, value + step) for name, value in pairs for step in (0.0, 1e-9, -1e-9, 0.004)]
    places = np.array([SCHEMA.names.index(name) for name, _ in near] + [NOBODY])
    values = np.array([value for _, value in near] + [1.0])
    spoken = WordedColumn.of(SCHEMA, places, values, np.zeros(len(places), np.intp))
    for language in LANGUAGES:
        expected = [spoken_alone(name, value, language) for name, value in near]
        assert spoken.words(language) == [*expected, ""]


def test_categories_are_told_by_their_text():
    place = SCHEMA.names.index("NAME_EDUCATION_TYPE")
    words = SCHEMA.vocabularies["NAME_EDUCATION_TYPE"]
    codes = np.arange(len(words), dtype=np.float64)
    column = WordedColumn.of(SCHEMA, np.full(len(words), place), codes, np.zeros(len(words), int))
    expected = [CATEGORY_WORDS["en"][word] for word in words]
    assert column.words("en") == [f"Education: {word}" for word in expected]
