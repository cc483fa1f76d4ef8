"""The input contract: one record and many columns of text are read by one set of rules."""

import math

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record, parse_text_columns
from credit_scoring.contract.columns import APPLICATION, INPUTS
from credit_scoring.errors import PROBLEM_CAUSES, InvalidApplicant
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.credit_scoring.examples import application, records, same_bits


def as_text(value):
    return value if isinstance(value, str) else "" if value is None else repr(value)


def as_columns(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [as_text(row.get(name)) for row in rows] for name in names}


def problems_of(record):
    with pytest.raises(InvalidApplicant) as caught:
        parse_record(record)
    return caught.value.problems


def cause_of(**fields):
    (problem,) = problems_of(application(**fields))
    return problem.field, problem.cause


def cause_of_text(name, text):
    parsed = parse_text_columns(as_columns([application() | {name: text}]))
    assert len(parsed.applicants) == 0
    ((problem,),) = parsed.problems.values()
    return problem.field, problem.cause


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(records(), min_size=1, max_size=4))
def test_records_and_the_same_records_written_as_text_are_the_same_applicants(rows):
    parsed = parse_text_columns(as_columns(rows))
    assert parsed.problems == {}
    assert parsed.rows.tolist() == list(range(len(rows)))
    for row, record in enumerate(rows):
        alone = parse_record(record)
        assert alone.ids == [parsed.applicants.ids[row]]
        for name, column in INPUTS.items():
            if column.type != "id":
                assert same_bits(alone[name], parsed.applicants[name][row : row + 1]), name


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_an_applicant_written_as_a_record_is_read_back_the_same(record):
    applicants = parse_record(record)
    again = parse_record(applicants.record(0))
    assert again.ids == applicants.ids
    assert again.columns.keys() == applicants.columns.keys()
    for name, values in applicants.columns.items():
        np.testing.assert_array_equal(again[name], values)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["AMT_ANNUITY", "CNT_CHILDREN", "FLAG_EMAIL", "DAYS_EMPLOYED"]),
    st.integers() | st.floats(),
)
def test_any_number_is_judged_alike_as_json_and_as_text(name, value):
    parsed = parse_text_columns(as_columns([application() | {name: repr(value)}]))
    if parsed.problems:
        assert [p.cause for p in parsed.problems[0]] == [cause_of(**{name: value})[1]]
    else:
        expected = parse_record(application(**{name: value}))[name]
        np.testing.assert_array_equal(parsed.applicants[name], expected)


@pytest.mark.parametrize("name", ["AMT_ANNUITY", "CNT_CHILDREN", "CODE_GENDER"])
@pytest.mark.parametrize("value", [None, "", "  ", math.nan])
def test_null_empty_text_and_nan_are_missing_in_a_record(name, value):
    applicants = parse_record(application(**{name: value}))
    assert np.isnan(applicants[name][0]) or applicants[name][0] == -1


@pytest.mark.parametrize("text", ["", "  ", "NaN", "nan"])
def test_empty_text_and_nan_are_missing_in_a_table(text):
    parsed = parse_text_columns(as_columns([application(), application() | {"AMT_ANNUITY": text}]))
    assert parsed.problems == {}
    assert np.isnan(parsed.applicants["AMT_ANNUITY"]).all()


def test_an_absent_column_is_missing_for_everybody():
    applicants = parse_text_columns(as_columns([application()] * 3)).applicants
    assert np.isnan(applicants["AMT_ANNUITY"]).all()
    assert applicants["CODE_GENDER"].tolist() == [-1, -1, -1]
    assert applicants["CODE_GENDER"].dtype == np.int32


def test_an_unknown_column_is_no_missing_column():
    with pytest.raises(KeyError):
        parse_record(application())["AMT_INCOME"]


