"""The one feature path: values worked out by hand, and the same bits in any company."""

import math

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import DERIVED, FEATURES, GROUPED, INPUTS
from credit_scoring.features import CAPS, FORMULAS, FeatureSchema, build_features
from credit_scoring.group_statistics import GroupTable
from hypothesis import HealthCheck, given, settings

from tests.credit_scoring.examples import (
    application,
    many_applicants,
    records,
    same_bits,
    whole_schema,
)

APPLICANT = {
    "AMT_INCOME_TOTAL": 200_000,
    "AMT_CREDIT": 500_000,
    "AMT_ANNUITY": 25_000,
    "AMT_GOODS_PRICE": 400_000,
    "CNT_CHILDREN": 1,
    "CNT_FAM_MEMBERS": 4,
    "DAYS_BIRTH": -14_610,
    "DAYS_EMPLOYED": -2_922,
    "DAYS_REGISTRATION": -7_305,
    "DAYS_ID_PUBLISH": -1_461,
    "DAYS_LAST_PHONE_CHANGE": -1_000,
    "OWN_CAR_AGE": 10,
    "EXT_SOURCE_1": 0.2,
    "EXT_SOURCE_2": 0.5,
    "EXT_SOURCE_3": 0.8,
    "FLAG_DOCUMENT_3": 1,
    "FLAG_DOCUMENT_6": 1,
    "FLAG_DOCUMENT_8": 0,
    "FLAG_MOBIL": 1,
    "FLAG_EMP_PHONE": 1,
    "FLAG_WORK_PHONE": 0,
    "FLAG_PHONE": 1,
    "REG_CITY_NOT_LIVE_CITY": 1,
    "LIVE_CITY_NOT_WORK_CITY": 1,
    "AMT_REQ_CREDIT_BUREAU_YEAR": 3,
    "AMT_REQ_CREDIT_BUREAU_QRT": 1,
    "DEF_30_CNT_SOCIAL_CIRCLE": 1,
    "OBS_30_CNT_SOCIAL_CIRCLE": 4,
    "DEF_60_CNT_SOCIAL_CIRCLE": 0,
    "OBS_60_CNT_SOCIAL_CIRCLE": 4,
    "APARTMENTS_AVG": 0.2,
    "ELEVATORS_AVG": 0.4,
}
BY_HAND = {
    "CREDIT_TO_INCOME": 2.5,
    "ANNUITY_TO_INCOME": 0.125,
    "ANNUITY_TO_CREDIT": 0.05,
    "CREDIT_TO_GOODS": 1.25,
    "GOODS_TO_INCOME": 2.0,
    "CREDIT_MINUS_GOODS": 100_000,
    "INCOME_AFTER_ANNUITY": 175_000,
    "INCOME_PER_HEAD": 50_000,
    "EMPLOYED_TO_AGE": 0.2,
    "AGE_AT_EMPLOYMENT": 11_688,
    "CHILDREN_SHARE": 0.25,
    "ID_CHANGE_TO_AGE": 0.1,
    "REGISTRATION_TO_AGE": 0.5,
    "PHONE_CHANGE_TO_AGE": 1_000 / 14_610,
    "REGISTRATION_MINUS_ID_CHANGE": -5_844,
    "CAR_AGE_TO_AGE": 0.25,
    "CAR_AGE_TO_EMPLOYED": 1.25,
    "EXT_SOURCE_MEAN": 0.5,
    "EXT_SOURCE_MIN": 0.2,
    "EXT_SOURCE_MAX": 0.8,
    "EXT_SOURCE_STD": math.sqrt(0.06),
    "EXT_SOURCE_PRODUCT": 0.08,
    "EXT_SOURCE_COUNT": 3,
    "DOCUMENT_COUNT": 2,
    "CONTACT_COUNT": 3,
    "ADDRESS_MISMATCH_COUNT": 2,
    "BUREAU_ENQUIRY_COUNT": 4,
    "SOCIAL_DEFAULT_RATE_30": 0.25,
    "SOCIAL_DEFAULT_RATE_60": 0.0,
    "HOUSING_MEAN": 0.3,
    "HOUSING_MISSING_COUNT": 12,
}


