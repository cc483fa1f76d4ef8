"""The dataset that a bundle keeps of its training: what drift and distributions are measured on."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(arrays["features"], arrays["default_probabilities"])
