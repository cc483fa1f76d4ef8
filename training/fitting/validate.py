"""Cross-validate a whole recipe, the choice of features included, on rows it never saw."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from threading import Lock

import lightgbm
import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from credit_scoring.registry.fold_models import FoldModel
from sklearn.metrics import roc_auc_score

from training.fitting.binned import bin_rows
from training.fitting.compile import compile_forest
from training.fitting.crossfit import CrossFit
from training.fitting.ensemble import mean_of
from training.fitting.fit import all_parameters, fit, fit_watched, map_folds, side_by_side
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe
from training.fitting.selection import choose_features


@dataclass(frozen=True)
class Validation:
    """margins : float64 (n,), each by the fold that did not see the row
    trees : of each fold, how many suit its held-out rows, on average over the members: what the
        other folds' models are as long as
    """

    crossfit: CrossFit
    margins: Numbers
    fold_aucs: list[float]
    trees: list[float]

    @property
    def default_probabilities(self) -> Numbers:
        return default_probabilities(self.margins)


def cross_validate(
    prepared: Prepared, recipe: Recipe, *, label: str = "Cross-validate", progress: bool = True
) -> Validation:
    """Every fold learns, chooses its features and its length without the rows it is judged on.

    How many trees a model bears is seen on rows that it does not learn from; a fold takes the mean
    of what the other folds saw on theirs, so that no fold's own rows decide when to stop.
    """
    defaulted = prepared.defaulted

    def choose(learn: Indices, _held_out: Indices) -> FeatureSchema:
        candidates = prepared.candidates(recipe, learn)
        return choose_features(prepared, candidates, learn, recipe).schema

    chosen = map_folds(choose, prepared.folds, label=f"{label}: features", progress=progress)
    learnt = [
        _Fold(prepared, recipe, schema, *rows)
        for schema, rows in zip(chosen, prepared.folds, strict=True)
    ]
    _grow(learnt, label=label, progress=progress)
    trees = [fold.suited for fold in learnt]
    margins = np.empty(len(defaulted))

    def finish_fold(number: int) -> FoldModel:
        others = [suited for place, suited in enumerate(trees) if place != number]
        model = learnt[number].cut(max(1, round(mean(others))))
        held_out = prepared.folds[number][1]
        margins[held_out] = model.explainer.margins(prepared.columns(model.schema, held_out))
        return model

    # Side by side again: a fold that stopped early has to grow once more.
    models = list(
        side_by_side(finish_fold, range(len(learnt)), label=f"{label}: length", progress=progress)
    )
    aucs = [float(roc_auc_score(defaulted[rows], margins[rows])) for _, rows in prepared.folds]
    return Validation(CrossFit(prepared.rule, models), margins, aucs, trees)


class _Fold:
    """A fold's members, grown until the watched rows are not predicted better any more."""

    def __init__(
        self,
        prepared: Prepared,
        recipe: Recipe,
        schema: FeatureSchema,
        learn: Indices,
        watched: Indices,
    ) -> None:
        self._prepared, self._schema = prepared, schema
        self._learn, self._watched = learn, watched
        self._parameters = [
            all_parameters(schema, seed, recipe.parameters, recipe.monotone)
            for seed in recipe.seeds()
        ]
        self._boosters: dict[int, lightgbm.Booster] = {}
        self._binned: tuple[lightgbm.Dataset, lightgbm.Dataset] | None = None
        self._lock = Lock()

    @property
    def members(self) -> range:
        return range(len(self._parameters))

    def grow(self, member: int) -> None:
        """May be called for several members at once: they share their rows, as bins."""
        training, watched = self._shared()
        grown = fit_watched(training, watched, self._parameters[member])
        with self._lock:
            self._boosters[member] = grown
            if len(self._boosters) == len(self._parameters):
                self._binned = None

    @property
    def suited(self) -> float:
        return float(mean(booster.best_iteration for booster in self._boosters.values()))

    def cut(self, n_trees: int) -> FoldModel:
        """The mean of the members, each of so many trees; one that has fewer grows anew."""
        short = [m for m in self.members if self._boosters[m].current_iteration() < n_trees]
        if short:
            training = self._bin(self._learn)
            for member in short:
                self._boosters[member] = fit(training, self._parameters[member], n_trees=n_trees)
        for booster in self._boosters.values():
            booster.best_iteration = n_trees
        members = [self._boosters[member] for member in self.members]
        return FoldModel(self._schema, compile_forest(mean_of(members)))

    def _shared(self) -> tuple[lightgbm.Dataset, lightgbm.Dataset]:
        with self._lock:
            if self._binned is None:
                training = self._bin(self._learn)
                self._binned = training, self._bin(self._watched, bins_of=training)
            return self._binned

    def _bin(self, rows: Indices, **how: lightgbm.Dataset) -> lightgbm.Dataset:
        return bin_rows(self._prepared, self._schema, rows, self._parameters[0], **how)


def _grow(folds: Sequence[_Fold], *, label: str, progress: bool) -> None:
    """As many folds at a time as there are cores, so that the rows of no more are held."""
    cores = os.cpu_count() or 1
    tasks = [
        (fold, member)
        for start in range(0, len(folds), cores)
        for member in folds[start].members
        for fold in folds[start : start + cores]
    ]
    grown = side_by_side(
        lambda task: task[0].grow(task[1]), tasks, label=label, unit="model", progress=progress
    )
    for _ in grown:
        pass
