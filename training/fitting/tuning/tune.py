"""Look for better parameters: Optuna, or scikit-learn's random and grid search.

All three judge parameters by the same number over the same folds, and begin with those that are
served now: what they return is never worse by that number. A search ends after so many trials,
which gives the same result on every machine, or after so many minutes, which gives what the machine
managed in them. One that was killed goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import optuna
from credit_scoring.arrays import Flags, Numbers
from credit_scoring.features import FeatureSchema

from training.data.split import Folds
from training.fitting.fold_rows import RowsOf
from training.fitting.tuning import optuna_search, sklearn_search
from training.fitting.tuning.budget import Budget
from training.fitting.tuning.fold_values import FoldValues, Objective, Parameters
from training.fitting.tuning.search_space import SPACE
from training.fitting.tuning.trial import COMPLETE, Trial

Method = Literal["optuna", "random", "grid"]

FEWEST_FOR_IMPORTANCE = 10


@dataclass(frozen=True)
class Tuning:
    """trials : the first is what is served now; best : changes to the parameters that are served
    importance : share of the values' variance that each parameter explains, the largest first;
    None of too few trials
    """

    method: Method
    objective: Objective
    trials: list[Trial]
    best: Parameters
    best_value: float
    default_value: float
    importance: dict[str, float] | None


def tune(
    matrix: Numbers,
    defaulted: Flags,
    schema: FeatureSchema,
    folds: Folds,
    *,
    method: Method = "optuna",
    objective: Objective = "cost",
    minutes: float | None,
    trials: int | None,
    cost_ratio: float,
    seed: int,
    storage: Path,
    monotone: bool = True,
    rows_of: RowsOf | None = None,
    progress: bool = True,
) -> Tuning:
    """Find parameters with a better mean over the folds, within minutes and trials.

    matrix : float64 (n, F), NaN = missing; defaulted : bool (n,); folds : partition the n rows
    objective : "auc", or "cost" per applicant at each fold's own best cut-off
    rows_of : of a fold's rows their columns, where some are learnt anew in each fold
    minutes, trials : None is without limit; a trial that has begun is finished
    storage : folder for what a killed search left; other rows or rules begin a search of their own

    Raises ValueError when nothing would ever end the search.
    """
    values = FoldValues(
        matrix, defaulted, schema, folds, objective, cost_ratio, seed, monotone, storage, rows_of
    )
    done = _search(method, values, Budget(minutes, trials), progress)
    best = _best(done, values.sign)
    default_value, best_value = done[0].value, best.value
    assert default_value is not None
    assert best_value is not None
    return Tuning(
        method, objective, done, best.parameters, best_value, default_value, _importance(done, seed)
    )


def _search(method: Method, values: FoldValues, budget: Budget, progress: bool) -> list[Trial]:
    if method != "grid" and budget.minutes is None and budget.trials is None:
        raise ValueError(f"a {method} search needs minutes or trials: it has no end of its own")
    if method == "optuna":
        return optuna_search.search(values, budget, progress=progress)
    return sklearn_search.search(method, values, budget, progress=progress)


def _best(trials: Sequence[Trial], sign: int) -> Trial:
    """Of equals the first, so that parameters change only for something better."""
    complete = [trial for trial in trials if trial.state == COMPLETE]
    return max(complete, key=lambda trial: sign * (trial.value or 0.0))


def _importance(trials: Sequence[Trial], seed: int) -> dict[str, float] | None:
    """Source: Hutter et al. 2014, "Assessing Hyperparameter Importance" (functional ANOVA)."""
    complete = [trial for trial in trials if trial.state == COMPLETE]
    if len(complete) < FEWEST_FOR_IMPORTANCE or len({trial.value for trial in complete}) == 1:
        return None
    study = optuna.create_study()
    space = {name: range_.for_optuna() for name, range_ in SPACE.items()}
    for trial in complete:
        study.add_trial(
            optuna.create_trial(params=trial.parameters, distributions=space, value=trial.value)
        )
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=seed)
    shares: dict[str, float] = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return shares
