"""What a bundle keeps beside its reference dataset for the drift monitor alone.

A file of its own, so that nobody who scores has to load it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import compressed, read_arrays
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.population.outcome_calibration import OutcomeCalibration

FILE = "monitoring.npz"
_NAMES = {"inputs", "defaulted", "held_out", "coefficients", "covariance"}


@dataclass(frozen=True)
class MonitoringRows:
    """The rows of the reference dataset, in its order.

    inputs : float32 (n, I), the raw numbers behind the features as they were sent
    defaulted : bool (n,), what became of them
    held_out : float64 (n,), their PDs by models that never saw them
    coefficients, covariance : float64 (2,) and (2, 2), of `calibration`, from all training rows
    """

    inputs: NDArray[np.float32]
    defaulted: NDArray[np.bool_]
    held_out: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @property
    def calibration(self) -> OutcomeCalibration:
        return OutcomeCalibration(self.coefficients, self.covariance)

    def to_bytes(self) -> bytes:
        return compressed(vars(self))

    @classmethod
    def from_bytes(cls, data: bytes) -> "MonitoringRows":
        """Raises ArtifactMismatch when the arrays are none of these."""
        arrays = read_arrays(FILE, data)
        if arrays.keys() != _NAMES:
            raise ArtifactMismatch(FILE, "rows to monitor with", "other arrays")
        rows = cls(**arrays)
        if not rows.is_coherent:
            raise ArtifactMismatch(FILE, "rows to monitor with", "loose numbers")
        return rows

    @property
    def is_coherent(self) -> bool:
        inputs, defaulted, held_out = self.inputs, self.defaulted, self.held_out
        return (
            inputs.dtype == np.float32
            and inputs.ndim == 2
            and defaulted.dtype == np.bool_
            and held_out.dtype == np.float64
            and defaulted.shape == held_out.shape == inputs.shape[:1]
            and bool(((held_out >= 0) & (held_out <= 1)).all())
            and self.coefficients.shape == (2,)
            and self.covariance.shape == (2, 2)
            and bool(np.isfinite(self.coefficients).all() and np.isfinite(self.covariance).all())
        )