def test_zero_is_a_value():
    record = parse_record(application(CNT_CHILDREN=0, EXT_SOURCE_1=0.0))
    table = parse_text_columns(as_columns([application() | {"CNT_CHILDREN": "0"}])).applicants
    assert record["CNT_CHILDREN"].tolist() == table["CNT_CHILDREN"].tolist() == [0.0]
    assert record["EXT_SOURCE_1"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("field", "value", "cause", "allowed"),
    [
        ("AMT_INCOME_TOTAL", None, "missing", "a number from 1 up to 1000000000"),
        ("AMT_CREDIT", "540000", "wrong_type", "a number from 1 up to 1000000000"),
        ("AMT_CREDIT", [1], "wrong_type", "a number from 1 up to 1000000000"),
        ("AMT_CREDIT", math.inf, "not_finite", "a number from 1 up to 1000000000"),
        ("AMT_CREDIT", 0, "out_of_range", "a number from 1 up to 1000000000"),
        ("CNT_CHILDREN", 1.5, "not_integer", "a whole number from 0 up to 50"),
        ("FLAG_EMAIL", 2, "out_of_range", "0 or 1"),
        ("CODE_GENDER", "X", "unknown_category", "F, M, XNA"),
        ("CODE_GENDER", 1, "wrong_type", "F, M, XNA"),
        ("AMT_INCOME", 1, "unknown_field", "the fields of the contract"),
        (
            "SK_ID_CURR",
            "one two",
            "wrong_type",
            "1 to 32 letters, digits, hyphens or underscores; no word for nothing, no total, "
            "no date",
        ),
    ],
)
def test_a_problem_says_the_field_the_cause_the_value_and_what_is_allowed(
    field, value, cause, allowed
):
    (problem,) = problems_of(application(**{field: value}))
    shown = "" if cause in ("missing", "unknown_field") else str(value)
    assert (problem.field, problem.cause, problem.value) == (field, cause, shown)
    assert problem.allowed == allowed
    assert field in problem.message
    assert PROBLEM_CAUSES[cause] in problem.message
    assert allowed in problem.message


def test_every_problem_of_a_record_is_told_at_once():
    found = problems_of(application(AMT_CREDIT=-1, CODE_GENDER="X", NOBODY=1, DAYS_BIRTH=None))
    assert {(p.field, p.cause) for p in found} == {
        ("AMT_CREDIT", "out_of_range"),
        ("CODE_GENDER", "unknown_category"),
        ("NOBODY", "unknown_field"),
        ("DAYS_BIRTH", "missing"),
    }


def test_an_error_for_the_log_names_fields_and_no_value():
    with pytest.raises(InvalidApplicant) as caught:
        parse_record(application(CODE_GENDER="secret"))
    assert caught.value.log_fields == {"error": "InvalidApplicant", "fields": ["CODE_GENDER"]}


def test_a_long_value_is_cut_where_it_is_shown():
    (problem,) = problems_of(application(CODE_GENDER="x" * 5000))
    assert problem.value == "x" * 80


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("name", ["AMT_CREDIT", "FLAG_EMAIL", "CNT_CHILDREN", "SK_ID_CURR"])
def test_true_and_false_are_not_numbers(name, value):
    assert cause_of(**{name: value}) == (name, "wrong_type")


@pytest.mark.parametrize("text", ["1_000", "١٢٣", "１２３", "0x10", "1,5", "1 000", "true", "--1"])
def test_text_that_is_no_plain_number_has_the_wrong_type(text):
    assert cause_of_text("AMT_ANNUITY", text) == ("AMT_ANNUITY", "wrong_type")


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e400", "-1e400", "9" * 400])
def test_text_of_an_infinite_number_is_not_finite(text):
    assert cause_of_text("AMT_ANNUITY", text) == ("AMT_ANNUITY", "not_finite")


def test_a_huge_integer_is_judged_by_the_same_bounds_as_a_number():
    assert cause_of(AMT_ANNUITY=10**400) == ("AMT_ANNUITY", "not_finite")
    assert cause_of(AMT_ANNUITY=10**20) == ("AMT_ANNUITY", "out_of_range")
    assert cause_of(BUREAU_ACTIVE_DEBT_TOTAL=10**20) == ("BUREAU_ACTIVE_DEBT_TOTAL", "out_of_range")


@pytest.mark.parametrize("text", [" 540000", "540000 ", "\t540000", "5.4e5", "+540000", "540000."])
def test_spaces_and_other_ways_to_write_a_number_are_fine(text):
    parsed = parse_text_columns(as_columns([application() | {"AMT_CREDIT": text}]))
    assert parsed.applicants["AMT_CREDIT"].tolist() == [540_000.0]


def test_spaces_around_a_category_are_not_part_of_it():
    record = parse_record(application(CODE_GENDER=" F "))
    parsed = parse_text_columns(as_columns([application() | {"CODE_GENDER": " F "}]))
    assert record["CODE_GENDER"].tolist() == parsed.applicants["CODE_GENDER"].tolist() == [0]


@pytest.mark.parametrize("name", [n for n, c in INPUTS.items() if c.sentinel is not None])
def test_a_sentinel_is_exempt_from_the_bounds_and_its_neighbours_are_not(name):
    sentinel = INPUTS[name].sentinel
    assert parse_record(application(**{name: sentinel}))[name].tolist() == [sentinel]
    assert cause_of(**{name: sentinel + 1}) == (name, "out_of_range")


