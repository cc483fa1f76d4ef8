"""Scikit-learn's searches: at random within the space, or over a grid in random order.

They are given the numbers of rows instead of rows: nothing is copied for each fit, and the held-out
rows that end the boosting are those of the fold, as everywhere else here.
"""

import os
import warnings
from typing import Any, Literal

import joblib
import numpy as np
from credit_scoring.arrays import Flags, Indices
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV, ParameterGrid, RandomizedSearchCV
from tqdm import tqdm

from training.fitting.tuning.budget import Budget
from training.fitting.tuning.fold_values import FoldValues, Parameters
from training.fitting.tuning.search_space import DEFAULTS, GRID, SPACE
from training.fitting.tuning.trial import COMPLETE, Trial

MOST_RANDOM_TRIALS = 1000  # when minutes alone end the search


def search(
    method: Literal["random", "grid"], values: FoldValues, budget: Budget, *, progress: bool
) -> list[Trial]:
    """The present parameters, then each set whose folds were all measured in time."""
    with (
        tqdm(desc="Tune", unit="trial", total=budget.trials, disable=not progress) as bar,
        joblib.parallel_config("threading", n_jobs=os.cpu_count()),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="One or more of the test scores are non-finite")
        measure = _Measure(values, budget, bar)
        found = [Trial(0, measure.default(), DEFAULTS, COMPLETE)]
        if not budget.allows(1):
            return found
        search_cv = _make_search(method, _FoldModel(measure, DEFAULTS), values, budget)
        search_cv.fit(np.arange(len(values.defaulted))[:, None], values.defaulted)
    return found + _complete(search_cv.cv_results_, values.sign)


def _make_search(
    method: Literal["random", "grid"], model: "_FoldModel", values: FoldValues, budget: Budget
) -> RandomizedSearchCV | GridSearchCV:
    more = None if budget.trials is None else budget.trials - 1
    how = {"cv": values.folds, "scoring": _score, "refit": False, "error_score": "raise"}
    if method == "random":
        n_iter = more or MOST_RANDOM_TRIALS
        return RandomizedSearchCV(model, SPACE, n_iter=n_iter, random_state=values.seed, **how)
    return GridSearchCV(model, _shuffled_grid(values.seed)[:more], **how)


def _shuffled_grid(seed: int) -> list[dict[str, list[Any]]]:
    """Every point of the grid, in an order in which a budget does not cut off one of its sides."""
    points = list(ParameterGrid(GRID))
    order = np.random.default_rng(seed).permutation(len(points))
    return [{name: [value] for name, value in points[place].items()} for place in order]


def _complete(results: dict[str, Any], sign: int) -> list[Trial]:
    scored = zip(results["params"], results["mean_test_score"], strict=True)
    in_time = [(DEFAULTS | changes, sign * score) for changes, score in scored if score == score]
    return [
        Trial(number, float(value), parameters, COMPLETE)
        for number, (parameters, value) in enumerate(in_time, start=1)
    ]


class _Measure:
    """What parameters are worth on the fold that learns from given rows, while time is left."""

    def __init__(self, values: FoldValues, budget: Budget, bar: Any) -> None:
        self.values, self.budget, self.bar = values, budget, bar
        self.found: dict[str, list[float]] = {}
        self.best = -np.inf

    def default(self) -> float:
        """Mean over the folds of what is served now, whatever time is left."""
        of_folds = [self.values.value(DEFAULTS, fold) for fold in range(len(self.values.folds))]
        self._show(float(np.mean(of_folds)))
        return float(np.mean(of_folds))

    def __call__(self, parameters: Parameters, learn: Indices) -> float:
        """More is better; NaN when the time is over."""
        if self.budget.is_late:
            return np.nan
        numbered = enumerate(self.values.folds)
        fold = next(fold for fold, (rows, _) in numbered if np.array_equal(rows, learn))
        value = self.values.value(parameters, fold)
        of_folds = self.found.setdefault(str(parameters), [])
        of_folds.append(value)
        if len(of_folds) == len(self.values.folds):
            self._show(float(np.mean(of_folds)))
        return self.values.sign * value

    def _show(self, value: float) -> None:
        self.best = max(self.best, self.values.sign * value)
        self.bar.update()
        self.bar.set_postfix(best=f"{self.values.sign * self.best:.5f}")


class _FoldModel(BaseEstimator):  # type: ignore[misc]
    """Stands for LightGBM with changed parameters."""

    def __init__(self, measure: _Measure, parameters: Parameters) -> None:
        self.measure, self.parameters = measure, parameters

    def get_params(self, deep: bool = True) -> Parameters:  # noqa: ARG002 - scikit-learn's signature
        return self.parameters

    def set_params(self, **changes: Any) -> "_FoldModel":
        self.parameters = self.parameters | changes
        return self

    def __sklearn_clone__(self) -> "_FoldModel":
        """With parameters of its own, but on the same rows: they are too many to be copied."""
        return _FoldModel(self.measure, self.parameters)

    def fit(self, rows: Indices, _defaulted: Flags) -> "_FoldModel":
        self.value_ = self.measure(self.parameters, rows[:, 0])
        return self


def _score(model: _FoldModel, _rows: Indices, _defaulted: Flags) -> float:
    return model.value_
