"""Train the naive pipeline: the same applicants, trees of the same number and size.

python tests/bench/naive_handler/train.py OUT
"""

import io
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from credit_scoring.contract.columns import INPUTS
from credit_scoring.features import build_features
from features import add_features  # by the name under which the function finds it, too
from lightgbm import LGBMClassifier
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

from tests.bench.reference_model import (
    SETTINGS,
    TRAINING_ROWS,
    TREES,
    draw_applicants,
    draw_defaults,
    make_schema,
)


def draw_frame() -> tuple[pd.DataFrame, np.ndarray]:
    """The applications that the reference model was trained on, as pandas reads them."""
    applicants = draw_applicants(TRAINING_ROWS, seed=1)
    columns = {name: _as_read(name, values) for name, values in applicants.columns.items()}
    defaulted = draw_defaults(build_features(applicants, make_schema()))
    return pd.DataFrame(columns), defaulted


def _as_read(name: str, values: np.ndarray) -> np.ndarray:
    if not INPUTS[name].is_category:
        return values
    return np.array([*INPUTS[name].categories, None], dtype=object)[values]


def train(frame: pd.DataFrame, defaulted: np.ndarray, settings: dict[str, object]) -> bytes:
    """The artifact that the handler loads: pipeline, columns and cut-off in one joblib file."""
    categories = list(frame.select_dtypes(exclude="number").columns)
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=np.nan
    )
    encode = ColumnTransformer(
        [("category", encoder, categories)],
        remainder="passthrough",
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    steps = [
        ("features", FunctionTransformer(add_features)),
        ("encode", encode),
        ("model", LGBMClassifier(**settings)),
    ]
    pipeline = Pipeline(steps).fit(frame, defaulted)
    cutoff = float(np.quantile(pipeline.predict_proba(frame)[:, 1], 0.7))
    artifact = {
        "pipeline": pipeline,
        "columns": list(frame.columns),
        "dtypes": dict(frame.dtypes),
        "cutoff": cutoff,
    }
    file = io.BytesIO()
    joblib.dump(artifact, file)
    return file.getvalue()


def main() -> None:
    # Text as objects: else the artifact would need pyarrow, another 150 MB to import from.
    pd.set_option("future.infer_string", False)
    frame, defaulted = draw_frame()
    settings = {name: value for name, value in SETTINGS.items() if name != "objective"}
    artifact = train(frame, defaulted, settings | {"n_estimators": TREES})
    Path(sys.argv[1]).write_bytes(artifact)


if __name__ == "__main__":
    main()