@pytest.mark.parametrize("name", [n for n, c in INPUTS.items() if np.isfinite(c.minimum)])
def test_bounds_belong_to_the_range(name):
    column = INPUTS[name]
    assert parse_record(application(**{name: column.minimum}))[name].tolist() == [column.minimum]
    below = column.minimum - 1
    assert cause_of(**{name: below}) == (name, "out_of_range")
    assert cause_of_text(name, repr(below)) == (name, "out_of_range")


def test_ids_are_text_and_keep_their_leading_zeros():
    assert parse_record(application(SK_ID_CURR="007")).ids == ["007"]
    parsed = parse_text_columns(as_columns([application(SK_ID_CURR="007")]))
    assert parsed.applicants.ids == ["007"]


def test_an_id_may_be_sent_as_a_number_or_not_at_all_in_a_record():
    assert parse_record(application(SK_ID_CURR=100002)).ids == ["100002"]
    assert parse_record(application(SK_ID_CURR=None)).ids == [""]


@pytest.mark.parametrize("value", ["a b", "é", "x" * 33, "a/b", "../a", "1\n2", "١٢"])
def test_an_id_of_other_characters_is_refused_everywhere(value):
    assert cause_of(SK_ID_CURR=value) == ("SK_ID_CURR", "wrong_type")
    assert cause_of_text("SK_ID_CURR", value) == ("SK_ID_CURR", "wrong_type")


def test_a_line_without_id_is_refused():
    assert cause_of_text("SK_ID_CURR", " ") == ("SK_ID_CURR", "missing")


@pytest.mark.parametrize("name", [n for n, c in INPUTS.items() if c.required])
def test_a_required_column_that_nobody_sent_refuses_every_row(name):
    texts = as_columns([application(), application()])
    del texts[name]
    parsed = parse_text_columns(texts)
    assert len(parsed.applicants) == 0
    causes = {row: [(p.field, p.cause) for p in found] for row, found in parsed.problems.items()}
    assert causes == {0: [(name, "missing")], 1: [(name, "missing")]}


def test_columns_outside_the_contract_are_named_and_the_outcome_is_passed_over():
    parsed = parse_text_columns(as_columns([application() | {"TARGET": "1", "NOTE": "hello"}]))
    assert parsed.ignored == ["NOTE"]
    assert len(parsed.applicants) == 1


def test_the_outcome_may_not_be_sent_in_a_record():
    assert cause_of(TARGET=1) == ("TARGET", "unknown_field")


def test_no_column_and_no_row_are_no_applicants():
    assert len(parse_text_columns({}).applicants) == 0
    empty = parse_text_columns({name: [] for name in APPLICATION})
    assert len(empty.applicants) == 0
    assert empty.problems == {}


BAD_FIELDS = [
    {"AMT_CREDIT": "abc"},
    {"AMT_CREDIT": ""},
    {"CODE_GENDER": "?"},
    {"SK_ID_CURR": "a b"},
    {"CNT_CHILDREN": "1_0"},
    {"FLAG_EMAIL": "0.5", "DAYS_BIRTH": "inf"},
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(records() | st.sampled_from(BAD_FIELDS), min_size=1, max_size=6))
def test_a_bad_row_never_disturbs_its_neighbours(rows):
    bad = [row for row, fields in enumerate(rows) if fields in BAD_FIELDS]
    rows = [application() | fields if row in bad else fields for row, fields in enumerate(rows)]
    parsed = parse_text_columns(as_columns(rows))
    good = [row for row in range(len(rows)) if row not in bad]
    assert list(parsed.problems) == bad
    assert parsed.rows.tolist() == good
    for place, row in enumerate(good):
        expected = parse_record(rows[row])
        assert parsed.applicants.ids[place] == expected.ids[0]
        for name in expected.columns:
            assert same_bits(parsed.applicants[name][place : place + 1], expected[name]), name


def test_all_problems_of_a_line_are_listed():
    line = application() | {"FLAG_EMAIL": "0.5", "DAYS_BIRTH": "inf", "CODE_GENDER": "?"}
    parsed = parse_text_columns(as_columns([application(), line]))
    assert {(p.field, p.cause) for p in parsed.problems[1]} == {
        ("FLAG_EMAIL", "not_integer"),
        ("DAYS_BIRTH", "not_finite"),
        ("CODE_GENDER", "unknown_category"),
    }


def test_rows_can_be_taken_in_any_order():
    rows = [application(SK_ID_CURR=str(n), CNT_CHILDREN=n) for n in range(4)]
    taken = parse_text_columns(as_columns(rows)).applicants.take([3, 1])
    assert taken.ids == ["3", "1"]
    assert taken["CNT_CHILDREN"].tolist() == [3.0, 1.0]
