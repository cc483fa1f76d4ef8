"""Models side by side: same rows, same folds, nothing learnt from rows held out."""

import numpy as np
import pytest
from credit_scoring.features import FeatureSchema
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from training.evaluation.evaluate import measure
from training.fitting.comparison.candidates import XGBOOST_PARAMETERS
from training.fitting.comparison.compare import compare, compare_models, sample

SCHEMA = FeatureSchema(
    ("EXT_SOURCE_1", "AMT_CREDIT", "NAME_INCOME_TYPE", "AMT_ANNUITY", "OWN_CAR_AGE"),
    {"NAME_INCOME_TYPE": ("Working", "Pensioner", "Student", "Businessman")},
)
QUICK = {"learning_rate": 0.2, "min_data_in_leaf": 5, "feature_fraction": 1.0}


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    matrix = rng.random((600, 5))
    matrix[:, 1] *= 1_000_000
    matrix[:, 2] = rng.integers(0, 3, 600)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    matrix[:, 4] = np.nan  # known of nobody in some folds
    matrix[7, 2], matrix[7, 4] = 3, 12.0  # only one applicant is a businessman, with a car
    risk = 0.25 * (1 - np.nan_to_num(matrix[:, 0], nan=0.5)) + 0.25 * (matrix[:, 2] == 1)
    return matrix, rng.random(600) < risk


@pytest.fixture(scope="module")
def folds(data):
    return list(StratifiedKFold(3, shuffle=True, random_state=0).split(*data))


def run(data, folds, **changes):
    settings = {"parameters": QUICK, "cost_ratio": 5, "seed": 1, "progress": False} | changes
    return compare_models(*data, SCHEMA, folds, **settings)


@pytest.fixture(scope="module")
def candidates(data, folds):
    return run(data, folds)


def test_six_models_with_every_figure_on_every_row(candidates, data):
    assert [candidate.name for candidate in candidates] == [
        "DummyClassifier",
        "LogisticRegression",
        "RandomForest",
        "HistGradientBoosting",
        "XGBoost",
        "LightGBM",
    ]
    wanted = measure(np.full(600, 0.1), data[1], cutoff=0.5, cost_ratio=5).keys()
    for candidate in candidates:
        assert candidate.figures.keys() == wanted | {"auc_by_fold"}
        assert len(candidate.figures["auc_by_fold"]) == 3
        assert candidate.figures["rows"] == 600
        assert candidate.fit_seconds > 0
        assert candidate.predict_seconds > 0


def test_each_model_has_learnt_what_the_dummy_cannot(candidates):
    dummy, *models = candidates
    assert dummy.figures["auc_by_fold"] == [0.5] * 3
    for model in models:
        assert model.figures["auc"] > 0.6, model.name
        assert model.figures["brier"] < dummy.figures["brier"], model.name


def test_each_model_is_judged_at_a_cutoff_no_dearer_than_one_answer_for_all(candidates, data):
    refuse_all = float((~data[1]).mean())
    approve_all = 5 * float(data[1].mean())
    for candidate in candidates:
        cost = candidate.figures["business_cost_per_applicant"]
        assert cost <= min(refuse_all, approve_all), candidate.name
    assert candidates[0].figures["business_cost_per_applicant"] == pytest.approx(
        min(refuse_all, approve_all), abs=0.01
    )
    assert len({candidate.figures["cutoff"] for candidate in candidates}) == 6


def test_each_model_tells_what_it_was_made_with(candidates):
    told = {candidate.name: candidate.parameters for candidate in candidates}
    assert told["DummyClassifier"]["strategy"] == "prior"
    assert "logisticregression__C" in told["LogisticRegression"]
    assert "randomforestclassifier__n_estimators" in told["RandomForest"]
    assert "histgradientboostingclassifier__learning_rate" in told["HistGradientBoosting"]
    for name in ("learning_rate", "max_depth", "n_estimators"):
        assert told["XGBoost"][f"parameters.{name}"] == XGBOOST_PARAMETERS[name]
    assert told["LightGBM"].items() >= {f"parameters.{k}": v for k, v in QUICK.items()}.items()


def test_the_same_seed_gives_the_same_figures(candidates, data, folds):
    again = run(data, folds)
    assert [model.figures for model in again] == [model.figures for model in candidates]


def test_rows_held_out_are_not_learnt_by_heart(folds):
    rng = np.random.default_rng(3)
    noise, defaulted = rng.random((600, 5)), rng.random(600) < 0.3
    tree = DecisionTreeClassifier(random_state=0)  # knows every row that it learnt from
    assert (tree.fit(noise, defaulted).predict(noise) == defaulted).all()
    (result,) = compare(
        {"tree": tree}, noise, defaulted, folds, cost_ratio=10, progress=False
    )  # fmt: skip
    assert result.figures["auc"] == pytest.approx(0.5, abs=0.08)


def test_of_many_rows_a_sample_keeps_the_folds_and_the_share_of_defaults(data, folds):
    _, defaulted = data
    rows, parts = sample(defaulted, folds, most_rows=300, seed=0)
    assert len(rows) == len(set(rows)) == 300
    assert defaulted[rows].mean() == pytest.approx(defaulted.mean(), abs=0.01)
    for (learn, held_out), (whole_learn, whole_held_out) in zip(parts, folds, strict=True):
        assert set(rows[learn]) < set(whole_learn)
        assert set(rows[held_out]) < set(whole_held_out)
        assert len(learn) + len(held_out) == 300
    assert (sample(defaulted, folds, most_rows=300, seed=0)[0] == rows).all()


def test_few_rows_are_all_compared(data, folds):
    rows, parts = sample(data[1], folds, most_rows=600, seed=0)
    assert rows.tolist() == list(range(600))
    assert parts is folds
