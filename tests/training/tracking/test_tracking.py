"""A training in MLflow, recorded and read back from a real store."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import joblib
import mlflow
import numpy as np
import pandas as pd
import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.errors import DatasetError
from credit_scoring.registry.bundle import MANIFEST
from mlflow import MlflowClient

from tests.training.tables import draw_texts, write_texts
from training.report.plots.canvas import Plot
from training.tracking.sklearn_pipeline import make_pipeline_of
from training.tracking.store import SERVER_VARIABLE
from training.tracking.track import MODEL_NAME, Tracked, mark_champion, track

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63"
    "68000000820081dd436af40000000049454e44ae426082"
)


def make_report(**changes):
    """A report as a run writes it, with a section of each form."""
    rival = {
        "name": "LogisticRegression",
        "what": "standardised, " + "with dummies, " * 60,
        "parameters": {"C": 0.1, "logisticregression__penalty": "l2"},
        "fit_seconds": 1.5,
        "figures": {
            "auc": 0.741,
            "auc_by_fold": [0.74, 0.742],
            "confusion": {"accepted_good": 60, "accepted_default": 4},
        },
    }
    report = {
        "recipe": {
            "seed": 0,
            "cost_ratio": 10.0,
            "protected": ["CODE_GENDER"],
            "monotone": True,
            "parameters": {"learning_rate": 0.03, "monotone_constraints": [1, -1] * 150},
        },
        "data": {
            "rows": 400,
            "defaults": 32,
            "default_rate": 0.08,
            "sha256": "d" * 64,
            "tables": {"application_train": {"bytes": 1, "sha256": "e" * 64}, "bureau": None},
        },
        "lineage": {
            "git_commit": "c" * 40,
            "git_dirty": False,
            "data_sha256": "d" * 64,
            "lock_sha256": "f" * 64,
            "python": "3.13.0",
        },
        "features": {
            "candidates": 20,
            "kept": 16,
            "rule": "what varies",
            "dropped": {"constant": 4},
            "names": ["AMT_CREDIT"],
        },
        "model": {"trees": 20, "leaves": 160, "max_depth": 6, "base_value": -2.5},
        "metrics": {
            "rows": 400,
            "auc": 0.76,
            "gini": 0.52,
            "ks": 0.4,
            "pr_auc": 0.25,
            "brier": 0.067,
            "ece": 0.004,
            "cutoff": 0.09,
            "business_cost_per_applicant": 0.51,
            "recall": None,
            "confusion": {"accepted_good": 250, "refused_default": 20},
            "auc_by_fold": [0.75, 0.77],
            "intervals": {"auc": [0.74, 0.78], "ks": None},
        },
        "cutoff": {"cost_ratio": 10.0, "cutoff": 0.09, "theoretical": 0.0909, "curves": {}},
        "bands": [
            {"name": "low", "applicants": 300, "default_rate": 0.03, "interval": [0.02, 0.05]},
            {"name": "high", "applicants": 100, "default_rate": 0.2, "interval": [0.15, 0.25]},
        ],
        "calibration": {"ece": 0.004, "bins": [{"pd": 0.1, "default_rate": 0.11}]},
        "fairness": {
            "status": "attention",
            "attributes": [
                {
                    "attribute": "CODE_GENDER",
                    "approval_ratio": {"value": 0.9, "interval": [0.85, 0.95]},
                    "groups": [
                        {"name": "F", "judged": True, "approval_rate": {"value": 0.8}},
                        {"name": "M", "judged": True, "approval_rate": None},
                    ],
                }
            ],
            "proxies": {"Secondary: §": {"auc": 0.6}},
        },
        "comparison": {"models": [rival, rival | {"name": "Dummy"}], "imbalance": []},
        "tuning": None,
        "ablations": [{"name": "without directions", "auc": 0.761, "auc_interval": [0.0, 0.002]}],
        "proof": {"margin": 0.0, "contribution": 1.7e-15},
    }
    return report | changes


@pytest.fixture(scope="module")
def pipeline(small_model):
    model = small_model.model
    return make_pipeline_of(small_model.booster, model.schema, cutoff=model.cutoff)


@pytest.fixture(scope="module")
def models(small_model, tmp_path_factory):
    """Two published bundles."""
    store = FolderStore(tmp_path_factory.mktemp("models"))
    return store, [small_model.publish(store, cutoff=c).version for c in (0.08, 0.09)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mlflow") / "not yet there"


@pytest.fixture(autouse=True)
def own_store(monkeypatch):
    monkeypatch.delenv(SERVER_VARIABLE, raising=False)


def record(models, pipeline, folder, *, number=0, **changes):
    store, versions = models
    return track(
        make_report(**changes),
        store=store,
        version=versions[number],
        pipeline=pipeline,
        plots=[Plot("cost_curve", "Cost", "A curve", PNG)],
        files={"model_card.html": b"<h1>A model</h1>", "model_card.md": b"# A model"},
        durations={"data": 3.5, "fit": 12.25},
        folder=folder,
    )


@pytest.fixture(scope="module")
def process(models, pipeline, folder, tmp_path_factory):
    """The first recording, in a process of its own, where MLflow may talk as it likes."""
    place = tmp_path_factory.mktemp("process")
    joblib.dump((models, pipeline, folder), place / "arguments.joblib")
    code = (
        "import joblib, json\n"
        "from tests.training.tracking.test_tracking import record\n"
        "print(json.dumps(vars(record(*joblib.load('arguments.joblib')))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=place,
        env={name: value for name, value in os.environ.items() if name != SERVER_VARIABLE},
    )
    assert done.returncode == 0, done.stderr
    return done, place


@pytest.fixture(scope="module")
def tracked(process):
    return Tracked(**json.loads(process[0].stdout))


@pytest.fixture(scope="module")
def client(tracked):
    return MlflowClient(tracked.uri)


@pytest.fixture(scope="module")
def run(client, tracked):
    return client.get_run(tracked.run_id)


def test_the_terminal_and_the_working_folder_stay_clean(process):
    done, place = process
    assert done.stderr == ""
    assert [path.name for path in place.iterdir()] == ["arguments.joblib"]


def test_the_run_is_finished_and_called_by_the_version_of_its_bundle(run, models):
    _, (version, _) = models
    assert (run.info.status, run.info.run_name) == ("FINISHED", version)
    assert run.data.tags["bundle_version"] == version
    assert run.data.tags["bundle_sha256"].startswith(version)


def test_every_figure_can_be_compared(run):
    figures = run.data.metrics
    assert (figures["auc"], figures["pr_auc"], figures["interval/auc_high"]) == (0.76, 0.25, 0.78)
    assert figures["confusion/refused_default"] == 20
    assert figures["cutoff/theoretical"] == 0.0909
    assert figures["features/dropped.constant"] == 4
    assert figures["seconds/fit"] == 12.25
    assert figures["fairness/CODE_GENDER.approval_ratio.value"] == 0.9
    assert figures["fairness/proxies.Secondary: _.auc"] == 0.6
    assert run.data.tags["fairness"] == "attention"
    assert "recall" not in figures  # it had no denominator


def test_folds_are_the_steps_of_one_metric(client, tracked):
    folds = client.get_metric_history(tracked.run_id, "fold_auc")
    assert {fold.step: fold.value for fold in folds} == {0: 0.75, 1: 0.77}


def test_the_recipe_is_kept_flat_and_long_values_are_cut(run):
    assert run.data.params["parameters.learning_rate"] == "0.03"
    assert run.data.params["protected"] == "CODE_GENDER"
    cut = run.data.params["parameters.monotone_constraints"]
    assert len(cut) == 500
    assert cut.endswith("…")


def test_data_code_and_packages_are_named(run):
    lineage = {"git_commit": "c" * 40, "data_sha256": "d" * 64, "lock_sha256": "f" * 64}
    assert lineage.items() <= run.data.tags.items()
    (used,) = run.inputs.dataset_inputs
    assert used.dataset.digest == "d" * 12
    assert json.loads(used.dataset.profile)["rows"] == 400


def artifacts(client, run_id):
    found, folders = set(), [""]
    while folders:
        for entry in client.list_artifacts(run_id, folders.pop()):
            folders.append(entry.path) if entry.is_dir else found.add(entry.path)
    return found


def test_artifacts_hold_card_plots_pipeline_and_the_bundle_byte_for_byte(
    client, tracked, models, tmp_path
):
    store, (version, _) = models
    found = artifacts(client, tracked.run_id)
    assert {"report.json", "model_card.html", "plots/cost_curve.png", "pipeline.joblib"} <= found
    for key in store.list(f"{version}/"):
        path = client.download_artifacts(
            tracked.run_id, "bundle/" + key.removeprefix(f"{version}/"), str(tmp_path)
        )
        assert Path(path).read_bytes() == store.read(key)
    assert f"bundle/{MANIFEST}" in found


def test_rows_of_the_report_are_tables(client, tracked, tmp_path):
    found = artifacts(client, tracked.run_id)
    paths = {
        "comparison.models",
        "bands",
        "calibration.bins",
        "ablations",
        "fairness.attributes",
        "fairness.attributes.groups",
    }
    names = {name for name in found if name.startswith("tables/")}
    assert names == {f"tables/{path}.json" for path in paths}

    def rows(table):
        file = client.download_artifacts(tracked.run_id, f"tables/{table}.json", str(tmp_path))
        return json.loads(Path(file).read_text())["data"]

    assert rows("bands")[0] == ["low", 300, 0.03, "[0.02, 0.05]"]
    assert rows("fairness.attributes") == [["CODE_GENDER", 0.9, "[0.85, 0.95]"]]
    assert rows("fairness.attributes.groups")[0][:4] == ["CODE_GENDER", "F", True, 0.8]


def test_compared_models_are_runs_below(client, run):
    below = client.search_runs(
        [run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'"
    )
    rivals = {child.info.run_name: child.data for child in below}
    assert rivals.keys() == {"LogisticRegression", "Dummy"}
    assert rivals["LogisticRegression"].metrics["auc"] == 0.741
    assert rivals["LogisticRegression"].params["compared"] == "models"
    assert {child.info.status for child in below} == {"FINISHED"}


def test_each_compared_model_has_its_parameters_folds_durations_and_figures(client, run, tmp_path):
    [rival] = client.search_runs(
        [run.info.experiment_id],
        f"tags.`mlflow.parentRunId` = '{run.info.run_id}' "
        "and attributes.run_name = 'LogisticRegression'",
    )
    assert rival.data.params["C"] == "0.1"
    assert rival.data.params["logisticregression__penalty"] == "l2"
    folds = client.get_metric_history(rival.info.run_id, "fold_auc")
    assert [(fold.step, fold.value) for fold in folds] == [(0, 0.74), (1, 0.742)]
    assert rival.data.metrics["fit_seconds"] == 1.5
    file = client.download_artifacts(rival.info.run_id, "figures.json", str(tmp_path))
    assert json.loads(Path(file).read_text())["figures"]["confusion"]["accepted_good"] == 60


def test_the_registered_challenger_gives_the_pds_of_the_pipeline(
    client, tracked, pipeline, tmp_path
):
    version = client.get_model_version_by_alias(MODEL_NAME, "challenger")
    assert (str(version.version), version.run_id) == (tracked.model_version, tracked.run_id)
    texts = draw_texts(50)
    expected = pipeline.predict_proba(texts)
    typed = pd.read_csv(write_texts(tmp_path / "applications.csv", texts))
    assert {"int64", "float64"} <= {str(dtype) for dtype in typed.dtypes}
    mlflow.set_tracking_uri(tracked.uri)
    try:
        loaded = mlflow.sklearn.load_model(f"models:/{MODEL_NAME}@challenger")
        general = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}@challenger")
    finally:
        mlflow.set_tracking_uri(None)
    np.testing.assert_array_equal(loaded.predict_proba(texts), expected)
    kept = joblib.load(client.download_artifacts(tracked.run_id, "pipeline.joblib"))
    np.testing.assert_array_equal(kept.predict_proba(texts), expected)
    np.testing.assert_array_equal(general.predict(typed), expected)


def test_no_row_of_a_person_is_among_the_models_files(client, tracked):
    (output,) = client.get_run(tracked.run_id).outputs.model_outputs
    names = {entry.path for entry in client.list_logged_model_artifacts(output.model_id)}
    assert "MLmodel" in names
    assert not {name for name in names if "example" in name}


def test_champion_follows_the_pointer_there_and_back(models, pipeline, tmp_path):
    """In a store of its own: here a promotion takes the challenger's alias away."""
    _, (first, second) = models
    earlier, later = (record(models, pipeline, tmp_path, number=number) for number in (0, 1))
    client = MlflowClient(later.uri)
    assert mark_champion(second, folder=tmp_path)
    registered = client.get_registered_model(MODEL_NAME)
    assert registered.aliases == {"champion": int(later.model_version)}
    assert mark_champion(first, folder=tmp_path)
    champion = client.get_model_version_by_alias(MODEL_NAME, "champion")
    assert str(champion.version) == earlier.model_version


