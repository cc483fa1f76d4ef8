"""The scikit-learn pipeline gives the PDs that are served, here and in a process of its own."""

import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import ID
from credit_scoring.errors import DatasetError, EmptyDataset
from credit_scoring.scoring import score_applicants
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import roc_auc_score
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from tests.models import draw_record
from training.evaluation.calibration import PlattScaling
from training.tracking.sklearn_pipeline import make_pipeline_of

ROWS = 200


@pytest.fixture(scope="module")
def texts():
    """Applications as a CSV brings them, history included."""
    rng = np.random.default_rng(4)
    records = [draw_record(rng, str(500_001 + n)) for n in range(ROWS)]
    names = list(dict.fromkeys(name for record in records for name in record))
    return {name: [str(record.get(name, "")) for record in records] for name in names}


@pytest.fixture(scope="module")
def typed(texts):
    """The same as pandas reads it from a file: numbers with NaN, categories, text."""
    frame = pd.DataFrame(texts).replace("", None)
    for name in frame.columns.difference([ID]):
        numbers = pd.to_numeric(frame[name], errors="coerce")
        frame[name] = numbers if numbers.notna().any() else frame[name].astype("category")
    return frame


@pytest.fixture(scope="module")
def served(small_model, texts):
    return score_applicants(small_model.model, parse_text_columns(texts).applicants)


@pytest.fixture(scope="module")
def pipeline(small_model):
    model = small_model.model
    return make_pipeline_of(small_model.booster, model.schema, cutoff=model.cutoff)


def test_pds_and_decisions_are_the_served_ones(pipeline, texts, served, small_model):
    chances = pipeline.predict_proba(texts)
    assert chances.shape == (ROWS, 2)
    np.testing.assert_allclose(chances[:, 1], served.default_probabilities, rtol=0, atol=1e-12)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=0, atol=1e-12)
    refused = served.default_probabilities >= small_model.model.cutoff
    np.testing.assert_array_equal(pipeline.predict(texts), refused.astype(int))


def test_typed_columns_mean_the_same_as_their_texts(pipeline, texts, typed):
    assert typed["EXT_SOURCE_2"].dtype == np.float64
    assert typed["NAME_INCOME_TYPE"].dtype == "category"
    for form in (typed, pd.DataFrame(texts), typed.to_dict("list")):
        np.testing.assert_array_equal(pipeline.predict_proba(form), pipeline.predict_proba(texts))


def test_the_id_is_not_needed_and_unknown_columns_do_not_matter(pipeline, typed):
    bare = typed.drop(columns=ID)
    more = typed.assign(TARGET=1, my_notes="seen")
    for form in (bare, more):
        np.testing.assert_array_equal(pipeline.predict_proba(form), pipeline.predict_proba(typed))


def test_rows_are_scored_alike_in_any_company(pipeline, typed, monkeypatch):
    whole = pipeline.predict_proba(typed)
    monkeypatch.setattr("training.tracking.sklearn_pipeline.ROWS_AT_ONCE", 30)
    np.testing.assert_array_equal(pipeline.predict_proba(typed), whole)


def test_a_repaired_calibration_moves_the_margin(small_model, texts, served):
    repair = PlattScaling(slope=0.9, intercept=-0.2)
    schema = small_model.model.schema
    repaired = make_pipeline_of(small_model.booster, schema, cutoff=0.5, repair=repair)
    odds = np.exp(0.9 * served.margins - 0.2)
    np.testing.assert_allclose(repaired.predict_proba(texts)[:, 1], odds / (1 + odds), atol=1e-12)


def test_joblib_brings_the_same_model_to_a_fresh_process(pipeline, texts, tmp_path):
    joblib.dump(pipeline, tmp_path / "pipeline.joblib")
    joblib.dump(texts, tmp_path / "texts.joblib")
    code = (
        "import joblib, sys, pathlib\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "pipeline = joblib.load(folder / 'pipeline.joblib')\n"
        "joblib.dump(pipeline.predict_proba(joblib.load(folder / 'texts.joblib')), folder / 'pds')"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True, timeout=60)
    there = joblib.load(tmp_path / "pds")
    np.testing.assert_array_equal(there, pipeline.predict_proba(texts))


