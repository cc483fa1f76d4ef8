"""Which features help: those that weigh more than shuffled copies of features do.

A shuffled copy has a feature's values but tells nothing of the outcome. What weight a model gives
such copies is the weight of noise, so a feature that weighs no more is left out (Kursa and Rudnicki
2010, "Feature Selection with the Boruta Package", with one round instead of hundreds).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.families import mean_absolute
from credit_scoring.trees.explainer import Explainer

from training.data.schema import restrict
from training.fitting.compile import compile_forest
from training.fitting.fit import fit_fold
from training.fitting.prepared import Prepared
from training.fitting.recipe import Recipe

RULE = (
    "A feature must weigh (mean absolute contribution) more than the median of {shadows} shuffled "
    "copies of features do; of features that order applicants alike the first is kept; of what is "
    "left, the {most} heaviest."
)
SHADOWS = 30
MOST_ROWS = 50_000  # enough to tell weight from noise
WEIGHED_ROWS = 10_000
# Enough trees to rank features at a third of the time: no figure is taken from this model.
SCREENING = {"learning_rate": 0.1}


@dataclass(frozen=True)
class Selection:
    """schema : what is kept, in the order of the candidates; the counts say why others are not"""

    schema: FeatureSchema
    duplicates: int
    unhelpful: int
    beyond_most: int


def choose_features(
    prepared: Prepared, schema: FeatureSchema, rows: Indices, recipe: Recipe
) -> Selection:
    """Choose among the features of `schema` by the rows given, and by no other.

    All of them where the recipe does not choose.
    """
    if not recipe.selects:
        return Selection(schema, duplicates=0, unhelpful=0, beyond_most=0)
    some = np.sort(np.random.default_rng(recipe.seed).permutation(rows)[:MOST_ROWS])
    return select_features(prepared.columns(schema, some), prepared.defaulted[some], schema, recipe)


def select_features(
    matrix: Numbers, defaulted: Flags, schema: FeatureSchema, recipe: Recipe
) -> Selection:
    """matrix : float64 (n, F), columns as in `schema`; defaulted : bool (n,)"""
    distinct = _distinct(matrix)
    names = [schema.names[place] for place in distinct]
    found, noise = _weigh(matrix[:, distinct], defaulted, restrict(schema, names), recipe)
    weights = dict(zip(distinct, found, strict=True))
    helpful = [place for place in distinct if weights[place] > noise]
    kept = sorted(helpful, key=lambda place: -weights[place])[: recipe.most_features]
    return Selection(
        restrict(schema, [schema.names[place] for place in sorted(kept)]),
        duplicates=len(schema) - len(distinct),
        unhelpful=len(distinct) - len(helpful),
        beyond_most=len(helpful) - len(kept),
    )


def _distinct(matrix: Numbers) -> list[int]:
    """The features that order applicants unlike any feature before; trees see nothing else."""
    first: dict[bytes, int] = {}
    for place in range(matrix.shape[1]):
        first.setdefault(_order_of(matrix[:, place]), place)
    return list(first.values())


def _order_of(values: Numbers) -> bytes:
    """Equal for features that are increasing functions of each other."""
    present = ~np.isnan(values)
    ranks = np.full(len(values), -1, np.int32)
    ranks[present] = np.unique(values[present], return_inverse=True)[1]
    return hashlib.sha256(ranks.tobytes()).digest()


def _weigh(
    matrix: Numbers,
    defaulted: Flags,
    schema: FeatureSchema,
    recipe: Recipe,
) -> tuple[list[float], float]:
    """The weight of each feature, in the order of `schema`, and the weight of noise.

    matrix : float64 (n, F), only the features to weigh; it is given up here
    """
    rng = np.random.default_rng(recipe.seed)
    numbers = [own for own, name in enumerate(schema.names) if name not in schema.vocabularies]
    copied = rng.choice(numbers, min(SHADOWS, len(numbers)), replace=False)
    shadows = rng.permuted(matrix[:, copied], axis=0)
    shadowed = np.concatenate([matrix, shadows], axis=1)
    del matrix, shadows
    named = FeatureSchema(
        (*schema.names, *(f"SHADOW_{n}" for n in range(len(copied)))), schema.vocabularies
    )
    stop = np.arange(len(shadowed)) % 5 == 0  # says when to stop adding trees
    booster = fit_fold(
        shadowed,
        defaulted,
        named,
        np.flatnonzero(~stop),
        np.flatnonzero(stop),
        seed=recipe.seed,
        parameters=recipe.parameters | SCREENING,
        monotone=recipe.monotone,
    )
    _, contributions = Explainer(compile_forest(booster)).contributions(shadowed[:WEIGHED_ROWS])
    weights = mean_absolute(contributions).tolist()
    return weights[: len(schema)], float(np.median(weights[len(schema) :]))
