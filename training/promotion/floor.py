"""What a first champion must be: surely better than a logistic regression, and than no model.

Nobody serves yet that it could be worse than; outcomes that contradict each other would still train
to something.
"""

from collections.abc import Iterator
from typing import Any


def below_floor(anchor: dict[str, Any] | None) -> list[str]:
    """Why a model should not be the first to serve, a sentence each; none when it may.

    anchor : what its training found, as `training.fitting.anchor.Anchor`; None: it held nothing
    """
    if anchor is None:
        return ["Its training did not hold it against a logistic regression: train it again."]
    return [*_no_better_than_nothing(anchor), *_no_better_than_logistic(anchor["logistic"])]


def _no_better_than_nothing(anchor: dict[str, Any]) -> Iterator[str]:
    low, high = anchor["auc_interval"]
    if low <= 0.5:
        yield f"It does not rank applicants beyond chance: AUC {low:.4f} to {high:.4f}."
    cost = anchor["cost_of_nobody_refused"]
    if cost["interval"][1] >= 0:
        yield f"It saves nothing beyond chance against accepting everybody: {_shown(cost)}."


def _no_better_than_logistic(logistic: dict[str, Any]) -> Iterator[str]:
    auc = logistic["auc"]
    if auc["interval"][0] <= 0:
        low, high = auc["interval"]
        yield (
            "It is not significantly better than a logistic regression: AUC "
            f"{auc['difference']:+.4f} ({low:+.4f} to {high:+.4f})."
        )


def _shown(cost: dict[str, Any]) -> str:
    low, high = cost["interval"]
    return f"{cost['value']:+.4f} an applicant ({low:+.4f} to {high:+.4f})"
