"""LightGBM, fitted without class weights so that its PDs mean what they say."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import lightgbm
import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.features import FeatureSchema
from tqdm import tqdm

from training.data.lightgbm_dataset import make_lightgbm_dataset
from training.data.split import Folds
from training.fitting.monotone import directions

MOST_TREES = 3000
PATIENCE = 100  # trees without a better held-out likelihood
# A final model learns from all rows, a fold's from four fifths: it bears as many more trees.
TREES_FOR_MORE_ROWS = 1.1

# Found by tuning on Home Credit application forms, and kept since other folds agreed: few features
# a tree, no split that gains little, no sampling of rows. Depth 8 keeps explanations tabulable.
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 12,
    "max_depth": 8,
    "min_data_in_leaf": 70,
    "min_gain_to_split": 1.2,
    "feature_fraction": 0.13,
    "bagging_fraction": 1.0,  # with bagging_freq, so that tuning can try less
    "bagging_freq": 1,
    "lambda_l2": 50.0,
    "path_smooth": 15.0,
    "cat_smooth": 150.0,
    "cat_l2": 15.0,
    "max_cat_threshold": 16,
    "max_bin": 255,
    # Enough to tell where 255 bins end; all rows would fill hundreds of megabytes.
    "bin_construct_sample_cnt": 50_000,
    # Not drawn from the seed, so that models of several seeds share one binned dataset.
    "data_random_seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


def side_by_side[Task, Result](
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    label: str,
    unit: str = "fold",
    progress: bool = True,
) -> Iterator[Result]:
    """Results in the order of the tasks, each worked on by one core, with a bar.

    LightGBM's own threads wait for one another hundreds of times a tree, which on a busy machine
    costs more than they bring: every model here is fitted with one thread.
    """
    with (
        ThreadPoolExecutor(os.cpu_count()) as pool,
        tqdm(total=len(tasks), desc=label, unit=unit, disable=not progress) as bar,
    ):
        for result in pool.map(work, tasks):
            bar.update()
            yield result


def map_folds[Result](
    fit_one: Callable[[Indices, Indices], Result],
    folds: Folds,
    *,
    label: str,
    progress: bool = True,
) -> Iterator[Result]:
    """`fit_one(learn, held_out)` of each fold, side by side."""
    return side_by_side(lambda fold: fit_one(*fold), folds, label=label, progress=progress)


def fit_watched(
    training: lightgbm.Dataset, watched: lightgbm.Dataset, parameters: dict[str, Any]
) -> lightgbm.Booster:
    """Fit as long as the likelihood of the watched rows improves.

    The trees that were grown in vain are kept: more of them may be wanted than the best iteration.

    parameters : all of them, as `all_parameters` gives them
    """
    booster = lightgbm.train(
        parameters | {"metric": "binary_logloss"},
        training,
        num_boost_round=MOST_TREES,
        valid_sets=[watched],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
        keep_training_booster=True,
    )
    # As LightGBM itself lets go of the rows, but with all trees.
    every_tree = booster.model_to_string(num_iteration=-1)
    return booster.model_from_string(every_tree).free_dataset()


def fit(
    training: lightgbm.Dataset, parameters: dict[str, Any], *, n_trees: int
) -> lightgbm.Booster:
    """Fit so many trees; parameters as for `fit_watched`."""
    return lightgbm.train(parameters, training, num_boost_round=n_trees)


def fit_fold(
    matrix: Numbers,
    defaulted: Flags,
    schema: FeatureSchema,
    learn: Indices,
    held_out: Indices,
    *,
    seed: int,
    parameters: dict[str, Any] | None = None,
    monotone: bool = True,
) -> lightgbm.Booster:
    """Fit on the rows `learn` as long as the likelihood of the rows `held_out` improves."""
    return fit_taken(
        (matrix[learn], defaulted[learn]),
        (matrix[held_out], defaulted[held_out]),
        schema, seed=seed, parameters=parameters, monotone=monotone,
    )  # fmt: skip


def fit_taken(
    learnt: tuple[Numbers, Flags],
    held_out: tuple[Numbers, Flags],
    schema: FeatureSchema,
    *,
    seed: int,
    parameters: dict[str, Any] | None = None,
    monotone: bool = True,
) -> lightgbm.Booster:
    """As `fit_fold`, of rows that were taken already, each with their outcomes."""
    training = make_lightgbm_dataset(*learnt, schema)
    watched = make_lightgbm_dataset(*held_out, schema, bins_of=training)
    return fit_watched(training, watched, all_parameters(schema, seed, parameters, monotone))


def trees_for_all_rows(trees_of_folds: list[float]) -> int:
    return max(1, round(float(np.mean(trees_of_folds)) * TREES_FOR_MORE_ROWS))


def all_parameters(
    schema: FeatureSchema, seed: int, parameters: dict[str, Any] | None, monotone: bool
) -> dict[str, Any]:
    """What LightGBM is told: the defaults, what a caller changes, and the domain's constraints."""
    constraints = {"monotone_constraints": directions(schema.names)} if monotone else {}
    return PARAMETERS | {"seed": seed, "num_threads": 1} | constraints | (parameters or {})
