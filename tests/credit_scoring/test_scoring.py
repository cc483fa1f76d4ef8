"""The one call that everybody makes."""

import dataclasses

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.scoring import judge_applicants, score_applicants
from hypothesis import HealthCheck, given, settings

from tests.credit_scoring.examples import (
    application,
    many_applicants,
    records,
    same_bits,
    small_model,
)


@pytest.fixture(scope="module")
def model():
    return small_model()[0]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_any_valid_applicant_gets_a_pd_and_contributions_that_add_up(record):
    model = small_model()[0]
    scores = score_applicants(model, parse_record(record))
    assert 0 < scores.default_probabilities[0] < 1
    total = scores.contributions[0].sum() + model.explainer.base_value
    assert total == pytest.approx(scores.margins[0], abs=1e-9)
    assert scores.decision(0) in VERDICTS
    assert scores.risk_band(0) in RISK_BANDS
    assert scores.reasons(0)


def test_nobody_is_scored_without_ado(model):
    scores = score_applicants(model, Applicants([], {}))
    assert len(scores) == 0
    assert scores.features.shape == scores.contributions.shape == (0, len(model.schema))
    assert len(scores.accepted) == len(scores.bands) == len(scores.default_probabilities) == 0


def test_an_applicant_has_the_same_pd_alone_and_among_10_000(model):
    applicants = many_applicants(10_000, seed=8)
    together = score_applicants(model, applicants)
    alone_model = dataclasses.replace(model, forest=dataclasses.replace(model.forest))
    for row in range(0, 10_000, 199):
        alone = score_applicants(alone_model, applicants.take([row]))
        assert same_bits(alone.default_probabilities[0], together.default_probabilities[row])
        assert same_bits(alone.margins[0], together.margins[row])
        assert same_bits(alone.features[0], together.features[row])
        assert alone.accepted[0] == together.accepted[row]
        assert alone.bands[0] == together.bands[row]
        np.testing.assert_allclose(alone.contributions[0], together.contributions[row], atol=1e-12)


@pytest.mark.parametrize("rows", [0, 1, 255, 256, 3_000])
def test_a_verdict_without_contributions_is_that_of_the_score(model, rows):
    applicants = many_applicants(rows, seed=9)
    judged, scores = judge_applicants(model, applicants), score_applicants(model, applicants)
    for name, values in vars(judged).items():
        if name != "model":
            assert values.tobytes() == getattr(scores, name).tobytes()
    assert judged.verdicts == scores.verdicts


def test_permuted_applicants_have_permuted_scores(model):
    applicants = many_applicants(600, seed=9)
    order = np.random.default_rng(0).permutation(600)
    scores = score_applicants(model, applicants)
    permuted = score_applicants(model, applicants.take(order))
    assert same_bits(permuted.margins, scores.margins[order])
    assert same_bits(permuted.contributions, scores.contributions[order])


def test_decision_and_risk_band_follow_from_the_pd(model):
    scores = score_applicants(model, many_applicants(1_000, seed=10))
    for row in range(1_000):
        pd_ = scores.default_probabilities[row]
        decided = "accept" if pd_ < model.cutoff else "refuse"
        assert scores.decision(row) == ("review" if scores.review_causes[row].any() else decided)
        band = "low" if pd_ < 0.05 else "medium" if pd_ < 0.1 else "high"
        assert scores.risk_band(row) == band
    assert 0 < scores.accepted.sum() < 1_000


def test_a_pd_equal_to_the_cutoff_is_refused(model):
    applicants = parse_record(application())
    pd_ = score_applicants(model, applicants).default_probabilities[0]
    at = dataclasses.replace(model, cutoff=float(pd_))
    above = dataclasses.replace(model, cutoff=float(np.nextafter(pd_, 1)))
    assert score_applicants(at, applicants).decision(0) == "refuse"
    assert score_applicants(above, applicants).decision(0) == "accept"


def test_values_of_features_are_told_as_a_person_reads_them(model):
    applicants = parse_record(application(CODE_GENDER="M", EXT_SOURCE_2=0.25))
    values = score_applicants(model, applicants).feature_values(0)
    told = dict(zip(model.schema.names, values, strict=True))
    assert told["CODE_GENDER"] == "M"
    assert told["EXT_SOURCE_2"] == told["EXT_SOURCE_MEAN"] == 0.25
    assert told["EXT_SOURCE_1"] is None
    assert told["CREDIT_TO_INCOME"] == 3.0


def test_worse_external_scores_raise_the_pd(model):
    def pd_(score):
        fields = dict.fromkeys(("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"), score)
        scores = score_applicants(model, parse_record(application(**fields)))
        return scores.default_probabilities[0]

    assert pd_(0.1) > pd_(0.5) > pd_(0.9)
