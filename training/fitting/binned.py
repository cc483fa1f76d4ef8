"""Rows as LightGBM learns from them, a byte a value, without a matrix of numbers of all of them.

A matrix of three hundred thousand applicants has eight bytes a value, and LightGBM's bins one. So
the bins are told by a part of the rows, and all rows are counted into them a block at a time.
"""

from typing import Any

import lightgbm
import numpy as np
from credit_scoring.arrays import Indices, Numbers
from credit_scoring.features import FeatureSchema, build_features

from training.data.lightgbm_dataset import bin_now, make_lightgbm_dataset
from training.fitting.prepared import Prepared

# A block of this many rows and some hundred features has a few megabytes.
BLOCK_ROWS = 4096


def bin_rows(
    prepared: Prepared,
    schema: FeatureSchema,
    rows: Indices,
    parameters: dict[str, Any],
    *,
    bins_of: lightgbm.Dataset | None = None,
) -> lightgbm.Dataset:
    """A binned dataset, which any number of models may learn from at once.

    parameters : of any of them; bins_of : the dataset learnt from, for rows that are watched
    """
    enough = parameters["bin_construct_sample_cnt"]
    if bins_of is None and len(rows) > enough:
        bins_of = _bins_of_some(prepared, schema, rows, parameters)
    dataset = make_lightgbm_dataset(
        _Blocks(prepared, schema, rows) if bins_of else prepared.columns(schema, rows),
        prepared.defaulted[rows],
        schema,
        bins_of=bins_of,
    )
    bin_now(dataset, parameters)
    return dataset


def _bins_of_some(
    prepared: Prepared, schema: FeatureSchema, rows: Indices, parameters: dict[str, Any]
) -> lightgbm.Dataset:
    """Where the bins of so many rows end, seen on as many of them as LightGBM would look at."""
    enough = parameters["bin_construct_sample_cnt"]
    drawn = np.random.default_rng(parameters["data_random_seed"]).permutation(rows)[:enough]
    some = np.sort(drawn)
    dataset = make_lightgbm_dataset(
        prepared.columns(schema, some), prepared.defaulted[some], schema
    )
    # LightGBM drops a feature of which too few rows differ for a leaf: of fewer rows, fewer do.
    fewest = max(1, parameters["min_data_in_leaf"] * enough // len(rows))
    bin_now(dataset, parameters | {"min_data_in_leaf": fewest})
    return dataset


class _Blocks(lightgbm.Sequence):  # type: ignore[misc]
    """The features of the rows given, made when they are asked for."""

    batch_size = BLOCK_ROWS

    def __init__(self, prepared: Prepared, schema: FeatureSchema, rows: Indices) -> None:
        self._prepared, self._schema, self._rows = prepared, schema, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int | slice | list[int]) -> Numbers:
        rows = self._rows[place]
        return build_features(self._prepared.dataset.applicants.take(rows), self._schema)
