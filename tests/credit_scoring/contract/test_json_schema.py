"""The JSON schema and parse_record say the same of every record."""

import json

import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.contract.columns import INPUTS
from credit_scoring.contract.json_schema import record_schema
from credit_scoring.errors import InvalidApplicant
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.credit_scoring.examples import application, records

SCHEMA = record_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
JUNK = [
    None, "", "  ", "XNA", " XNA ", "x", "0", "1.5", True, False, 0, 1, -1, 2, 0.5, -0.0, 1.0,
    365243, 365243.0, -1e9, 1e9 + 1, 1e300, -1e300, 10**400, -(10**400), float("inf"), [], {},
    [1], {"a": 1}, "F\n", " Cash loans", "cash loans", "F|M", "^$", "é", "NaN", "A" * 33,
]  # fmt: skip


def accepted(record):
    try:
        parse_record(record)
    except InvalidApplicant:
        return False
    return True


def limits(column):
    """The bounds, what lies just outside, and the sentinel."""
    edges = [b for b in (column.minimum, column.maximum) if abs(b) < 1e300]
    around = [edge + step for edge in edges for step in (-1, -0.5, 0, 0.5, 1)]
    return around + ([] if column.sentinel is None else [column.sentinel])


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    json.dumps(SCHEMA, allow_nan=False)
    assert list(SCHEMA["properties"]) == list(INPUTS)


@given(records())
@settings(max_examples=40, deadline=None)
def test_a_record_that_keeps_the_contract_validates(record):
    assert accepted(record)
    assert VALIDATOR.is_valid(record)


@pytest.mark.parametrize("column", INPUTS.values(), ids=lambda column: column.name)
def test_schema_and_parsing_agree_on_every_value_of_every_field(column):
    words = [*column.categories, *(f" {text}\t" for text in column.categories[:2])]
    # To JSON Schema 5.0 is an integer; as an id it is refused.
    values = [v for v in JUNK if not (column.type == "id" and isinstance(v, float))]
    for value in values + ([] if column.type == "id" else limits(column)) + words:
        record = application(**{column.name: value})
        assert VALIDATOR.is_valid(record) == accepted(record), value


@given(records(), st.data())
@settings(max_examples=60, deadline=None)
def test_schema_and_parsing_agree_on_spoilt_records(record, data):
    names = st.sampled_from([*record, *INPUTS, "TARGET", "amt_credit", ""])
    for name in data.draw(st.lists(names, min_size=1, max_size=3)):
        record[name] = data.draw(st.sampled_from([v for v in JUNK if not isinstance(v, float)]))
    assert VALIDATOR.is_valid(record) == accepted(record)


@pytest.mark.parametrize("name", SCHEMA["required"])
def test_a_required_field_is_required_by_both(name):
    record = application()
    for value in (None, "", " "):
        assert not VALIDATOR.is_valid(record | {name: value})
        assert not accepted(record | {name: value})
    del record[name]
    assert not VALIDATOR.is_valid(record)
    assert not accepted(record)


@pytest.mark.parametrize(
    ("applicant_id", "fine"),
    [("100002", True), (100002, True), (-5, True), (10**32 - 1, True), (10**32, False),
     (-(10**31), False), ("paris 1", False), (" a-b_c ", True), ("é", False), (None, True)],
)  # fmt: skip
def test_ids_are_the_same_to_both(applicant_id, fine):
    record = application(SK_ID_CURR=applicant_id)
    assert VALIDATOR.is_valid(record) == accepted(record) == fine


def test_a_field_says_what_it_means_and_in_which_unit():
    field = SCHEMA["properties"]["DAYS_EMPLOYED"]
    assert field["title"] == INPUTS["DAYS_EMPLOYED"].label_en
    assert "Unit: days." in field["description"]
    assert INPUTS["DAYS_EMPLOYED"].label_fr in field["description"]
    assert {"const": 365243} in field["anyOf"]
