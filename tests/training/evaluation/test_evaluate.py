"""Figures of a model, against scikit-learn and against a pencil."""

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    precision_score,
    recall_score,
    roc_auc_score,
)

from training.evaluation.evaluate import expected_calibration_error, measure


@pytest.fixture(scope="module")
def outcomes():
    rng = np.random.default_rng(5)
    probabilities = np.round(rng.beta(1, 8, 3000), 3)  # rounded: ties
    return probabilities, rng.random(3000) < probabilities


def test_figures_agree_with_scikit_learn(outcomes):
    probabilities, defaulted = outcomes
    found = measure(probabilities, defaulted, cutoff=0.1, cost_ratio=10)
    refused = probabilities >= 0.1
    (good_ok, good_refused), (bad_ok, bad_refused) = confusion_matrix(defaulted, refused)
    assert found["confusion"] == {
        "accepted_good": good_ok,
        "accepted_default": bad_ok,
        "refused_good": good_refused,
        "refused_default": bad_refused,
    }
    assert found["rows"] == 3000
    assert found["auc"] == roc_auc_score(defaulted, probabilities)
    assert found["gini"] == 2 * found["auc"] - 1
    assert found["brier"] == pytest.approx(brier_score_loss(defaulted, probabilities))
    assert found["pr_auc"] == average_precision_score(defaulted, probabilities)
    assert found["recall"] == pytest.approx(recall_score(defaulted, refused))
    assert found["precision"] == pytest.approx(precision_score(defaulted, refused))
    assert found["accuracy"] == pytest.approx(accuracy_score(defaulted, refused))
    distance = ks_2samp(probabilities[defaulted], probabilities[~defaulted]).statistic
    assert found["ks"] == pytest.approx(distance)
    assert found["business_cost_per_applicant"] == (10 * bad_ok + good_refused) / 3000


def test_figures_of_five_applicants_by_hand():
    found = measure(
        np.array([0.02, 0.05, 0.2, 0.3, 0.6]), np.array([False, True, False, False, True]),
        cutoff=0.2, cost_ratio=10,
    )  # fmt: skip
    assert found["confusion"] == {
        "accepted_good": 1, "accepted_default": 1, "refused_good": 2, "refused_default": 1,
    }  # fmt: skip
    assert found["auc"] == pytest.approx(4 / 6)
    assert found["ks"] == pytest.approx(1 / 2)
    assert found["cutoff"] == 0.2
    assert found["approval_rate"] == 2 / 5
    assert found["recall"] == 1 / 2
    assert found["precision"] == 1 / 3
    assert found["accuracy"] == 2 / 5
    assert found["business_cost_per_applicant"] == (10 + 2) / 5
    assert found["business_cost_approve_all"] == 10 * 2 / 5


def test_calibration_error_by_hand():
    # Ten bins of two: in each the PD is 0.1 n; one bin of two has a default.
    probabilities = np.repeat(np.arange(10) / 10, 2)
    defaulted = np.zeros(20, np.bool_)
    defaulted[0] = True
    expected = (abs(0.0 - 0.5) + sum(n / 10 for n in range(1, 10))) / 10
    assert expected_calibration_error(probabilities, defaulted) == pytest.approx(expected)


def test_calibration_error_of_one_pd_for_all_is_its_distance_from_the_default_rate():
    defaulted = np.arange(100) >= 60
    assert expected_calibration_error(np.full(100, 0.4), defaulted) == pytest.approx(0)
    assert expected_calibration_error(np.full(100, 0.1), defaulted) == pytest.approx(0.3)


def test_calibration_error_does_not_depend_on_the_order_of_rows(outcomes):
    probabilities, defaulted = outcomes
    order = np.random.default_rng(0).permutation(len(defaulted))
    assert expected_calibration_error(probabilities[order], defaulted[order]) == pytest.approx(
        expected_calibration_error(probabilities, defaulted)
    )


@pytest.mark.parametrize("rows", [1, 3, 9, 11])
def test_few_rows_are_measured_too(rows):
    found = measure(np.linspace(0.1, 0.9, rows), np.ones(rows, np.bool_), cutoff=0.5, cost_ratio=2)
    assert found["rows"] == rows
    assert 0 <= found["ece"] <= 1


def test_outcomes_of_one_kind_have_no_ranking_and_say_so():
    found = measure(np.array([0.1, 0.2]), np.array([False, False]), cutoff=0.5, cost_ratio=10)
    assert [found[name] for name in ("auc", "gini", "ks", "pr_auc", "recall")] == [None] * 5
    assert found["approval_rate"] == 1
    assert found["precision"] is None  # nobody is refused
