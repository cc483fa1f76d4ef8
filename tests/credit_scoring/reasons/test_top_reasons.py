"""The reasons of a file are those of each row alone, word for word."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import build_features
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import REASONS_EACH_WAY, explain_row
from credit_scoring.reasons.top_reasons import ROWS_AT_ONCE, top_reasons
from credit_scoring.reasons.wording import LANGUAGES, feature_value, formatted
from credit_scoring.reasons.wording_columns import NOBODY, WordedColumn
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.credit_scoring.examples import many_applicants, small_model, whole_schema

SCHEMA = whole_schema()
LEVELS = st.sampled_from([-1.0, 0.0, 0.5, 1.0])


def told_alone(schema, features, contributions, most):
    """Code and text by language of each reason of one row, padded."""
    reasons = explain_row(schema, features, contributions, most=most)
    rows = [(r.code, *(r.text[language] for language in LANGUAGES)) for r in reasons]
    return rows + [("", "", "")] * (most - len(rows))


def told_together(schema, features, contributions, most):
    found = top_reasons(schema, features, contributions, most=most)
    columns = [found.codes(), *(found.texts(language) for language in LANGUAGES)]
    each = [list(zip(*reason, strict=True)) for reason in zip(*columns, strict=True)]
    return [list(row) for row in zip(*each, strict=True)]


@pytest.mark.parametrize("most", [1, 3, REASONS_EACH_WAY])
def test_a_file_is_told_as_each_row_alone(most):
    model, matrix, _ = small_model()
    rows = np.tile(matrix, (2, 1))[: 2 * ROWS_AT_ONCE + 3]
    _, contributions = model.explainer.contributions(rows)
    together = told_together(model.schema, rows, contributions, most)
    assert len(together) == len(rows)
    for row in range(0, len(rows), 3):
        alone = told_alone(model.schema, rows[row], contributions[row], most)
        assert together[row] == alone


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float64, (5, len(SCHEMA)), elements=LEVELS))
def test_equal_weights_and_families_that_say_nothing_are_told_alike(contributions):
    features = build_features(many_applicants(5), SCHEMA)
    together = told_together(SCHEMA, features, contributions, 3)
    for row in range(5):
        assert together[row] == told_alone(SCHEMA, features[row], contributions[row], 3)


def test_no_row_has_no_reasons():
    empty = np.empty((0, len(SCHEMA)))
    found = top_reasons(SCHEMA, empty, empty, most=2)
    assert len(found) == 0
    assert found.codes() == found.texts("fr") == [[], []]


def test_what_counts_for_nothing_leaves_its_place_empty():
    contributions = np.zeros((1, len(SCHEMA)))
    contributions[0, SCHEMA.names.index("AMT_CREDIT")] = -0.1
    found = top_reasons(SCHEMA, np.full((1, len(SCHEMA)), np.nan), contributions, most=2)
    assert found.codes() == [[f"{FAMILIES['loan']['code']}-"], [""]]
    assert found.texts("en")[1] == [""]


def test_more_reasons_than_one_way_holds_are_refused():
    with pytest.raises(ValueError, match="at most 4"):
        top_reasons(SCHEMA, np.zeros((1, len(SCHEMA))), np.zeros((1, len(SCHEMA))), most=5)


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
    spoken = WordedColumn.of(SCHEMA, places, values)
    for language in LANGUAGES:
        expected = [spoken_alone(name, value, language) for name, value in near]
        assert spoken.words(language) == [*expected, ""]


def test_categories_are_told_by_their_text():
    place = SCHEMA.names.index("NAME_EDUCATION_TYPE")
    words = SCHEMA.vocabularies["NAME_EDUCATION_TYPE"]
    codes = np.arange(len(words), dtype=np.float64)
    spoken = WordedColumn.of(SCHEMA, np.full(len(words), place), codes).words("en")
    assert spoken == [f"Education: {word}" for word in words]
