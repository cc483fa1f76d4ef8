"""`python -m training run` and `evaluate` as a data scientist runs them."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.decision import default_probabilities
from credit_scoring.features import build_features
from credit_scoring.population.peers import FILE, Peers
from credit_scoring.registry.bundle import (
    load_champion,
    load_file,
    load_reference,
    save_bundle,
)
from credit_scoring.registry.champion import CHAMPION, read_champion
from credit_scoring.scoring import score_applicants

from tests.repository import ROOT
from training import sample_data
from training.__main__ import main
from training.data.dataset import load_dataset
from training.data.sparser import sparser_columns
from training.promotion.promote import REFUSED

FIGURES = {
    "rows", "auc", "gini", "ks", "brier", "ece", "cutoff", "business_cost_per_applicant",
    "business_cost_approve_all", "approval_rate", "recall", "precision", "pr_auc", "accuracy",
    "confusion",
}  # fmt: skip


FORCED = ("--force", "--reason", "For the tests.")


def run(*arguments):
    paths = [str(ROOT), str(ROOT / "layers/credit_scoring/python")]
    return subprocess.run(
        [sys.executable, "-m", "training", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=1800,  # of a busy machine
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "2"},
    )


def run_well(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def train(data, models, work, *more):
    """A run without the studies, in this process."""
    return call("run", "--quick", "--data", data, "--models", models, "--work", work, *more)


def call(*arguments):
    """The same without a process of its own, which costs seconds of imports."""
    return main(list(map(str, arguments)))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    sample_data.generate(folder, applicants=1_500, seed=5)
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models") / "not yet there"


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module", autouse=True)
def in_a_folder_of_its_own(tmp_path_factory):
    """MLflow's store is build/mlflow of the folder that a command is called from."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("here"))
    yield
    os.chdir(before)


@pytest.fixture(scope="module")
def trained(data, models, work, in_a_folder_of_its_own):
    arguments = ("--data", data, "--models", models, "--work", work, "--seed", 3)
    return run_well("run", "--quick", *arguments, *FORCED)


@pytest.fixture(scope="module")
def model(trained, models):
    return load_champion(FolderStore(models))


def test_what_was_trained_is_published_verified_and_champion(trained, model, models):
    assert (model.version, model.sha256) == (trained["version"], trained["sha256"])
    assert trained["promotion"]["promoted"] is True
    # So few applicants cannot show that a model is better than a logistic regression.
    reason = read_champion(FolderStore(models)).reason
    assert reason.startswith("For the tests. Overruled: It is not significantly better")
    assert trained["metrics"].keys() == FIGURES | {"auc_by_fold", "intervals"}
    assert len(trained["metrics"]["auc_by_fold"]) == 5
    assert trained["training"]["rows"] == 1_500
    assert trained["training"]["seed"] == 3


def test_the_model_ranks_applicants_and_its_cutoff_pays(trained, model):
    metrics = trained["metrics"]
    assert metrics["auc"] > 0.6
    assert metrics["cutoff"] == model.cutoff
    assert metrics["business_cost_per_applicant"] < metrics["business_cost_approve_all"]
    assert model.band_edges == (model.cutoff / 2, model.cutoff)
    assert model.review.near_cutoff[0] <= model.cutoff <= model.review.near_cutoff[1]
    assert 0 < model.facts["review"]["share"] < 0.1
    assert "CODE_GENDER" not in model.schema.names
    assert model.schema.history


def test_the_reference_is_what_the_model_scored(data, model, models):
    reference = load_reference(FolderStore(models), model.version)
    applicants = load_dataset(data).applicants
    expected = score_applicants(model, applicants)
    assert reference.features.shape == (1_500, len(model.schema))
    np.testing.assert_array_equal(
        np.sort(reference.default_probabilities), np.sort(expected.default_probabilities)
    )


def test_what_is_given_far_less_often_than_to_the_champion_is_told(
    trained, model, data, models, tmp_path
):
    store = FolderStore(models)
    applicants = load_dataset(data).applicants
    assert sparser_columns(applicants, store) == []
    number, words = model.schema.raw_numbers[0], list(model.schema.codes)
    few = np.arange(len(applicants)) % 50 != 0
    for name, nothing in [(number, np.nan), *((word, -1) for word in words)]:
        applicants.columns[name][few] = nothing
    assert [one.column for one in sparser_columns(applicants, store)] == [number, *words]
    assert sparser_columns(applicants, FolderStore(tmp_path)) == []


