"""Cross-validate a whole recipe, the choice of features included, on rows it never saw."""

from dataclasses import dataclass
from statistics import mean

import lightgbm
import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from credit_scoring.registry.fold_models import FoldModel
from sklearn.metrics import roc_auc_score

from training.data.lightgbm_dataset import make_lightgbm_dataset
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

    def learn_fold(learn: Indices, held_out: Indices) -> "_Learnt":
        candidates = prepared.candidates(recipe, learn)
        chosen = choose_features(prepared, candidates, learn, recipe).schema
        fold = _Learnt(prepared, recipe, chosen, learn)
        fold.grow(held_out)
        return fold

    learnt = list(map_folds(learn_fold, prepared.folds, label=label, progress=progress))
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


class _Learnt:
    """A fold's members, grown until the watched rows are not predicted better any more."""

    def __init__(
        self, prepared: Prepared, recipe: Recipe, schema: FeatureSchema, learn: Indices
    ) -> None:
        self._prepared, self._schema, self._learn = prepared, schema, learn
        self._parameters = [
            all_parameters(schema, seed, recipe.parameters, recipe.monotone)
            for seed in recipe.seeds()
        ]
        self._boosters: list[lightgbm.Booster] = []

    def grow(self, watched: Indices) -> None:
        training = self._dataset(self._learn)
        beside = self._dataset(watched, bins_of=training)
        self._boosters = [fit_watched(training, beside, each) for each in self._parameters]

    @property
    def suited(self) -> float:
        return float(mean(booster.best_iteration for booster in self._boosters))

    def cut(self, n_trees: int) -> FoldModel:
        """The mean of the members, each of so many trees; one that stopped before grows on."""
        if any(booster.current_iteration() < n_trees for booster in self._boosters):
            training = self._dataset(self._learn)
            self._boosters = [fit(training, each, n_trees=n_trees) for each in self._parameters]
        for booster in self._boosters:
            booster.best_iteration = n_trees
        return FoldModel(self._schema, compile_forest(mean_of(self._boosters)))

    def _dataset(self, rows: Indices, **how: lightgbm.Dataset) -> lightgbm.Dataset:
        matrix = self._prepared.columns(self._schema, rows)
        return make_lightgbm_dataset(matrix, self._prepared.defaulted[rows], self._schema, **how)
