"""How outcomes answer to PDs of rows that no model saw: what a PD is worth, and how surely."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Flags, Numbers

_STEPS = 25


@dataclass(frozen=True)
class OutcomeCalibration:
    """How the outcomes of rows that no model saw answer to their PDs: P(default) as a logistic
    function of the log-odds.

    coefficients : intercept and slope; covariance : (2, 2)
    """

    coefficients: Numbers
    covariance: Numbers

    @classmethod
    def of_outcomes(cls, held_out: Numbers, defaulted: Flags) -> "OutcomeCalibration":
        """By Newton's method. Source: Cox 1958, "Two further applications of a model for binary
        regression": intercept and slope of a calibrated model are 0 and 1.
        """
        design = np.column_stack([np.ones(len(held_out)), log_odds(held_out)])
        coefficients = np.array([0.0, 1.0])
        for _ in range(_STEPS):
            expected = _logistic(design @ coefficients)
            weights = np.maximum(expected * (1 - expected), 1e-12)
            information = design.T @ (design * weights[:, None])
            step = np.linalg.solve(information, design.T @ (defaulted - expected))
            coefficients = coefficients + step
            if np.abs(step).max() < 1e-10:
                break
        return cls(coefficients, np.linalg.inv(information))

    def calibrated(
        self, default_probabilities: Numbers, coefficients: Numbers | None = None
    ) -> Numbers:
        intercept, slope = self.coefficients if coefficients is None else coefficients
        return _logistic(intercept + slope * log_odds(default_probabilities))


def log_odds(default_probabilities: Numbers) -> Numbers:
    bounded = np.clip(default_probabilities, 1e-9, 1 - 1e-9)
    return np.log(bounded / (1 - bounded))


def _logistic(values: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-values))
