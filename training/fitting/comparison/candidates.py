"""The models that are compared, as scikit-learn estimators of the same matrix.

Each takes float64 (n, F) with NaN where nothing is known and categories as codes, and does with it
what it needs. Each computes on one thread: folds run side by side instead, and the figures do not
depend on the machine's number of cores.
"""

from typing import Any

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

from training.data.lightgbm_dataset import make_lightgbm_dataset
from training.fitting.fit import MOST_TREES, PATIENCE, all_parameters

# Boosting stops when this share of its learning rows is not predicted better any more: rows held
# out must not choose the number of trees of some of the compared models.
WATCHED_SHARE = 0.1
# Regularised as LightGBM is here.
XGBOOST_PARAMETERS: dict[str, Any] = {
    "n_estimators": MOST_TREES,
    "learning_rate": 0.05,
    "max_depth": 4,
    "min_child_weight": 10,
    "subsample": 0.8,
    "colsample_bytree": 0.2,
    "reg_lambda": 20.0,
    "early_stopping_rounds": PATIENCE // 2,  # its steps are twice as long
    "tree_method": "hist",
}
FEWEST_VALUES = 20  # so that some are left when the watched rows are gone


def make_candidates(
    schema: FeatureSchema, *, parameters: dict[str, Any], seed: int, monotone: bool = True
) -> dict[str, ClassifierMixin]:
    """Unfitted estimators by name, the simplest first.

    parameters, monotone : LightGBM's, as for `fit`
    """
    return {
        "DummyClassifier": DummyClassifier(strategy="prior"),
        "LogisticRegression": _logistic_regression(schema),
        "RandomForest": _random_forest(schema, seed),
        "HistGradientBoosting": _hist_gradient_boosting(schema, seed),
        "XGBoost": WatchedXgboost(schema, parameters=XGBOOST_PARAMETERS, seed=seed),
        "LightGBM": WatchedLightgbm(schema, parameters=parameters, seed=seed, monotone=monotone),
    }


def category_places(schema: FeatureSchema) -> list[int]:
    return [place for place, name in enumerate(schema.names) if name in schema.vocabularies]


def make_imputer(schema: FeatureSchema) -> ColumnTransformer:
    """Median of numbers, most frequent category; numbers first, categories after them."""
    categories = category_places(schema)
    numbers = [place for place in range(len(schema.names)) if place not in categories]
    return ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), numbers),
            (
                "categories",
                SimpleImputer(strategy="most_frequent", keep_empty_features=True),
                categories,
            ),
        ]
    )


def imputed_schema(schema: FeatureSchema) -> FeatureSchema:
    """The features in the order in which `make_imputer` returns them."""
    numbers = [name for name in schema.names if name not in schema.vocabularies]
    categories = [name for name in schema.names if name in schema.vocabularies]
    return FeatureSchema((*numbers, *categories), schema.vocabularies)


class WatchedLightgbm(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """LightGBM as it is served, but for the rows that stop it.

    sampler : changes the mix of the rows learnt from, never of those watched (imbalanced-learn)
    metric : what the watched rows must not improve any more, in LightGBM's words
    """

    def __init__(
        self,
        schema: FeatureSchema,
        *,
        parameters: dict[str, Any] | None = None,
        seed: int = 0,
        sampler: Any = None,
        metric: str = "binary_logloss",
        monotone: bool = True,
    ) -> None:
        self.schema = schema
        self.parameters = parameters
        self.seed = seed
        self.sampler = sampler
        self.metric = metric
        self.monotone = monotone

    def fit(self, matrix: Numbers, defaulted: Flags) -> "WatchedLightgbm":
        self.classes_ = np.array([False, True])
        learn, watched = _split_off_watched(defaulted, self.seed)
        rows, outcomes = matrix[learn], defaulted[learn]
        if self.sampler is not None:
            rows, outcomes = self.sampler.fit_resample(rows, outcomes)
        training = make_lightgbm_dataset(rows, outcomes, self.schema)
        self.booster_ = lightgbm.train(
            all_parameters(self.schema, self.seed, self.parameters, self.monotone)
            | {"metric": self.metric, "num_threads": 1},
            training,
            num_boost_round=MOST_TREES,
            valid_sets=[training.create_valid(matrix[watched], defaulted[watched].astype(float))],
            callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        )
        return self

    def predict_proba(self, matrix: Numbers) -> Numbers:
        probabilities = np.asarray(self.booster_.predict(matrix, num_threads=1))
        return np.column_stack([1 - probabilities, probabilities])


class WatchedXgboost(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """XGBoost with native categories and missing values."""

    def __init__(self, schema: FeatureSchema, *, parameters: dict[str, Any], seed: int = 0) -> None:
        self.schema = schema
        self.parameters = parameters
        self.seed = seed

    def fit(self, matrix: Numbers, defaulted: Flags) -> "WatchedXgboost":
        self.classes_ = np.array([False, True])
        learn, watched = _split_off_watched(defaulted, self.seed)
        categories = category_places(self.schema)
        kinds = ["c" if place in categories else "q" for place in range(matrix.shape[1])]
        self.model_ = XGBClassifier(
            **self.parameters,
            enable_categorical=True,
            feature_types=kinds,
            n_jobs=1,
            random_state=self.seed,
        )
        self.model_.fit(
            matrix[learn],
            defaulted[learn],
            eval_set=[(matrix[watched], defaulted[watched])],
            verbose=False,
        )
        return self

    def predict_proba(self, matrix: Numbers) -> Numbers:
        return np.asarray(self.model_.predict_proba(matrix), np.float64)


def _logistic_regression(schema: FeatureSchema) -> Pipeline:
    categories = category_places(schema)
    numbers = [place for place in range(len(schema.names)) if place not in categories]
    prepared = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(
                    SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
                    StandardScaler(),
                ),
                numbers,
            ),
            (
                "categories",  # NaN is a category of its own
                OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32),
                categories,
            ),
        ]
    )
    # Strong L2: hundreds of columns, many of them saying nearly the same.
    return make_pipeline(prepared, LogisticRegression(C=0.01, max_iter=500, tol=1e-3))


def _random_forest(schema: FeatureSchema, seed: int) -> Pipeline:
    forest = RandomForestClassifier(
        150, min_samples_leaf=25, max_samples=0.5, random_state=seed, n_jobs=1
    )
    return make_pipeline(make_imputer(schema), forest)


def _hist_gradient_boosting(schema: FeatureSchema, seed: int) -> Pipeline:
    boosting = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=MOST_TREES,
        max_leaf_nodes=8,
        min_samples_leaf=100,
        l2_regularization=20.0,
        max_features=0.2,
        categorical_features=category_places(schema),
        early_stopping=True,
        validation_fraction=WATCHED_SHARE,
        n_iter_no_change=PATIENCE // 2,
        random_state=seed,
    )
    return make_pipeline(_BlankUnknownColumns(), boosting)


class _BlankUnknownColumns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Zeros for columns that hardly anybody fills in: one without any value cannot be binned."""

    def fit(self, matrix: Numbers, _defaulted: Flags | None = None) -> "_BlankUnknownColumns":
        self.blank_ = (~np.isnan(matrix)).sum(axis=0) < FEWEST_VALUES
        return self

    def transform(self, matrix: Numbers) -> Numbers:
        return np.where(self.blank_, 0.0, matrix)


def _split_off_watched(defaulted: Flags, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    learn, watched = train_test_split(
        np.arange(len(defaulted)), test_size=WATCHED_SHARE, stratify=defaulted, random_state=seed
    )
    return np.sort(learn), np.sort(watched)
