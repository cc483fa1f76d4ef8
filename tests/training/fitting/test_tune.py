"""Tuning: never worse than what is served, the same result every time, and kills do no harm."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from tests.repository import ROOT
from training.evaluation.cutoff import business_cost, choose_cutoff
from training.fitting.fit import PARAMETERS, fit_fold
from training.fitting.tuning.search_space import DEFAULTS, GRID, SPACE
from training.fitting.tuning.tune import tune

SCHEMA = FeatureSchema(
    ("EXT_SOURCE_1", "AMT_CREDIT", "NAME_INCOME_TYPE"),
    {"NAME_INCOME_TYPE": ("Working", "Pensioner", "Student")},
)
METHODS = ["optuna", "random", "grid"]


def make_data():
    rng = np.random.default_rng(0)
    matrix = rng.random((500, 3))
    matrix[:, 2] = rng.integers(0, 3, 500)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    risk = 0.6 * (1 - np.nan_to_num(matrix[:, 0], nan=0.5)) ** 2 + 0.2 * (matrix[:, 2] == 1)
    return matrix, rng.random(500) < risk


def search(storage, data=None, **changes):
    matrix, defaulted = data or make_data()
    folds = list(StratifiedKFold(3, shuffle=True, random_state=0).split(matrix, defaulted))
    settings = {
        "objective": "auc", "minutes": None, "trials": 5, "cost_ratio": 10, "seed": 1,
        "storage": storage, "progress": False,
    } | changes  # fmt: skip
    return tune(matrix, defaulted, SCHEMA, folds, **settings)


def written(storage):
    """When each measured value was written."""
    return {path: path.stat().st_mtime_ns for path in storage.glob("*/*.json")}


@pytest.mark.parametrize("objective", ["auc", "cost"])
@pytest.mark.parametrize("method", METHODS)
def test_what_is_found_is_at_least_as_good_as_what_is_served(method, objective, tmp_path):
    found = search(tmp_path, method=method, objective=objective, trials=4)
    assert (found.method, found.objective) == (method, objective)
    assert [trial.number for trial in found.trials] == list(range(4))
    assert found.trials[0].parameters == DEFAULTS
    assert found.trials[0].value == found.default_value
    values = [trial.value for trial in found.trials if trial.state == "complete"]
    assert found.best_value == (max(values) if objective == "auc" else min(values))
    assert found.best in [t.parameters for t in found.trials if t.value == found.best_value]
    assert json.loads(json.dumps(asdict(found), allow_nan=False)) == asdict(found)


@pytest.mark.parametrize("method", METHODS)
def test_a_count_of_trials_gives_the_same_result_every_time(method, tmp_path):
    first = search(tmp_path / "a", method=method, trials=4)
    assert search(tmp_path / "b", method=method, trials=4) == first
    assert len({str(trial.parameters) for trial in first.trials}) == 4
    other = search(tmp_path / "c", method=method, trials=4, seed=2)
    assert [t.parameters for t in other.trials[1:]] != [t.parameters for t in first.trials[1:]]


@pytest.mark.parametrize("method", METHODS)
def test_when_the_time_is_over_the_present_parameters_are_left(method, tmp_path):
    found = search(tmp_path, method=method, minutes=1e-9, trials=None)
    assert found.best == DEFAULTS
    assert found.best_value == found.default_value
    assert len(found.trials) == 1
    assert found.importance is None


@pytest.mark.parametrize("method", METHODS)
def test_a_search_goes_on_without_measuring_anything_twice(method, tmp_path):
    search(tmp_path, method=method, trials=2)
    before = written(tmp_path)
    longer = search(tmp_path, method=method, trials=3)
    after = written(tmp_path)
    assert len(before) >= 3
    assert {path: after[path] for path in before} == before
    assert len(after) > len(before)
    assert longer == search(tmp_path / "at once", method=method, trials=3)


@pytest.mark.parametrize("method", ["optuna", "random"])
def test_a_killed_search_ends_as_one_that_was_not(method, tmp_path):
    kill_during_search(tmp_path / "killed", method, values=7)
    before = written(tmp_path / "killed")
    finished = search(tmp_path / "killed", method=method, trials=5)
    assert len(finished.trials) == 5
    assert finished == search(tmp_path / "whole", method=method, trials=5)
    after = written(tmp_path / "killed")
    assert {path: after[path] for path in before} == before


def kill_during_search(storage, method, *, values):
    """SIGKILL a process that tunes as soon as it has measured so many values."""
    code = (
        "import sys; from pathlib import Path; from test_tune import search;"
        "search(Path(sys.argv[1]), method=sys.argv[2], trials=200)"
    )
    paths = [ROOT, ROOT / "layers/credit_scoring/python", Path(__file__).parent]
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(storage), method],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
    )
    until = time.monotonic() + 600  # of a busy machine; else the wait is as short as it can be
    while len(written(storage)) < values and time.monotonic() < until:
        assert process.poll() is None, "ended before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert len(written(storage)) >= values


def test_hopeless_trials_are_given_up_before_their_last_fold(tmp_path):
    found = search(tmp_path, method="optuna", trials=14)
    states = [trial.state for trial in found.trials]
    assert {*states} == {"complete", "pruned"}
    assert all((trial.value is None) == (trial.state == "pruned") for trial in found.trials)


def test_enough_trials_tell_which_parameters_matter(tmp_path):
    importance = search(tmp_path, method="random", trials=12).importance
    assert {*importance} == {*SPACE}
    assert sum(importance.values()) == pytest.approx(1)
    assert list(importance.values()) == sorted(importance.values(), reverse=True)


def test_other_rows_begin_a_search_of_their_own(tmp_path):
    matrix, defaulted = make_data()
    first = search(tmp_path, trials=2)
    other = search(tmp_path, trials=2, data=(matrix[::-1].copy(), defaulted[::-1].copy()))
    assert other.default_value != first.default_value
    assert len(other.trials) == 2


@pytest.mark.parametrize("objective", ["auc", "cost"])
def test_a_value_is_the_mean_over_the_folds_of_models_that_are_served(objective, tmp_path):
    found = search(tmp_path, objective=objective, trials=1, cost_ratio=4)
    matrix, defaulted = make_data()
    values = []
    for learn, held_out in StratifiedKFold(3, shuffle=True, random_state=0).split(*make_data()):
        booster = fit_fold(matrix, defaulted, SCHEMA, learn, held_out, seed=1)
        pds = default_probabilities(booster.predict(matrix[held_out], raw_score=True))
        outcomes = defaulted[held_out]
        cutoff = choose_cutoff(pds, outcomes, cost_ratio=4)
        cost = business_cost(pds, outcomes, cutoff=cutoff, cost_ratio=4)
        values.append(roc_auc_score(outcomes, pds) if objective == "auc" else cost)
    assert found.default_value == pytest.approx(np.mean(values))


@pytest.mark.parametrize("method", ["optuna", "random"])
def test_a_search_without_an_end_is_refused(method, tmp_path):
    with pytest.raises(ValueError, match="minutes or trials"):
        search(tmp_path, method=method, trials=None)


def test_grid_points_come_from_the_grid_and_change_nothing_else(tmp_path):
    for trial in search(tmp_path, method="grid").trials[1:]:
        for name, value in trial.parameters.items():
            assert value in GRID.get(name, [DEFAULTS[name]])


def test_the_space_holds_what_is_served_and_keeps_trees_explainable():
    for name, range_ in SPACE.items():
        assert range_.low <= DEFAULTS[name] <= range_.high
        assert DEFAULTS[name] == PARAMETERS.get(name, 0.0)
        drawn = [range_.rvs(np.random.RandomState(seed)) for seed in range(200)]
        assert all(range_.low <= value <= range_.high for value in drawn)
        assert all(isinstance(value, int if range_.whole else float) for value in drawn)
        assert len(set(drawn)) > 5
    assert max(SPACE["max_depth"].high, *GRID.get("max_depth", [0])) <= 8
    assert max(SPACE["num_leaves"].high, *GRID["num_leaves"]) <= 31