def test_an_untracked_champion_is_one_line_and_makes_no_store(tmp_path, folder, tracked, caplog):
    caplog.set_level("INFO")
    assert not mark_champion("0" * 12, folder=tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert not mark_champion("0" * 12, folder=folder)
    assert len(caplog.messages) == 2
    assert "no trainings are tracked" in caplog.messages[0]
    assert "knows no model of version 000000000000" in caplog.messages[1]


@pytest.fixture
def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_a_server_that_is_not_there_is_one_sentence_without_its_password(
    models, pipeline, folder, closed_port, monkeypatch, caplog
):
    uri = f"http://anna:secret@127.0.0.1:{closed_port}"
    monkeypatch.setenv(SERVER_VARIABLE, uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(DatasetError, match=f"unset {SERVER_VARIABLE}") as failure:
        record(models, pipeline, folder)
    assert "secret" not in str(failure.value)
    assert "\n" not in str(failure.value)
    assert not mark_champion("0" * 12, folder=folder)
    assert "secret" not in caplog.text


def test_what_breaks_off_is_marked_as_failed(models, pipeline, folder, tracked, client):
    with pytest.raises(KeyError):
        record(models, pipeline, folder, data={"rows": 1, "default_rate": 0.1})
    (latest, *_) = client.search_runs([client.get_run(tracked.run_id).info.experiment_id])
    assert latest.info.status == "FAILED"
