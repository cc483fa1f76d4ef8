"""What moves the PDs of many applicants, told by the serving kernel and checked against shap."""

import json
from dataclasses import asdict

import lightgbm
import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.errors import EmptyDataset
from credit_scoring.reasons.row_reasons import explain_row

from tests.models import CATEGORIES
from training.explanations.explain import (
    FEWEST_ROWS,
    MOST_BINS,
    PLOTTED_ROWS,
    TOP_FEATURES,
    explain_globally,
    explain_rows,
)


@pytest.fixture(scope="module")
def model(small_model):
    return small_model.model


@pytest.fixture(scope="module")
def matrix(small_model):
    return small_model.reference.features.astype(np.float64)


@pytest.fixture(scope="module")
def explanation(model, matrix):
    return explain_globally(model, matrix, seed=0)


@pytest.mark.filterwarnings("ignore:LightGBM binary classifier:UserWarning")
def test_shap_gives_the_same_importance_on_the_same_rows(
    small_model, model, matrix, explanation, tmp_path
):
    import shap

    # From the text that the bundle keeps, as an auditor would.
    path = tmp_path / "model.txt"
    path.write_text(small_model.booster.model_to_string())
    oracle = shap.TreeExplainer(lightgbm.Booster(model_file=path))
    expected = dict(
        zip(model.schema.names, np.abs(oracle.shap_values(matrix)).mean(axis=0), strict=True)
    )
    assert explanation.rows == len(matrix)
    for feature in explanation.features:
        assert feature.mean_absolute == pytest.approx(expected[feature.name], abs=1e-12)
    assert explanation.base_value == pytest.approx(float(oracle.expected_value), abs=1e-12)


def test_features_stand_by_weight_and_their_shares_make_one(model, explanation):
    sizes = [feature.mean_absolute for feature in explanation.features]
    assert sizes == sorted(sizes, reverse=True)
    assert {feature.name for feature in explanation.features} == set(model.schema.names)
    assert sum(feature.share for feature in explanation.features) == pytest.approx(1)
    assert sum(family.share for family in explanation.families) == pytest.approx(1)
    assert all(feature.label.keys() == {"fr", "en"} for feature in explanation.features)
    assert all(family.label.keys() == {"fr", "en"} for family in explanation.families)


def test_a_family_weighs_what_its_reason_codes_say(model, matrix, explanation):
    _, contributions = model.explainer.contributions(matrix)
    own = [FEATURES[name].family == "external_scores" for name in model.schema.names]
    expected = np.abs(contributions[:, own].sum(axis=1)).mean()
    (family,) = [each for each in explanation.families if each.family == "external_scores"]
    assert family.mean_absolute == pytest.approx(expected)
    assert family.features == sum(own)
    heaviest = int(np.argmax(np.abs(contributions[:, own].sum(axis=1))))
    reasons = explain_row(model.schema, matrix[heaviest], contributions[heaviest], 1e6)
    (reason,) = [each for each in reasons if each.family == "external_scores"]
    assert abs(reason.contribution) >= family.mean_absolute


def test_a_better_external_score_has_a_falling_direction(explanation):
    direction = {feature.name: feature.direction for feature in explanation.features}
    assert direction["EXT_SOURCE_2"] < -0.5
    assert all(direction[name] is None for name in CATEGORIES)
    assert all(value is None or -1 <= value <= 1 for value in direction.values())


def test_an_age_grows_with_the_years_though_it_is_stored_as_negative_days(model, matrix):
    place = model.schema.names.index("DAYS_BIRTH")
    assert np.nanmax(matrix[:, place]) < 0 < explain_rows(model, matrix, seed=0).features[0, place]


def test_dependence_holds_bins_of_many_and_no_single_person(matrix, explanation):
    assert len(explanation.dependence) <= TOP_FEATURES
    for dependence in explanation.dependence:
        assert 1 <= len(dependence.bins) <= MOST_BINS + 1
        assert all(each.rows >= FEWEST_ROWS for each in dependence.bins)
        assert sum(each.rows for each in dependence.bins) <= len(matrix)
        assert all(each.low <= each.median <= each.high for each in dependence.bins)
        values = [each.value for each in dependence.bins if isinstance(each.value, float)]
        assert values == sorted(values)


def test_missing_values_have_a_bin_of_their_own(model, matrix, explanation):
    top = explanation.dependence[0]
    missing = np.isnan(matrix[:, model.schema.names.index(top.name)])
    assert missing.sum() >= FEWEST_ROWS
    assert (top.bins[-1].value, top.bins[-1].rows) == (None, missing.sum())


def test_a_category_is_told_by_its_text(model, matrix):
    explanation = explain_globally(model, matrix, seed=0)
    for dependence in explanation.dependence:
        if dependence.is_category:
            words = {each.value for each in dependence.bins}
            assert words <= {*model.schema.vocabularies[dependence.name], None}


def test_the_same_seed_explains_the_same_rows(model, matrix, explanation):
    assert explain_globally(model, matrix, seed=0) == explanation
    many = np.tile(matrix, (PLOTTED_ROWS // len(matrix) + 1, 1))
    drawn = [explain_rows(model, many, seed=seed) for seed in (0, 0, 1)]
    assert len(drawn[0].features) == PLOTTED_ROWS
    np.testing.assert_array_equal(drawn[0].features, drawn[1].features)
    assert not np.array_equal(drawn[0].contributions, drawn[2].contributions)


def test_plotted_rows_hold_no_extreme_value(model, matrix):
    place = model.schema.names.index("AMT_CREDIT")
    rows = matrix.copy()
    rows[3, place] = 1e9
    assert explain_rows(model, rows, seed=0).features[:, place].max() < 1e8


def test_the_explanation_is_json(explanation):
    assert json.loads(json.dumps(asdict(explanation), allow_nan=False))["rows"] == explanation.rows


def test_nobody_cannot_be_explained(model, matrix):
    with pytest.raises(EmptyDataset):
        explain_globally(model, matrix[:0], seed=0)
