"""A matrix of features as LightGBM reads it: named columns, categories told apart."""

from typing import Any

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema


def make_lightgbm_dataset(
    matrix: Numbers,
    defaulted: Flags,
    schema: FeatureSchema,
    *,
    bins_of: lightgbm.Dataset | None = None,
) -> lightgbm.Dataset:
    """matrix : float64 (n, F); bins_of : the dataset learnt from, for rows that are watched"""
    categories = [place for place, name in enumerate(schema.names) if name in schema.vocabularies]
    return lightgbm.Dataset(
        matrix,
        label=defaulted.astype(np.float64),
        feature_name=list(schema.names),
        categorical_feature=categories,
        reference=bins_of,
    )


def bin_now(dataset: lightgbm.Dataset, parameters: dict[str, Any]) -> None:
    """Count the values of every feature into bins; else the first fit does, and two at once fail.

    parameters : of any model that learns from it
    """
    dataset._update_params(parameters).construct()
