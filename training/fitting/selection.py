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
from training.fitting.recipe import Recipe

RULE = (
    "A feature must weigh (mean absolute contribution) more than the median of {shadows} shuffled "
    "copies of features do; of features that order applicants alike the first is kept; of what is "
    "left, the {most} heaviest."
)
SHADOWS = 30
MOST_ROWS = 100_000  # enough to tell weight from noise
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


def select_features(
    matrix: Numbers, defaulted: Flags, schema: FeatureSchema, rows: Indices, recipe: Recipe
) -> Selection:
    """Choose among the features of `schema` by the rows given, and by no other.

    matrix : float64 (n, F), columns as in `schema`
    """
    rng = np.random.default_rng(recipe.seed)
    rows = np.sort(rng.permutation(rows)[:MOST_ROWS])
    distinct = _distinct(matrix, rows)
    weights, noise = _weigh(matrix[:, distinct], defaulted, schema, distinct, rows, recipe, rng)
    helpful = [place for place in distinct if weights[place] > noise]
    kept = sorted(helpful, key=lambda place: -weights[place])[: recipe.most_features]
    return Selection(
        restrict(schema, [schema.names[place] for place in sorted(kept)]),
        duplicates=len(schema) - len(distinct),
        unhelpful=len(distinct) - len(helpful),
        beyond_most=len(helpful) - len(kept),
    )


def _distinct(matrix: Numbers, rows: Indices) -> list[int]:
    """The features that order applicants unlike any feature before; trees see nothing else."""
    first: dict[bytes, int] = {}
    for place in range(matrix.shape[1]):
        first.setdefault(_order_of(matrix[rows, place]), place)
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
    places: list[int],
    rows: Indices,
    recipe: Recipe,
    rng: np.random.Generator,
) -> tuple[dict[int, float], float]:
    """The weight of each feature, by its place in `schema`, and the weight of noise.

    matrix : (n, len(places)), only the features to weigh
    """
    names = [schema.names[place] for place in places]
    numbers = [own for own, name in enumerate(names) if name not in schema.vocabularies]
    copied = rng.choice(numbers, min(SHADOWS, len(numbers)), replace=False)
    shadows = rng.permuted(matrix[np.ix_(rows, copied)], axis=0)
    shadowed = np.concatenate([matrix[rows], shadows], axis=1)
    own = restrict(schema, [*names, *(f"SHADOW_{n}" for n in range(len(copied)))])
    stop = np.arange(len(rows)) % 5 == 0  # says when to stop adding trees
    booster = fit_fold(
        shadowed,
        defaulted[rows],
        own,
        np.flatnonzero(~stop),
        np.flatnonzero(stop),
        seed=recipe.seed,
        parameters=recipe.parameters | SCREENING,
        monotone=recipe.monotone,
    )
    _, contributions = Explainer(compile_forest(booster)).contributions(shadowed[:WEIGHED_ROWS])
    weights = mean_absolute(contributions).tolist()
    noise = float(np.median(weights[len(names) :]))
    return dict(zip(places, weights, strict=False)), noise
