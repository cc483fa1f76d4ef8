"""Stratified folds that follow from the applicants' ids: a row is held out alike in every run."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Indices
from credit_scoring.errors import DatasetError
from numpy.typing import NDArray

TUNING_SHARE = 0.5

Folds = list[tuple[Indices, Indices]]


@dataclass(frozen=True)
class FoldRule:
    """Which fold holds a row out: where the hash of its id falls among the edges of its outcome.

    good_edges, default_edges : k - 1 ascending numbers in [0, 1), for good payers and defaults

    The edges are quantiles of the training rows, so all folds have the same share of defaults. Kept
    with a model, the rule tells for any row, known to the model or not, a fold that never saw it.
    """

    good_edges: tuple[float, ...]
    default_edges: tuple[float, ...]

    @classmethod
    def of(cls, ids: Sequence[str], defaulted: Flags, *, n_folds: int) -> "FoldRule":
        """Raises DatasetError when there are fewer defaults, or fewer good payers, than folds."""
        rarer = min(int(defaulted.sum()), int((~defaulted).sum()))
        if rarer < n_folds:
            raise DatasetError(
                f"{n_folds} folds need as many defaults and as many good payers; there are {rarer}"
            )
        places = hash_places(ids)
        return cls(_edges(places[~defaulted], n_folds), _edges(places[defaulted], n_folds))

    @property
    def n_folds(self) -> int:
        return len(self.good_edges) + 1

    def fold_of(self, ids: Sequence[str], defaulted: Flags) -> NDArray[np.intp]:
        """Fold numbers, int (n,)."""
        places = hash_places(ids)
        good = np.searchsorted(self.good_edges, places, side="right")
        bad = np.searchsorted(self.default_edges, places, side="right")
        return np.where(defaulted, bad, good)

    def split(self, ids: Sequence[str], defaulted: Flags) -> Folds:
        """Rows to learn from and rows held out, fold after fold."""
        fold = self.fold_of(ids, defaulted)
        return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(self.n_folds)]


def within(folds: Folds, rows: Indices) -> Folds:
    """The same folds of some of the rows, by place among these."""
    place = np.full(sum(len(held_out) for _, held_out in folds), -1)
    place[rows] = np.arange(len(rows))
    return [
        (places[places >= 0], held_out[held_out >= 0])
        for places, held_out in ((place[learn], place[held]) for learn, held in folds)
    ]


def is_for_tuning(ids: Sequence[str]) -> Flags:
    """Half of the applicants, bool (n,): what was tuned on these is measured on the others.

    By a hash of its own, so that each fold has of both.
    """
    return hash_places([f"tuning {applicant}" for applicant in ids]) < TUNING_SHARE


def hash_places(ids: Sequence[str]) -> NDArray[np.float64]:
    """A number in [0, 1) for each id, spread evenly and the same on every machine; float64 (n,)."""
    heads = b"".join(hashlib.sha256(applicant.encode()).digest()[:8] for applicant in ids)
    return np.frombuffer(heads, ">u8") / 2.0**64


def _edges(places: NDArray[np.float64], n_folds: int) -> tuple[float, ...]:
    ascending = np.sort(places)
    starts = [len(ascending) * fold // n_folds for fold in range(1, n_folds)]
    return tuple(ascending[starts].tolist())
