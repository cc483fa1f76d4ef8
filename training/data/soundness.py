"""What labelled applicants must be before a model learns from them: each stop is one sentence."""

import hashlib
from collections.abc import Collection

import numpy as np
from credit_scoring.arrays import Flags
from credit_scoring.contract.applicants import Applicants
from credit_scoring.errors import DatasetError
from numpy.typing import NDArray

from training.data.dataset import Dataset, empty_columns, shown_names

# Of forms that say the same in every column, so many with another outcome are no chance.
MOST_CONTRADICTIONS = 0.01
# Side by side, all columns of all rows would be the whole dataset a second time.
_ROWS_AT_ONCE = 10_000

# Of either outcome: with fewer a model learns chance, and no figure of it could be told from luck.
FEWEST_OUTCOMES = 50


def require_outcomes(defaulted: Flags) -> None:
    """Raises DatasetError when there are too few defaults, or good payers, to learn from."""
    bad, good = int(defaulted.sum()), int((~defaulted).sum())
    if min(bad, good) < FEWEST_OUTCOMES:
        raise DatasetError(
            f"a model needs {FEWEST_OUTCOMES} defaults and {FEWEST_OUTCOMES} good payers or more; "
            f"there are {bad} and {good}: give more applications"
        )


def require_columns(applicants: Applicants, allowed: Collection[str]) -> None:
    """Raises DatasetError when nobody has a value of a column that is not allowed to lack it."""
    if missing := [name for name in empty_columns(applicants) if name not in allowed]:
        raise DatasetError(
            f"nobody has a value of {shown_names(missing)}: give the whole table, or train without "
            f"by {' '.join(f'--allow-missing {name}' for name in missing)}"
        )


def refuse_contradictions(dataset: Dataset) -> None:
    """Raises DatasetError when the same form stands there often, with either outcome.

    Labels that contradict each other come from joining the wrong ones to the right forms.
    """
    defaulted = dataset.defaulted
    digests = _digests(dataset.applicants)
    _, form, counts = np.unique(digests, return_inverse=True, return_counts=True)
    defaults = np.bincount(form, defaulted, len(counts))
    against = np.minimum(defaults, counts - defaults).sum()
    if against > MOST_CONTRADICTIONS * len(dataset):
        raise DatasetError(
            f"{int(against)} applicants have the same form as others with the opposite outcome: "
            "the outcomes belong to other forms, or rows were multiplied"
        )


def _digests(applicants: Applicants) -> NDArray[np.bytes_]:
    """Equal for forms that say the same in every column, whatever their ids; bytes (n,)."""
    columns = list(applicants.columns.values())
    digests = []
    for start in range(0, len(applicants), _ROWS_AT_ONCE):
        some = [values[start : start + _ROWS_AT_ONCE].astype(np.float64) for values in columns]
        digests += [hashlib.sha256(row.tobytes()).digest() for row in np.column_stack(some)]
    return np.array(digests)