def feature(name, **fields):
    schema = FeatureSchema((name,), {})
    return build_features(parse_record(application(**fields)), schema)[0, 0]


def without(*names):
    return {name: value for name, value in APPLICANT.items() if name not in names}


def test_every_derived_row_has_a_function_and_every_function_a_row():
    assert set(FORMULAS) == set(DERIVED)
    assert set(BY_HAND) == set(DERIVED)


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_a_derived_feature_is_what_its_description_says(name, expected):
    assert feature(name, **APPLICANT) == pytest.approx(expected, rel=1e-14)


COUNTS = {"EXT_SOURCE_COUNT": 0, "HOUSING_MISSING_COUNT": 14}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_derived_feature_of_nothing_is_missing_unless_it_counts_what_is_there(name):
    missing = Applicants([""], {})
    value = build_features(missing, FeatureSchema((name,), {}))[0, 0]
    assert value == COUNTS[name] if name in COUNTS else math.isnan(value)


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("ANNUITY_TO_INCOME", ["AMT_ANNUITY"]),
        ("CREDIT_TO_GOODS", ["AMT_GOODS_PRICE"]),
        ("CREDIT_MINUS_GOODS", ["AMT_GOODS_PRICE"]),
        ("INCOME_PER_HEAD", ["CNT_FAM_MEMBERS"]),
        ("EMPLOYED_TO_AGE", ["DAYS_EMPLOYED"]),
        ("CAR_AGE_TO_AGE", ["OWN_CAR_AGE"]),
        ("EXT_SOURCE_PRODUCT", ["EXT_SOURCE_2"]),
        ("EXT_SOURCE_STD", ["EXT_SOURCE_1", "EXT_SOURCE_3"]),
    ],
)
def test_what_is_missing_makes_what_needs_it_missing(name, inputs):
    assert math.isnan(feature(name, **without(*inputs)))


def test_means_and_extremes_are_of_what_is_there():
    fields = without("EXT_SOURCE_1")
    assert feature("EXT_SOURCE_MEAN", **fields) == pytest.approx(0.65)
    assert feature("EXT_SOURCE_MIN", **fields) == 0.5
    assert feature("EXT_SOURCE_MAX", **fields) == 0.8
    assert feature("EXT_SOURCE_STD", **fields) == pytest.approx(0.15)
    assert feature("EXT_SOURCE_COUNT", **fields) == 2


@pytest.mark.parametrize(
    ("name", "zero"),
    [
        ("SOCIAL_DEFAULT_RATE_30", "OBS_30_CNT_SOCIAL_CIRCLE"),
        ("SOCIAL_DEFAULT_RATE_60", "OBS_60_CNT_SOCIAL_CIRCLE"),
        ("CAR_AGE_TO_EMPLOYED", "DAYS_EMPLOYED"),
    ],
)
def test_a_division_by_zero_is_missing_and_silent(name, zero):
    with np.errstate(all="raise"):
        assert math.isnan(feature(name, **APPLICANT | {zero: 0}))


def test_a_sentinel_is_missing_in_itself_and_in_what_is_made_of_it():
    fields = APPLICANT | {"DAYS_EMPLOYED": 365_243}
    assert math.isnan(feature("DAYS_EMPLOYED", **fields))
    assert math.isnan(feature("EMPLOYED_TO_AGE", **fields))
    assert math.isnan(feature("CAR_AGE_TO_EMPLOYED", **fields))


@pytest.mark.parametrize(("name", "cap"), CAPS.items())
def test_beyond_its_cap_a_value_is_its_cap(name, cap):
    assert feature(name, **APPLICANT | {name: cap - 1}) == cap - 1
    assert feature(name, **APPLICANT | {name: cap + 1}) == cap


def test_what_is_made_of_a_capped_value_uses_the_cap():
    fields = APPLICANT | {"AMT_INCOME_TOTAL": 117_000_000}
    assert feature("CREDIT_TO_INCOME", **fields) == 0.1


def gender(schema, text):
    applicants = parse_record(application(CODE_GENDER=text))
    return build_features(applicants, schema)[0, 0]


