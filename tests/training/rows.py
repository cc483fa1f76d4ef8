"""Applicants with outcomes that three features tell of, for tests of selection and validation."""

import numpy as np
from credit_scoring.contract.applicants import parse_text_columns

from tests.training.tables import draw_texts
from training.data.dataset import Dataset
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe

QUICK = {"learning_rate": 0.2, "min_data_in_leaf": 10, "path_smooth": 0.0, "feature_fraction": 0.5}


def quick_recipe(**changes):
    recipe = Recipe(members=2, n_folds=3)
    return recipe.but(parameters=recipe.parameters | QUICK, **changes)


def draw_dataset(count=900, *, seed=4):
    """A default is the likelier the lower EXT_SOURCE_2 and 3 are, and the more is owed."""
    texts = draw_texts(count, seed=seed)
    applicants = parse_text_columns(texts).applicants
    rng = np.random.default_rng(seed)
    low = 1 - np.nan_to_num(applicants["EXT_SOURCE_2"], nan=0.5)
    lower = 1 - np.nan_to_num(applicants["EXT_SOURCE_3"], nan=0.5)
    return Dataset(applicants, rng.random(count) < 0.5 * low * lower + 0.02)


def draw_prepared(count=900, *, seed=4, n_folds=3):
    return Prepared.of(draw_dataset(count, seed=seed), n_folds=n_folds)
