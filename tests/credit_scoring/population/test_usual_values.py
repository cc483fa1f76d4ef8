"""What a missing value might be: usual among many, and nobody's own."""

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.contract.columns import APPLICATION, HISTORY
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population.reference import Reference
from credit_scoring.population.usual_values import LEAST_ROWS, LEAST_SHARE, usual_values

from tests.credit_scoring.examples import application
from tests.lending import lending_model

WORDS = APPLICATION["NAME_EDUCATION_TYPE"].categories


def usual(**columns):
    """Of a dataset of these columns, by feature; categories by their codes."""
    vocabularies = {n: APPLICATION[n].categories for n in columns if APPLICATION[n].is_category}
    matrix = np.column_stack([np.asarray(values, float) for values in columns.values()])
    reference = Reference(matrix.astype(np.float32), np.full(len(matrix), 0.1))
    return usual_values(reference, FeatureSchema(tuple(columns), vocabularies))


def test_a_number_is_the_middle_nine_tenths_in_steps():
    values = np.arange(1001)
    assert usual(AMT_CREDIT=values)["AMT_CREDIT"] == (50.0, 250.0, 500.0, 750.0, 950.0)


def test_no_number_has_more_than_three_digits():
    rng = np.random.default_rng(1)
    amounts = np.round(rng.lognormal(12, 1, 5_000), 2)
    found = usual(AMT_CREDIT=amounts, EXT_SOURCE_1=rng.random(5_000))
    for values in found.values():
        assert values == tuple(float(f"{value:.3g}") for value in values)
    assert set(found["AMT_CREDIT"]).isdisjoint(amounts.astype(np.float32).tolist())


def test_a_count_is_whole_and_a_flag_is_either():
    rng = np.random.default_rng(2)
    ages, flags = -rng.integers(7_000, 25_000, 500), np.ones(500)
    found = usual(DAYS_BIRTH=ages, FLAG_EMAIL=flags)
    assert all(type(value) is int for value in found["DAYS_BIRTH"])
    assert found["FLAG_EMAIL"] == (0, 1)


def test_equal_steps_are_one_value():
    assert usual(AMT_CREDIT=np.full(200, 900.0))["AMT_CREDIT"] == (900.0,)


@pytest.mark.parametrize("rare", [0, 9, 10])
def test_a_category_is_usual_where_one_in_twenty_has_it(rare):
    codes = [0] * (200 - rare) + [1] * rare
    expected = WORDS[:2] if rare >= LEAST_SHARE * 200 else WORDS[:1]
    assert usual(NAME_EDUCATION_TYPE=codes)["NAME_EDUCATION_TYPE"] == expected


def test_what_few_people_gave_is_told_of_nobody():
    assert LEAST_ROWS == 100  # a promise to people, not a setting
    few = np.where(np.arange(300) < LEAST_ROWS - 1, 500.0, np.nan)
    enough = np.where(np.arange(300) < LEAST_ROWS, 500.0, np.nan)
    assert usual(AMT_CREDIT=few, AMT_ANNUITY=enough) == {"AMT_ANNUITY": (500.0,)}
    assert usual(NAME_EDUCATION_TYPE=np.full(300, np.nan)) == {}


def test_only_what_the_form_asks_for_has_a_usual_value():
    derived, history = "CREDIT_TO_INCOME", next(iter(HISTORY))
    matrix = np.random.default_rng(3).random((500, 3)).astype(np.float32)
    schema = FeatureSchema(("AMT_CREDIT", derived, history), {})
    assert usual_values(Reference(matrix, np.full(500, 0.1)), schema).keys() == {"AMT_CREDIT"}


def test_each_usual_value_may_be_sent_and_reaches_the_model():
    lending = lending_model()
    found = usual_values(lending.reference, lending.model.schema)
    sendable = set(lending.model.schema.names) & APPLICATION.keys()
    assert found.keys() == sendable
    for name, values in found.items():
        assert len(values) > 1
        for value in values:
            others = {"AMT_CREDIT": 1e9} if name == "AMT_ANNUITY" else {}
            row = parse_record(application(**others, **{name: value}))
            column = lending.model.schema.names.index(name)
            assert not np.isnan(build_features(row, lending.model.schema)[0, column])