def test_categories_are_numbered_by_the_models_own_vocabulary():
    schema = FeatureSchema(("CODE_GENDER",), {"CODE_GENDER": ("M", "F")})
    assert (gender(schema, "M"), gender(schema, "F")) == (0.0, 1.0)


@pytest.mark.parametrize("text", ["XNA", None])
def test_a_category_the_model_never_saw_and_a_missing_one_are_missing(text):
    schema = FeatureSchema(("CODE_GENDER",), {"CODE_GENDER": ("M", "F")})
    assert math.isnan(gender(schema, text))


def test_a_feature_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        feature("CREDIT_TO_MOON")


def test_a_schema_says_whether_it_reads_the_history():
    assert FeatureSchema(("EXT_SOURCE_1", "CREDIT_TO_INCOME"), {}).history == ()
    assert FeatureSchema(("EXT_SOURCE_1", "BUREAU_CREDIT_COUNT"), {}).history == (
        "BUREAU_CREDIT_COUNT",
    )


def test_a_row_has_the_same_bits_alone_and_among_10_000():
    applicants, schema = many_applicants(10_000), whole_schema()
    together = build_features(applicants, schema)
    assert together.shape == (10_000, len(FEATURES))
    for row in range(0, 10_000, 97):
        assert same_bits(build_features(applicants.take([row]), schema)[0], together[row])
    one_by_one = [build_features(applicants.take([row]), schema) for row in range(500)]
    assert same_bits(np.concatenate(one_by_one), together[:500])
    parts = [build_features(applicants.take(range(s, s + 7)), schema) for s in range(0, 700, 7)]
    assert same_bits(np.concatenate(parts), together[:700])


def test_permuted_applicants_have_permuted_features():
    applicants, schema = many_applicants(1_000), whole_schema()
    order = np.random.default_rng(1).permutation(1_000)
    permuted = build_features(applicants.take(order), schema)
    assert same_bits(permuted, build_features(applicants, schema)[order])


def test_the_order_of_the_schema_is_the_order_of_the_columns():
    applicants, schema = many_applicants(50), whole_schema()
    turned = FeatureSchema(schema.names[::-1], schema.vocabularies, schema.groups)
    assert same_bits(
        build_features(applicants, turned)[:, ::-1], build_features(applicants, schema)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_valid_application_gives_finite_or_missing_features_without_a_warning(record):
    with np.errstate(all="raise", under="ignore"):
        matrix = build_features(parse_record(record), whole_schema())
    assert matrix.shape == (1, len(FEATURES))
    assert not np.isinf(matrix).any()


def test_no_applicant_gives_an_empty_matrix():
    empty = many_applicants(3).take([])
    assert build_features(empty, whole_schema()).shape == (0, len(FEATURES))


def test_numbers_without_a_rule_pass_unchanged():
    applicants = many_applicants(200)
    for name, column in INPUTS.items():
        if column.type in ("id", "category") or name in CAPS or column.sentinel is not None:
            continue
        values = build_features(applicants, FeatureSchema((name,), {}))[:, 0]
        assert same_bits(values, applicants[name]), name


def test_a_group_is_looked_up_and_another_is_missing():
    table = GroupTable((20.0, 25.0), {"TARIFF_SHARE": (0.1, None)})
    schema = FeatureSchema(("TARIFF_SHARE",), {}, {"tariff": table})

    def share(credit, annuity):
        columns = {"AMT_CREDIT": np.array([credit]), "AMT_ANNUITY": np.array([annuity])}
        return build_features(Applicants(["1"], columns), schema)[0, 0]

    assert share(2_000.0, 10_000.0) == 0.1  # a fifth of the annuity: 0.2, to the hundredth 20
    assert share(2_004.0, 10_000.0) == 0.1
    for credit, annuity in ((2_500.0, 10_000.0), (2_100.0, 10_000.0), (1.0, np.nan), (1.0, 0.0)):
        assert math.isnan(share(credit, annuity))


def test_a_million_of_one_group_is_one_number():
    applicants = many_applicants(2_000)
    whole = build_features(applicants, whole_schema())
    places = [whole_schema().names.index(name) for name in GROUPED]
    for row in range(0, 2_000, 97):
        alone = build_features(applicants.take([row]), whole_schema())
        assert same_bits(alone[0, places], whole[row, places])
