"""The contract's tables are coherent with each other and with what reads them."""

import numpy as np
import pytest
from credit_scoring.contract.columns import APPLICATION, DERIVED, FEATURES, HISTORY, ID, INPUTS
from credit_scoring.features import CAPS
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import LANGUAGES

EVERYTHING = APPLICATION | HISTORY | DERIVED
TYPES = {"id", "number", "integer", "flag", "category"}
UNITS = {
    "currency", "days", "signed_days", "years", "count", "ratio", "score", "normalised", "hour", "",
}  # fmt: skip


def test_no_name_is_described_twice():
    assert len(EVERYTHING) == len(APPLICATION) + len(HISTORY) + len(DERIVED)


def test_the_application_has_its_121_columns_and_the_id_comes_first():
    assert len(APPLICATION) == 121
    assert next(iter(APPLICATION)) == ID
    assert "TARGET" not in EVERYTHING


@pytest.mark.parametrize("column", EVERYTHING.values(), ids=lambda column: column.name)
def test_a_column_is_described_in_full(column):
    assert column.type in TYPES
    assert column.unit in UNITS
    assert column.minimum <= column.maximum
    assert column.family in FAMILIES
    assert all(column.label[language].strip() for language in LANGUAGES)
    assert column.description
    assert column.is_category == bool(column.categories)
    assert len(set(column.categories)) == len(column.categories)
    assert column.allowed
    assert "inf" not in column.allowed.split()


def test_every_family_is_used_and_worded_in_both_languages():
    assert {column.family for column in FEATURES.values()} == set(FAMILIES)
    for words in FAMILIES.values():
        assert all(text.strip() for text in words.values())
    assert len({words["code"] for words in FAMILIES.values()}) == len(FAMILIES)


def test_a_sentinel_lies_outside_the_bounds_it_is_exempt_from():
    for column in INPUTS.values():
        if column.sentinel is not None:
            assert not column.minimum <= column.sentinel <= column.maximum


def test_caps_belong_to_numbers_of_the_contract():
    for name, cap in CAPS.items():
        assert INPUTS[name].minimum < cap < INPUTS[name].maximum


def test_an_id_is_no_feature():
    assert ID not in FEATURES
    assert np.all([column.type != "id" for column in FEATURES.values()])