def test_a_champion_that_kept_no_rows_stops_no_training(small_model, data, tmp_path):
    store = FolderStore(tmp_path)
    small_model.publish(store)
    assert sparser_columns(load_dataset(data).applicants, store) == []


def test_the_bundle_keeps_cells_of_its_accepted_files(trained, model, models):
    peers = Peers.from_bytes(load_file(FolderStore(models), model.version, FILE))
    assert peers.rows.sum() == round(trained["metrics"]["approval_rate"] * 1_500)
    assert peers.defaults.sum() == trained["metrics"]["confusion"]["accepted_default"]
    assert len(peers.family_of) == len(model.schema)


def test_the_same_seed_trains_the_same_version(trained, data, models, tmp_path, capsys):
    store = tmp_path / "models"
    assert train(data, store, tmp_path / "work", "--seed", 3, "--no-promote") == 0
    again = json.loads(capsys.readouterr().out)
    assert again["version"] == trained["version"]
    assert again["promotion"] is None
    assert not (store / CHAMPION).exists()
    for path in (store / again["version"]).iterdir():
        assert path.read_bytes() == (models / again["version"] / path.name).read_bytes()


def test_a_refused_model_is_published_and_ends_the_run_with_3(
    trained, data, work, tmp_path, capsys
):
    """So few applicants cannot show that it is better than a logistic regression."""
    assert train(data, tmp_path / "models", work, "--seed", 3) == REFUSED
    told = capsys.readouterr()
    assert "not significantly better than a logistic regression" in told.err
    printed = json.loads(told.out)
    assert printed["promotion"]["promoted"] is False
    assert (tmp_path / "models" / printed["version"]).is_dir()
    assert not (tmp_path / "models" / CHAMPION).exists()


def test_evaluate_prints_the_agreed_figures_of_the_champion(trained, data, model, models):
    figures = run_well("evaluate", "--models", models, "--data", data)
    assert figures.keys() == FIGURES | {"version", "intervals", "share_learnt_from"}
    low, high = figures["intervals"]["auc"]
    assert low < figures["auc"] < high
    assert figures["version"] == trained["version"]
    assert sum(figures["confusion"].values()) == figures["rows"] == 1_500
    dataset = load_dataset(data)
    pds = default_probabilities(
        model.explainer.margins(build_features(dataset.applicants, model.schema))
    )
    refused = pds >= model.cutoff
    assert figures["confusion"]["refused_default"] == (refused & dataset.defaulted).sum()


def test_evaluate_compares_with_another_model_row_by_row(trained, data, models, capsys):
    """Against itself nothing differs; against one with another cut-off decisions flip."""
    where = ("--models", models, "--data", data)
    call("evaluate", *where, "--against", trained["version"])
    same = json.loads(capsys.readouterr().out)["against"]
    assert (same["auc"]["difference"], same["largest_pd_difference"]) == (0.0, 0.0)
    assert set(same["flips"].values()) == {0}
    store = FolderStore(models)
    loaded = load_champion(store)
    stricter = replace(loaded, cutoff=loaded.cutoff / 2)
    reference = load_reference(store, loaded.version)
    other, _ = save_bundle(store, stricter, reference=reference, extra={})
    call("evaluate", *where, "--against", other)
    flips = json.loads(capsys.readouterr().out)["against"]["flips"]
    assert flips["newly_accepted_good"] > flips["newly_accepted_default"] > 0
    assert flips["newly_refused_good"] == flips["newly_refused_default"] == 0


def test_evaluate_takes_one_file_and_a_version(trained, data, models, capsys):
    table = data / "application_train.csv"
    call("evaluate", "--models", models, "--version", trained["version"], "--data", table)
    assert json.loads(capsys.readouterr().out)["rows"] == 1_500


