"""Models side by side: the same rows, the same folds, each at the cut-off that suits it best."""

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.features import FeatureSchema
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin, clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from training.data.split import Folds
from training.evaluation.cutoff import choose_cutoff
from training.evaluation.evaluate import measure
from training.fitting.comparison.candidates import make_candidates
from training.fitting.fit import map_folds
from training.fitting.fold_rows import RowsOf, rows_as_they_are

MOST_ROWS = 50_000


@dataclass(frozen=True)
class Candidate:
    """One model's figures on rows that it did not learn from.

    parameters : its hyperparameters, those of the steps before it included
    fit_seconds : processor time of fitting all folds
    predict_seconds : processor time of 1,000 rows
    figures : `measure` at the model's own best cut-off, and `auc_by_fold`
    """

    name: str
    parameters: dict[str, Any]
    fit_seconds: float
    predict_seconds: float
    figures: dict[str, Any]


@dataclass(frozen=True)
class _Fold:
    held_out: Indices
    default_probabilities: Numbers
    fit_seconds: float
    predict_seconds: float


def compare_models(
    matrix: Numbers,
    defaulted: Flags,
    schema: FeatureSchema,
    folds: Folds,
    *,
    parameters: dict[str, Any],
    cost_ratio: float,
    seed: int,
    monotone: bool = True,
    rows_of: RowsOf | None = None,
    progress: bool = True,
) -> list[Candidate]:
    """Every model of `candidates`, the simplest first.

    matrix : float64 (n, F), NaN = missing; defaulted : bool (n,); folds : partition the n rows
    parameters : changes to LightGBM's, as for `fit`; monotone : whether directions bind LightGBM
    rows_of : as for `compare`
    """
    return compare(
        make_candidates(schema, parameters=parameters, seed=seed, monotone=monotone),
        matrix,
        defaulted,
        folds,
        cost_ratio=cost_ratio,
        rows_of=rows_of,
        progress=progress,
    )


def compare(
    candidates: dict[str, ClassifierMixin],
    matrix: Numbers,
    defaulted: Flags,
    folds: Folds,
    *,
    cost_ratio: float,
    progress: bool,
    rows_of: RowsOf | None = None,
) -> list[Candidate]:
    """Cross-validate estimators of `matrix`; held-out rows are never changed, nor learnt from.

    rows_of : of a fold's rows their columns, where some are learnt anew in each fold
    """
    take = rows_of or rows_as_they_are(matrix)

    def run(name: str) -> Candidate:
        results = list(
            map_folds(
                lambda learn, held_out: _run_fold(
                    candidates[name], take, defaulted, learn, held_out
                ),
                folds,
                label=name,
                progress=progress,
            )
        )
        parameters = hyperparameters(candidates[name])
        return _summarise(name, parameters, results, defaulted, cost_ratio)

    # Sums of a library that splits them among threads depend on how many there are.
    with threadpool_limits(1, user_api="blas"):
        return [run(name) for name in candidates]


def sample(
    defaulted: Flags, folds: Folds, *, most_rows: int = MOST_ROWS, seed: int
) -> tuple[Indices, Folds]:
    """At most `most_rows` rows with the same folds and, in each, the same share of defaults.

    Returns the rows, and the folds by place among them.
    """
    if len(defaulted) <= most_rows:
        return np.arange(len(defaulted)), folds
    fold = _fold_of(folds, len(defaulted))
    kept, _ = train_test_split(
        np.arange(len(defaulted)),
        train_size=most_rows,
        stratify=2 * fold + defaulted,
        random_state=seed,
    )
    kept = np.sort(kept)
    parts = [
        (np.flatnonzero(fold[kept] != number), np.flatnonzero(fold[kept] == number))
        for number in range(len(folds))
    ]
    return kept, parts


def _fold_of(folds: Folds, rows: int) -> NDArray[np.intp]:
    fold = np.empty(rows, np.intp)
    for number, (_, held_out) in enumerate(folds):
        fold[held_out] = number
    return fold


def _run_fold(
    candidate: ClassifierMixin, take: RowsOf, defaulted: Flags, learn: Indices, held_out: Indices
) -> _Fold:
    # OpenMP's limit belongs to the thread that sets it. Time is this thread's own: what runs beside
    # it does not count.
    with threadpool_limits(1, user_api="openmp"):
        learnt, watched = take(learn, held_out)
        started = time.thread_time()
        model = clone(candidate).fit(learnt, defaulted[learn])
        fitted = time.thread_time()
        probabilities = np.asarray(model.predict_proba(watched)[:, 1], np.float64)
        return _Fold(held_out, probabilities, fitted - started, time.thread_time() - fitted)


def hyperparameters(candidate: ClassifierMixin) -> dict[str, Any]:
    """What an estimator was made with, as far as it is numbers and words; sorted by name."""
    found: dict[str, Any] = {}
    for name, value in candidate.get_params(deep=True).items():
        if isinstance(value, dict):
            found |= {f"{name}.{key}": each for key, each in value.items()}
        elif isinstance(value, float) and not math.isfinite(value):
            found[name] = str(value)  # JSON knows no such number
        elif isinstance(value, str | int | float | None):
            found[name] = value
    return dict(sorted(found.items()))


def _summarise(
    name: str,
    parameters: dict[str, Any],
    results: list[_Fold],
    defaulted: Flags,
    cost_ratio: float,
) -> Candidate:
    probabilities = np.empty(len(defaulted))
    for fold in results:
        probabilities[fold.held_out] = fold.default_probabilities
    cutoff = choose_cutoff(probabilities, defaulted, cost_ratio=cost_ratio)
    aucs = [
        float(roc_auc_score(defaulted[fold.held_out], fold.default_probabilities))
        for fold in results
    ]
    return Candidate(
        name,
        parameters,
        fit_seconds=sum(fold.fit_seconds for fold in results),
        predict_seconds=1000 * sum(fold.predict_seconds for fold in results) / len(defaulted),
        figures=measure(probabilities, defaulted, cutoff=cutoff, cost_ratio=cost_ratio)
        | {"auc_by_fold": aucs},
    )
