"""Stratified folds: every row is held out once, with the same share of defaults."""

from collections.abc import Iterator

import numpy as np
from credit_scoring.errors import DatasetError
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

Rows = NDArray[np.intp]


def stratified_folds(
    defaulted: NDArray[np.bool_], *, n_folds: int, seed: int
) -> Iterator[tuple[Rows, Rows]]:
    """Rows to learn from and rows held out, fold after fold.

    Raises DatasetError when there are fewer defaults, or fewer good payers, than folds.
    """
    rarer = min(int(defaulted.sum()), int((~defaulted).sum()))
    if rarer < n_folds:
        raise DatasetError(
            f"{n_folds} folds need as many defaults and as many good payers; there are {rarer}"
        )
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    yield from folds.split(defaulted, defaulted)
