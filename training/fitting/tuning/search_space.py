"""Where better LightGBM parameters are looked for: around the present ones, never too deep."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from sklearn.utils import check_random_state

from training.fitting.fit import PARAMETERS

Number = int | float


@dataclass(frozen=True)
class ParameterRange:
    """Numbers from low to high, both included.

    log : as many between 1 and 10 as between 10 and 100; whole : integers alone
    """

    low: Number
    high: Number
    log: bool = False
    whole: bool = False

    def including(self, value: Number) -> "ParameterRange":
        return ParameterRange(min(self.low, value), max(self.high, value), self.log, self.whole)

    def for_optuna(self) -> BaseDistribution:
        if self.whole:
            return IntDistribution(int(self.low), int(self.high), log=self.log)
        return FloatDistribution(self.low, self.high, log=self.log)

    def rvs(self, random_state: Any = None) -> Number:
        """One number, as scikit-learn's ParameterSampler asks for it."""
        random = check_random_state(random_state)
        margin = 0.5 if self.whole else 0.0  # each integer gets the numbers that round to it
        low, high = self.low - margin, self.high + margin
        value = np.exp(random.uniform(*np.log([low, high]))) if self.log else 0.0
        value = float(value or random.uniform(low, high))
        return int(np.clip(round(value), self.low, self.high)) if self.whole else value


# Depth 8 and 31 leaves are the most that explanations in real time bear.
_RANGES = {
    "learning_rate": ParameterRange(0.02, 0.12, log=True),
    "num_leaves": ParameterRange(4, 31, log=True, whole=True),
    "max_depth": ParameterRange(3, 8, whole=True),
    "min_data_in_leaf": ParameterRange(20, 400, log=True, whole=True),
    "feature_fraction": ParameterRange(0.05, 0.5, log=True),
    "bagging_fraction": ParameterRange(0.4, 1.0),
    "lambda_l1": ParameterRange(0.0, 10.0),
    "lambda_l2": ParameterRange(1.0, 200.0, log=True),
    "path_smooth": ParameterRange(0.0, 100.0),
    "cat_smooth": ParameterRange(5.0, 300.0, log=True),
    "cat_l2": ParameterRange(1.0, 300.0, log=True),
    "min_gain_to_split": ParameterRange(0.0, 1.0),
}

# What is looked for begins with what is served; LightGBM's own default of the others is 0.
DEFAULTS: dict[str, Number] = {name: PARAMETERS.get(name, 0.0) for name in _RANGES}
SPACE = {name: range_.including(DEFAULTS[name]) for name, range_ in _RANGES.items()}

GRID: dict[str, list[Number]] = {
    "num_leaves": [6, 8, 15, 31],
    "min_data_in_leaf": [50, 100, 200],
    "feature_fraction": [0.1, 0.2],
    "lambda_l2": [5.0, 20.0, 80.0],
    "path_smooth": [0.0, 50.0],
}
