"""What to do about few defaults: nothing, weights, fewer good payers, or made-up defaulters.

Every strategy changes the rows a fold learns from and nothing else: rows held out, and rows that
stop the boosting, stay as they came. A made-up row that stood on both sides of a split would be
recognised, not predicted.
"""

from typing import Any

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema
from imblearn.over_sampling import SMOTE, SMOTENC
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import ClassifierMixin
from sklearn.pipeline import make_pipeline

from training.data.split import Folds
from training.fitting.comparison.candidates import (
    WatchedLightgbm,
    category_places,
    imputed_schema,
    make_imputer,
)
from training.fitting.comparison.compare import Candidate, compare
from training.fitting.fold_rows import RowsOf


def compare_imbalance(
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
    """LightGBM under each strategy; arguments as for `compare_models`.

    Weights and resampling make PDs too high: Brier and ECE show by how much. The cost is taken at
    each strategy's own best cut-off, so that it tells whether the ranking gained anything.
    Source: Chawla et al. 2002, "SMOTE"; its variant for categories is used where there are any.
    """
    return compare(
        make_strategies(schema, parameters=parameters, seed=seed, monotone=monotone),
        matrix,
        defaulted,
        folds,
        cost_ratio=cost_ratio,
        rows_of=rows_of,
        progress=progress,
    )


def make_strategies(
    schema: FeatureSchema, *, parameters: dict[str, Any], seed: int, monotone: bool = True
) -> dict[str, ClassifierMixin]:
    """Unfitted estimators by name."""

    def lightgbm(schema: FeatureSchema, sampler: Any = None, **changes: Any) -> WatchedLightgbm:
        # Stopped by ranking: the likelihood of untouched rows would punish the shifted PDs instead.
        return WatchedLightgbm(
            schema,
            parameters=parameters | changes,
            seed=seed,
            sampler=sampler,
            metric="auc",
            monotone=monotone,
        )

    filled = imputed_schema(schema)  # distances need every value, of held-out rows too
    return {
        "none": lightgbm(schema),
        "class weights": lightgbm(schema, is_unbalance=True),
        "undersampling": lightgbm(schema, RandomUnderSampler(random_state=seed)),
        "SMOTE": make_pipeline(make_imputer(schema), lightgbm(filled, _smote(filled, seed))),
    }


def _smote(schema: FeatureSchema, seed: int) -> SMOTE | SMOTENC:
    categories = category_places(schema)
    return SMOTENC(categories, random_state=seed) if categories else SMOTE(random_state=seed)
