"""A matrix of features as LightGBM reads it: named columns, categories told apart."""

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema


def make_lightgbm_dataset(
    matrix: Numbers, defaulted: Flags, schema: FeatureSchema
) -> lightgbm.Dataset:
    categories = [place for place, name in enumerate(schema.names) if name in schema.vocabularies]
    return lightgbm.Dataset(
        matrix,
        label=defaulted.astype(np.float64),
        feature_name=list(schema.names),
        categorical_feature=categories,
    )
