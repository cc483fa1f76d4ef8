"""One contribution, told to applicants, advisors and auditors."""

import re

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.decision import default_probabilities, default_probability, point_slopes
from credit_scoring.reasons.audiences import REGISTERS, tell
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import explain_row
from credit_scoring.reasons.wording import LANGUAGES
from hypothesis import given
from hypothesis import strategies as st

from tests.credit_scoring.examples import small_model, whole_schema

SCHEMA = whole_schema()
# What an applicant need not know to understand a letter.
JARGON = re.compile(r"log-|\bcote|odds|SHAP|margin|marge|contribution|feature|_|\bPD\b|point", re.I)


def reason_of(name, contribution, value=np.nan, slope=0.1):
    features, contributions = np.full(len(SCHEMA), np.nan), np.zeros(len(SCHEMA))
    place = SCHEMA.names.index(name)
    features[place], contributions[place] = value, contribution
    (reason,) = explain_row(SCHEMA, features, contributions, slope)
    return reason


def told_of(reason, *, rank=1, margin=-2.0, base_value=-2.5):
    return tell(reason, rank=rank, margin=margin, base_value=base_value)


@given(st.floats(-800, 800))
def test_one_margin_is_one_of_many(margin):
    (expected,) = default_probabilities(np.array([margin])).tolist()
    assert default_probability(margin) == pytest.approx(expected, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("contribution", "way"), [(0.3, "raises"), (-0.3, "lowers")])
def test_every_family_speaks_plainly_to_applicants_both_ways(family, contribution, way):
    name = next(name for name in SCHEMA.names if FEATURES[name].family == family)
    texts = told_of(reason_of(name, contribution, 0.0))["applicant"]
    assert texts.keys() == set(LANGUAGES)
    for language, text in texts.items():
        assert text.startswith(FAMILIES[family][f"applicant_{way}_{language}"])
        assert not JARGON.search(text)
        assert text[0].isupper()


def test_applicants_are_told_amounts_and_dates_that_they_gave_and_nothing_else():
    given_ = told_of(reason_of("AMT_INCOME_TOTAL", 0.2, 90_000.0))["applicant"]
    assert given_["en"].endswith("others do (Declared income: 90,000).")
    assert given_["fr"].endswith("(Revenu déclaré : 90\u202f000).")
    for name, value in (("CREDIT_TO_INCOME", 6.0), ("EXT_SOURCE_1", 0.1), ("AMT_ANNUITY", np.nan)):
        assert "(" not in told_of(reason_of(name, 0.2, value))["applicant"]["en"]


def test_applicants_are_told_of_no_protected_value_and_auditors_of_every_protected_ground():
    reason = reason_of("DAYS_BIRTH", 0.2, -9_000.0)
    assert "Age" in reason.text["en"]
    texts = told_of(reason)
    assert "(" not in texts["applicant"]["en"]
    assert texts["auditor"]["en"].endswith("; protected grounds: age")
    assert texts["auditor"]["fr"].endswith(" ; motifs protégés : age")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("contribution", [0.3, -0.3])
def test_what_is_not_known_is_told_to_applicants_as_what_they_can_supply(family, contribution):
    name = next(name for name in SCHEMA.names if FEATURES[name].family == family)
    texts = told_of(reason_of(name, contribution))["applicant"]
    for language, text in texts.items():
        assert text == FAMILIES[family][f"applicant_unknown_{language}"] + "."
        assert not JARGON.search(text)


def test_advisors_are_told_the_features_their_values_and_the_points():
    reason = reason_of("CREDIT_TO_INCOME", 1.0, 6.0, slope=0.25)
    texts = told_of(reason, margin=0.0)["advisor"]
    assert texts["en"] == f"{reason.text['en']}: +25.0 probability points"
    assert texts["fr"] == f"{reason.text['fr']} : +25,0 points de probabilité"
    lowering = told_of(reason_of("CREDIT_TO_INCOME", -1.0, 6.0, slope=0.25), margin=0.0)["advisor"]
    assert lowering["en"].endswith(": -25.0 probability points")


def test_auditors_are_told_what_all_else_follows_from():
    reason = reason_of("EXT_SOURCE_1", 0.123456789, 0.504, slope=0.1)
    texts = told_of(reason, rank=2, margin=-1.5, base_value=-2.25)["auditor"]
    assert texts["en"] == (
        "EXT+, rank 2: +0.123457 in log-odds, margin -1.500000, base -2.250000, "
        "+1.2346 probability points; EXT_SOURCE_1 = 0.504 (+0.123457)"
    )
    assert texts["fr"] == (
        "EXT+, rang 2 : +0.123457 de log-cote, marge -1.500000, base -2.250000, "
        "+1.2346 points de probabilité ; EXT_SOURCE_1 = 0.504 (+0.123457)"
    )


def test_missing_values_and_categories_are_told_to_auditors_as_stored():
    assert "AMT_ANNUITY = NaN" in told_of(reason_of("AMT_ANNUITY", 0.1))["auditor"]["en"]
    text = told_of(reason_of("CODE_GENDER", 0.1, 0.0))["auditor"]["en"]
    assert f"CODE_GENDER = {SCHEMA.vocabularies['CODE_GENDER'][0]}" in text


def test_every_reason_of_real_rows_is_told_in_every_register_and_language():
    model, matrix, _ = small_model()
    margins, contributions = model.explainer.contributions(matrix[:30])
    slopes = point_slopes(margins, model.explainer.base_value)
    for row in range(30):
        reasons = explain_row(model.schema, matrix[row], contributions[row], slopes[row])
        for rank, reason in enumerate(reasons, start=1):
            texts = tell(
                reason, rank=rank, margin=margins[row], base_value=model.explainer.base_value
            )
            assert tuple(texts) == REGISTERS
            assert all(texts[register][language] for register in texts for language in LANGUAGES)
            assert f"{reason.contribution:+.6f}" in texts["auditor"]["en"]


@given(st.floats(-6, 1), st.lists(st.floats(-3, 3), min_size=1, max_size=60))
def test_points_add_up_from_the_average_applicant_to_this_one(base_value, contributions):
    margin = base_value + sum(contributions)
    (slope,) = point_slopes(np.array([margin]), base_value)
    total = sum(contribution * slope for contribution in contributions)
    difference = default_probability(margin) - default_probability(base_value)
    assert total == pytest.approx(difference, abs=1e-9)
    assert 0 < slope <= 0.25 + 1e-9


def test_of_an_average_applicant_a_unit_moves_as_much_as_the_curve_is_steep():
    for way in (0.0, 1e-9, -1e-9, 1e-7, 1e-5):
        (slope,) = point_slopes(np.array([-2.0 + way]), -2.0)
        average = default_probability(-2.0)
        assert slope == pytest.approx(average * (1 - average), rel=1e-4)


def test_points_of_a_row_have_the_same_bits_alone_and_in_company():
    margins = np.concatenate([np.linspace(-8, 8, 999), [-2.0, -2.0 + 1e-9]])
    together = point_slopes(margins, -2.0)
    alone = [point_slopes(margins[row : row + 1], -2.0)[0] for row in range(len(margins))]
    assert together.tolist() == alone