def test_rows_that_a_model_learnt_from_are_told_and_others_are_not(
    trained, data, models, tmp_path, capsys
):
    call("evaluate", "--models", models, "--data", data)
    told = capsys.readouterr()
    assert json.loads(told.out)["share_learnt_from"] == 1.0
    assert "learnt from: its figures here flatter it" in told.err
    sample_data.generate(tmp_path, applicants=400, seed=6)
    call("evaluate", "--models", models, "--data", tmp_path)
    told = capsys.readouterr()
    assert json.loads(told.out)["share_learnt_from"] == 0.0
    assert "flatter" not in told.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "--data", "{empty}", "--models", "{empty}/m"], "no table application_train"),
        (["run", "--data", "{empty}/nowhere", "--models", "{empty}/m"], "nowhere"),
        (["evaluate", "--data", "{data}", "--models", "{empty}"], "train and publish one first"),
        (["evaluate", "--data", "{empty}", "--models", "{models}"], "no table application_train"),
        (
            ["evaluate", "--data", "{data}", "--models", "{models}", "--version", "0123456789ab"],
            "no model at 0123456789ab",
        ),
        (
            ["evaluate", "--data", "{data}/bureau.csv", "--models", "{models}"],
            "the header names AMT_CREDIT_MAX_OVERDUE",
        ),
    ],
)
def test_a_wrong_folder_is_one_clear_sentence(
    trained, data, models, tmp_path, arguments, sentence, capsys
):
    places = {"empty": tmp_path, "data": data, "models": models}
    assert call(*(argument.format(**places) for argument in arguments)) == 1
    written = capsys.readouterr()
    assert written.out == ""
    (error,) = [line for line in written.err.splitlines() if line.startswith("error: ")]
    assert sentence in error


def test_a_process_that_fails_says_one_line_without_a_traceback(tmp_path):
    done = run("run", "--data", tmp_path, "--models", tmp_path / "models", "--until", "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.stderr


def test_too_few_defaults_are_told_before_anything_is_published(data, tmp_path, capsys):
    lines = (data / "application_train.csv").read_text().splitlines()
    few = [lines[0], *(line for line in lines[1:] if line.split(",")[1] == "0")]
    (tmp_path / "application_train.csv").write_text("\n".join(few) + "\n")
    assert train(tmp_path, tmp_path / "models", tmp_path / "work") == 1
    assert "a model needs 50 defaults" in capsys.readouterr().err
    assert list((tmp_path / "models").iterdir()) == []


def test_models_that_cannot_be_written_are_told_before_the_training(tmp_path, capsys):
    (tmp_path / "models").write_text("a file, not a folder")
    assert train(tmp_path, tmp_path / "models", tmp_path / "work") == 1
    assert "models cannot hold models: File exists" in capsys.readouterr().err


@pytest.mark.parametrize("ratio", ["0", "-1", "nan", "inf", "ten"])
def test_a_cost_ratio_must_be_a_positive_number(ratio, capsys):
    with pytest.raises(SystemExit):
        call("run", "--data", ".", "--models", ".", f"--cost-ratio={ratio}")
    assert "--cost-ratio" in capsys.readouterr().err


@pytest.mark.real_data
def test_real_applications_are_ranked_well(tmp_path):
    folder = os.environ.get("HOME_CREDIT_DIR")
    if not folder:
        pytest.skip("HOME_CREDIT_DIR names no folder with real Home Credit tables")
    places = ("--models", tmp_path / "models", "--work", tmp_path / "work")
    trained = run_well("run", "--quick", "--data", folder, *places)
    assert trained["metrics"]["auc"] > 0.75
    assert trained["metrics"]["ece"] < 0.01


def test_a_whole_run_compares_tunes_and_lifts_each_rule(data, tmp_path, capsys):
    work = tmp_path / "work"
    places = ("--data", data, "--models", tmp_path / "models", "--work", work)
    tuning = ("--tune-trials", 2, "--tune-objective", "auc")
    assert call("run", *places, *tuning, "--until", "ablate") == 0
    compared = json.loads((work / "compare" / "compare.json").read_text())
    assert len(compared["models"]) == 6
    assert len(compared["imbalance"]) == 4
    assert len(json.loads((work / "tune" / "tune.json").read_text())["trials"]) == 2
    lifted = [found["name"] for found in json.loads((work / "ablate" / "ablate.json").read_text())]
    assert lifted[:2] == ["without directions", "with gender"]
    grounds = ["age", "children", "family", "place", "protected grounds"]
    assert lifted[2:] == [f"without {each}" for each in (*grounds, "groups", "history")]
    capsys.readouterr()
    call("run", *places, *tuning, "--status")
    told = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in told] == ["done"] * 7 + ["to"] * 9
