"""What a model must be compared with: a plain LightGBM, a logistic regression, and no model at all.

Tuning, choosing features and binding directions must pay on rows that nobody tuned on; that they
bring anything is shown by those who have none of it, on the same rows and folds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.contract.columns import DERIVED, GROUPED
from credit_scoring.decision import default_probabilities
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from training.evaluation.cutoff import accepted_at_best
from training.evaluation.statistics import (
    AucComparison,
    PairedDifference,
    delong,
    delong_interval,
    paired_cost_difference,
)
from training.fitting.comparison.candidates import make_candidates
from training.fitting.fit import PARAMETERS
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe
from training.fitting.validate import cross_validate

# LightGBM's own defaults but for a smaller step, and for what makes three seeds differ. What the
# recipe sets is named: what is not would be the recipe's.
PLAIN_PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    # Of all columns at once too few are drawn anew: on real forms 0.8 ranks worse by 0.004.
    "feature_fraction": 0.3,
    "max_depth": -1,
    "min_data_in_leaf": 20,
    "min_gain_to_split": 0.0,
    "bagging_fraction": 1.0,
    "bagging_freq": 0,
    "lambda_l2": 0.0,
    "path_smooth": 0.0,
    "cat_smooth": 10.0,
    "cat_l2": 10.0,
    "max_cat_threshold": 32,
    "max_bin": 255,
    # A third of many columns is counted faster column by column; the trees are the same.
    "force_row_wise": False,
    "force_col_wise": True,
    **{
        name: PARAMETERS[name]
        for name in (
            "bin_construct_sample_cnt",
            "data_random_seed",
            "deterministic",
            "verbosity",
        )
    },
}
# A plain model is given what anybody would divide.
_RATIOS = tuple(name for name, column in DERIVED.items() if column.unit == "ratio")
# Of so many the luck of a seed is small, and three of them take long.
MANY_ROWS = 100_000
# More rows bring a logistic regression nothing, and cost minutes.
MOST_LOGISTIC_ROWS = 50_000
LOGISTIC_BLOCK = 10_000


@dataclass(frozen=True)
class Comparison:
    """The recipe against another model on the same rows; differences are the recipe's less its.

    auc : by DeLong's paired test; cost : per applicant, each at its own best cut-off
    """

    auc: AucComparison
    cost: PairedDifference


@dataclass(frozen=True)
class Anchor:
    """plain, logistic : against those models; auc_interval : of the recipe alone
    cost_of_nobody_refused : the recipe's cost less that of accepting everybody
    """

    rows: int
    plain: Comparison
    logistic: Comparison
    auc_interval: tuple[float, float]
    cost_of_nobody_refused: PairedDifference


def plain_recipe(recipe: Recipe, rows: int) -> Recipe:
    """Inputs and ratios, default-like parameters, nothing chosen and nothing bound."""
    barred = {*DERIVED, *GROUPED} - {*_RATIOS}
    return recipe.but(
        protected=tuple(dict.fromkeys((*recipe.protected, *sorted(barred)))),
        monotone=False,
        selects=False,
        members=recipe.members if rows <= MANY_ROWS else 1,
        parameters=PLAIN_PARAMETERS,
    )


def hold_against_anchor(
    prepared: Prepared, recipe: Recipe, pds: Numbers, rows: Indices, *, cost_ratio: float
) -> Anchor:
    """pds : of the recipe, float64 (n,), each by a fold that did not see the row

    rows : those that are measured, where parameters were tuned on others
    """
    plain = cross_validate(prepared, plain_recipe(recipe, len(pds)), label="Plain LightGBM")
    logistic = _logistic_margins(prepared, recipe)
    defaulted = prepared.defaulted[rows]
    of_recipe = pds[rows]

    def against(margins: Numbers) -> Comparison:
        other = default_probabilities(margins[rows])
        cost = paired_cost_difference(
            accepted_at_best(other, defaulted, cost_ratio=cost_ratio),
            accepted_at_best(of_recipe, defaulted, cost_ratio=cost_ratio),
            defaulted,
            cost_ratio=cost_ratio,
            seed=recipe.seed,
        )
        return Comparison(delong(other, of_recipe, defaulted), cost)

    return Anchor(
        rows=len(rows),
        plain=against(plain.margins),
        logistic=against(logistic),
        auc_interval=delong_interval(of_recipe, defaulted).interval,
        cost_of_nobody_refused=paired_cost_difference(
            np.ones(len(rows), np.bool_),
            accepted_at_best(of_recipe, defaulted, cost_ratio=cost_ratio),
            defaulted,
            cost_ratio=cost_ratio,
            seed=recipe.seed,
        ),
    )


def _logistic_margins(prepared: Prepared, recipe: Recipe) -> Numbers:
    """Held-out log-odds, float64 (n,), of the features that the plain model reads.

    A fold at a time, in single precision: gaps that are filled and categories that are spread out
    take several copies of the rows, which side by side were the most memory of a whole run.
    """
    schema = prepared.candidates(plain_recipe(recipe, 0), prepared.everybody)
    model = make_candidates(schema, parameters={}, seed=recipe.seed)["LogisticRegression"]
    margins = np.empty(len(prepared.dataset))

    def columns(rows: Indices) -> NDArray[np.float32]:
        return prepared.columns(schema, rows).astype(np.float32, order="C")

    # Sums of a library that splits them among threads depend on how many there are.
    with threadpool_limits(1, user_api="blas"):
        for learn, held_out in tqdm(prepared.folds, desc="Logistic regression", unit="fold"):
            drawn = np.random.default_rng(recipe.seed).permutation(learn)[:MOST_LOGISTIC_ROWS]
            some = np.sort(drawn)
            fitted = clone(model).fit(columns(some), prepared.defaulted[some])
            for start in range(0, len(held_out), LOGISTIC_BLOCK):
                block = held_out[start : start + LOGISTIC_BLOCK]
                margins[block] = fitted.decision_function(columns(block))
    return margins
