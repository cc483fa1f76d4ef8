"""Cross-validate a whole recipe, the choice of features included, on rows it never saw."""

from dataclasses import dataclass
from statistics import mean

import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.decision import default_probabilities
from sklearn.metrics import roc_auc_score

from training.fitting.compile import compile_forest
from training.fitting.crossfit import CrossFit, FoldModel
from training.fitting.ensemble import mean_of
from training.fitting.fit import fit_fold, map_folds
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe
from training.fitting.selection import select_features


@dataclass(frozen=True)
class Validation:
    """margins : float64 (n,), each by the fold that did not see the row
    trees : of each fold, how many a member has on average
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
    """Every fold chooses its features and its number of trees without the rows it is judged on.

    The trees are as many as serve the held-out likelihood best, which flatters a fold by less than
    the noise of its AUC.
    """
    schema, matrix = prepared.candidates(recipe)
    defaulted = prepared.defaulted
    margins = np.empty(len(defaulted))

    def learn_fold(learn: Indices, held_out: Indices) -> tuple[FoldModel, float]:
        chosen = select_features(matrix, defaulted, schema, learn, recipe).schema
        columns = prepared.columns(chosen)
        boosters = [
            fit_fold(
                columns,
                defaulted,
                chosen,
                learn,
                held_out,
                seed=seed,
                parameters=recipe.parameters,
                monotone=recipe.monotone,
            )
            for seed in recipe.seeds()
        ]
        model = FoldModel(chosen, compile_forest(mean_of(boosters)))
        margins[held_out] = model.explainer.margins(columns[held_out])
        return model, mean([booster.best_iteration for booster in boosters])

    learnt = list(map_folds(learn_fold, prepared.folds, label=label, progress=progress))
    aucs = [float(roc_auc_score(defaulted[rows], margins[rows])) for _, rows in prepared.folds]
    crossfit = CrossFit(prepared.rule, [model for model, _ in learnt])
    return Validation(crossfit, margins, aucs, [trees for _, trees in learnt])
