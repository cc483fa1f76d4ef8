"""The served model as an ordinary scikit-learn pipeline, for data scientists.

Columns of applications go in as they stand in application_train.csv, with the aggregates of past
credits beside them if they are known; PDs come out. The first step parses and builds features with
the code that serves, the second asks LightGBM itself. Nothing of this is loaded to serve.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import lightgbm
import numpy as np
import pandas as pd
from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import ParsedTable, parse_text_columns
from credit_scoring.contract.columns import ID
from credit_scoring.decision import accepts, default_probabilities
from credit_scoring.errors import DatasetError, EmptyDataset
from credit_scoring.features import FeatureSchema, build_features
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.utils import Tags

from training.evaluation.calibration import PlattScaling

type Columns = Mapping[str, Sequence[object]] | pd.DataFrame

ROWS_AT_ONCE = 20_000  # as text, a row takes some twenty times its numbers


def make_pipeline_of(
    booster: lightgbm.Booster,
    schema: FeatureSchema,
    *,
    cutoff: float,
    repair: PlattScaling | None = None,
) -> Pipeline:
    """A trained model as a pipeline whose `predict_proba` gives the PDs that are served.

    cutoff : PD from which on `predict` says default (1), the applications that are refused
    repair : how the served forest's margins were mended, if they were
    """
    slope, intercept = (repair.slope, repair.intercept) if repair else (1.0, 0.0)
    return Pipeline(
        [
            ("features", FeatureBuilder(schema)),
            ("model", TrainedClassifier(booster, cutoff, slope, intercept)),
        ]
    )


class _Trained(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not typed
    """What it knows, it was given: `fit` changes nothing, as in scikit-learn's FrozenEstimator."""

    def fit(self, X: object, y: object = None) -> Self:  # noqa: ARG002  (scikit-learn's signature)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.allow_nan = True
        return tags


class FeatureBuilder(TransformerMixin, _Trained):  # type: ignore[misc]
    """Applications, column by column, to the model's matrix.

    schema : which features, in which order, and how categories are numbered
    """

    def __init__(self, schema: FeatureSchema) -> None:
        self.schema = schema

    def transform(self, X: Columns) -> Numbers:
        """Features, float64 (n, F), with NaN for missing.

        X : a DataFrame, or lists by column name; each value text, a number or missing. Columns that
            the contract does not know are ignored, the id may be absent.
        Raises DatasetError that names row and column when a value breaks the contract, EmptyDataset
        when there is no row.
        """
        frame = _frame_of(X)
        parts = []
        for start in range(0, len(frame), ROWS_AT_ONCE):
            parsed = parse_text_columns(_texts_of(frame.iloc[start : start + ROWS_AT_ONCE]))
            _require_valid(parsed, start)
            parts.append(build_features(parsed.applicants, self.schema))
        return np.concatenate(parts)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[Any]:  # noqa: ARG002
        return np.array(self.schema.names, dtype=object)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.categorical = tags.input_tags.dict = True
        return tags


class TrainedClassifier(ClassifierMixin, _Trained):  # type: ignore[misc]
    """A LightGBM model as a scikit-learn classifier: class 1 is default.

    cutoff : PD from which on an application is refused
    slope, intercept : the served margin is slope * LightGBM's margin + intercept
    """

    classes_ = np.array([0, 1])

    def __init__(
        self,
        booster: lightgbm.Booster,
        cutoff: float,
        slope: float = 1.0,
        intercept: float = 0.0,
    ) -> None:
        self.booster = booster
        self.cutoff = cutoff
        self.slope = slope
        self.intercept = intercept

    @property
    def n_features_in_(self) -> int:
        return int(self.booster.num_feature())

    def decision_function(self, X: Numbers) -> Numbers:
        """Margins, float64 (n,)."""
        raw = np.asarray(self.booster.predict(np.asarray(X, np.float64), raw_score=True))
        return self.slope * raw + self.intercept

    def predict_proba(self, X: Numbers) -> Numbers:
        """Chances of repaying and of default (the PD), float64 (n, 2)."""
        pds = default_probabilities(self.decision_function(X))
        return np.column_stack([1 - pds, pds])

    def predict(self, X: Numbers) -> NDArray[np.int64]:
        """1 where the application is refused, int64 (n,)."""
        refused = ~accepts(self.predict_proba(X)[:, 1], cutoff=self.cutoff)
        return self.classes_[refused.astype(np.intp)]


def _frame_of(X: Columns) -> pd.DataFrame:
    if not isinstance(X, pd.DataFrame | Mapping):
        kind = type(X).__name__
        raise DatasetError(f"applications come as a DataFrame or as lists by column, not {kind}")
    try:
        frame = pd.DataFrame(X)
    except ValueError as error:  # columns of several lengths, or single values
        raise DatasetError(f"the columns do not make a table: {error}") from error
    if not len(frame):
        raise EmptyDataset("no application is given")
    return frame


def _texts_of(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Every column as the texts that a CSV would bring; a number keeps all its digits."""
    names = [str(name) for name in frame.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DatasetError(f"two columns have the name {', '.join(twice)}")
    texts = {name: list(_texts(frame.iloc[:, place])) for place, name in enumerate(names)}
    if ID not in texts:  # a score does not depend on who is scored
        texts[ID] = [str(row) for row in range(len(frame))]
    return texts


def _texts(column: pd.Series) -> Iterator[str]:
    for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True):
        yield "" if missing else str(value)


def _require_valid(parsed: ParsedTable, start: int) -> None:
    if not parsed.problems:
        return
    row, problems = next(iter(parsed.problems.items()))
    others = len(parsed.problems) - 1
    more = f" ({others} more rows break the contract)" if others else ""
    raise DatasetError(f"row {start + row}: {problems[0].message}{more}")
