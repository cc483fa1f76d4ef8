"""The dataset that a bundle keeps of its training: what drift and distributions are measured on."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import read_arrays
from credit_scoring.errors import ArtifactMismatch

FILE = "reference.npz"


@dataclass(frozen=True)
class Reference:
    """The dataset that drift is measured from.

    features : float32 (n, F), in the order of the model's schema
    default_probabilities : float64 (n,)
    """

    features: NDArray[np.float32]
    default_probabilities: NDArray[np.float64]

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, features=self.features, default_probabilities=self.default_probabilities
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Reference":
        """Raises ArtifactMismatch when the arrays are no dataset."""
        arrays = read_arrays(FILE, data)
        if arrays.keys() != {"features", "default_probabilities"}:
            raise ArtifactMismatch(FILE, "a dataset", "other arrays")
        reference = cls(**arrays)
        if not reference.is_coherent:
            raise ArtifactMismatch(FILE, "a dataset", "loose numbers")
        return reference

    @property
    def is_coherent(self) -> bool:
        features, pds = self.features, self.default_probabilities
        return (
            features.dtype == np.float32
            and features.ndim == 2
            and pds.dtype == np.float64
            and pds.shape == features.shape[:1]
            and bool(((pds >= 0) & (pds <= 1)).all())
        )