def broken(typed, column, row, value):
    frame = typed.astype({column: object})
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("AMT_CREDIT", -5.0, r"row 7: AMT_CREDIT: is out of range \('-5.0'\); allowed: .*"),
        ("AMT_CREDIT", "a lot", "row 7: AMT_CREDIT: has the wrong type"),
        ("AMT_CREDIT", np.nan, "row 7: AMT_CREDIT: is required"),
        ("AMT_ANNUITY", np.inf, "row 7: AMT_ANNUITY: is not a finite number"),
        ("CNT_CHILDREN", 1.5, "row 7: CNT_CHILDREN: is not a whole number"),
        ("NAME_INCOME_TYPE", "Pirate", "row 7: NAME_INCOME_TYPE: is not a known category"),
    ],
)
def test_a_value_that_breaks_the_contract_names_its_row_and_column(
    pipeline, typed, column, value, sentence
):
    with pytest.raises(DatasetError, match=sentence):
        pipeline.predict_proba(broken(typed, column, 7, value))


def test_the_row_is_named_by_its_place_and_the_others_are_counted(pipeline, typed, monkeypatch):
    monkeypatch.setattr("training.tracking.sklearn_pipeline.ROWS_AT_ONCE", 100)
    late = broken(typed, "AMT_CREDIT", [150, 151], -1.0)
    with pytest.raises(DatasetError, match=r"row 150: AMT_CREDIT.*\(1 more rows"):
        pipeline.predict_proba(late)
    with pytest.raises(DatasetError, match=r"row 0: AMT_CREDIT: is required.*99 more"):
        pipeline.predict_proba(typed.drop(columns="AMT_CREDIT"))


@pytest.mark.parametrize(
    ("applications", "error", "sentence"),
    [
        (np.zeros((2, 3)), DatasetError, "as a DataFrame or as lists by column, not ndarray"),
        ({"AMT_CREDIT": [1.0], "AMT_ANNUITY": [1, 2]}, DatasetError, "do not make a table"),
        ({"AMT_CREDIT": 1.0}, DatasetError, "do not make a table"),
        ({"AMT_CREDIT": []}, EmptyDataset, "no application"),
        (
            pd.DataFrame([[1.0, 2.0]], columns=["AMT_CREDIT", "AMT_CREDIT"]),
            DatasetError,
            "two columns have the name AMT_CREDIT",
        ),
    ],
)
def test_what_is_no_table_of_applications_is_told(pipeline, applications, error, sentence):
    with pytest.raises(error, match=sentence):
        pipeline.predict_proba(applications)


def test_scikit_learn_takes_it_for_a_fitted_classifier(pipeline, small_model, typed):
    check_is_fitted(pipeline)
    assert is_classifier(pipeline)
    assert list(pipeline.classes_) == [0, 1]
    assert get_tags(pipeline[-1]).requires_fit is False
    assert list(pipeline[:-1].get_feature_names_out()) == list(small_model.model.schema.names)
    assert pipeline[-1].n_features_in_ == len(small_model.model.schema)
    assert "TrainedClassifier" in pipeline._repr_html_()
    frame = clone(pipeline)[:-1].set_output(transform="pandas").transform(typed)
    assert list(frame.columns) == list(small_model.model.schema.names)


def test_fitting_and_cloning_leave_what_was_learnt_alone(pipeline, typed):
    before = pipeline.predict_proba(typed)
    defaulted = np.arange(ROWS) % 3 == 0
    pipeline.fit(typed, defaulted)
    np.testing.assert_array_equal(clone(pipeline).predict_proba(typed), before)


def test_its_tools_work_on_it(pipeline, typed):
    defaulted = np.arange(ROWS) % 3 == 0
    ranking = pipeline.decision_function(typed)
    assert roc_auc_score(defaulted, ranking) == pytest.approx(
        roc_auc_score(defaulted, pipeline.predict_proba(typed)[:, 1])
    )
    calibrated = CalibratedClassifierCV(FrozenEstimator(pipeline), method="sigmoid", cv=2)
    assert calibrated.fit(typed, defaulted).predict_proba(typed).shape == (ROWS, 2)
