"""One set of parameters that a search has tried."""

from dataclasses import dataclass

from training.fitting.tuning.fold_values import Parameters

COMPLETE, PRUNED = "complete", "pruned"


@dataclass(frozen=True)
class Trial:
    """value : mean over the folds; None when the first folds were enough to give the trial up"""

    number: int
    value: float | None
    parameters: Parameters
    state: str
