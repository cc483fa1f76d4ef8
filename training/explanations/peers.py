"""The cells of accepted files that a bundle keeps: groups of neighbours in model space, no rows.

Where a file stands, and whether it was accepted, is told by the models of the cross-validation,
each for the rows that it did not see: the model fitted on all rows has seen who defaulted, so its
safe corners hold fewer defaults than those of new files do. Only accepted files count, because a
lender sees no other outcomes later.
"""

from collections.abc import Iterator

import numpy as np
from credit_scoring.arrays import Flags, Indices, Numbers
from credit_scoring.features import FeatureSchema
from credit_scoring.population.peers import FEWEST_ROWS, Peers
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family

from training.fitting.crossfit import CrossFit
from training.fitting.prepared import Prepared

ROWS_AT_ONCE = 20_000
ROWS_FOR_REACH = 5_000
_DECIMALS = 3
_TYPICAL = 0.95


def held_out_positions(prepared: Prepared, crossfit: CrossFit) -> Numbers:
    """Contributions by family, float64 (n, K), each by the model that held the row out.

    crossfit : with calibrated margins
    """
    positions = np.empty((len(prepared.defaulted), len(FAMILIES)))
    for model, (_, held_out) in zip(crossfit.models, prepared.folds, strict=True):
        places = family_indices(model.schema.names)
        columns = prepared.columns(model.schema)
        for start in range(0, len(held_out), ROWS_AT_ONCE):
            rows = held_out[start : start + ROWS_AT_ONCE]
            contributions = model.explainer.contributions(columns[rows])[1]
            positions[rows] = sum_by_family(contributions, places, len(FAMILIES))
    return positions


def make_peers(
    schema: FeatureSchema,
    positions: Numbers,
    default_probabilities: Numbers,
    defaulted: Flags,
    accepted: Flags,
) -> Peers | None:
    """Cells of the accepted rows; None when there are too few for one.

    schema : of the model that will be served
    positions : float64 (n, K); default_probabilities : held out, float64 (n,)
    """
    rows = np.flatnonzero(accepted)
    if len(rows) < FEWEST_ROWS:
        return None
    cells = [rows[cell] for cell in _partition(positions[rows], np.arange(len(rows)))]
    centres = np.round([positions[cell].mean(axis=0) for cell in cells], _DECIMALS)
    return Peers(
        families=np.array(list(FAMILIES)),
        family_of=family_indices(schema.names),
        centres=centres,
        rows=np.array([len(cell) for cell in cells], np.int64),
        defaults=np.array([int(defaulted[cell].sum()) for cell in cells], np.int64),
        mean_pds=np.round([default_probabilities[cell].mean() for cell in cells], 4),
        reach=_reach(positions[rows], centres),
    )


def _partition(positions: Numbers, rows: Indices) -> Iterator[Indices]:
    """The leaves of a k-d tree: halved along the widest family while both halves are large enough.

    Source: Bentley 1975, "Multidimensional binary search trees used for associative searching".
    """
    if len(rows) < 2 * FEWEST_ROWS:
        yield rows
        return
    own = positions[rows]
    widest = int(own.var(axis=0).argmax())
    order = np.argsort(own[:, widest], kind="stable")
    for half in np.array_split(order, 2):
        yield from _partition(positions, rows[half])


def _reach(positions: Numbers, centres: Numbers) -> float:
    """Measured on some rows, evenly spaced: a quantile needs no more."""
    some = positions[:: len(positions) // ROWS_FOR_REACH + 1]
    squares = np.zeros((len(some), len(centres)))
    for family in range(some.shape[1]):
        squares += (some[:, family, None] - centres[:, family]) ** 2
    return round(float(np.quantile(np.sqrt(squares.min(axis=1)), _TYPICAL)), _DECIMALS)
