"""Optuna's search: each trial learns from those before it, and hopeless ones end early.

A study lives in SQLite. What it samples next follows from its seed and from the trials that are
finished, so a study that was killed and goes on ends as one that was not.
Source: Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization" (TPE).
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import optuna
from optuna.trial import FrozenTrial, TrialState
from tqdm import tqdm

from training.fitting.tuning.budget import Budget
from training.fitting.tuning.fold_values import FoldValues, Parameters
from training.fitting.tuning.search_space import DEFAULTS, SPACE
from training.fitting.tuning.trial import COMPLETE, PRUNED, Trial

_SPACE = {name: range_.for_optuna() for name, range_ in SPACE.items()}
_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


def search(values: FoldValues, budget: Budget, *, progress: bool) -> list[Trial]:
    """All finished trials of the study, those of earlier runs first."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = _open(values)
    with tqdm(desc="Tune", unit="trial", total=budget.trials, disable=not progress) as bar:
        reference = _try_default(study, values)
        finished = len(study.get_trials(states=_FINISHED))
        while True:
            bar.update(finished - bar.n)
            bar.set_postfix(best=f"{study.best_value:.5f}")
            if not budget.allows(finished):
                return _trials(study)
            study.sampler = _sampler(values.seed, finished)
            _try(study, study.ask(_SPACE), values, reference)
            finished += 1


def _open(values: FoldValues) -> optuna.Study:
    values.storage.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=f"sqlite:///{values.storage / 'optuna.db'}",
        study_name=values.key,
        direction="maximize" if values.sign > 0 else "minimize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=1),
        load_if_exists=True,
    )
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)  # was running when its process was killed
    return study


def _try_default(study: optuna.Study, values: FoldValues) -> list[float]:
    """The first trial; its values, fold by fold."""
    with _side_by_side(values, DEFAULTS) as of_folds:
        reference = list(of_folds)
    if not study.get_trials(states=_FINISHED):
        study.add_trial(
            optuna.create_trial(
                params=DEFAULTS,
                distributions=_SPACE,
                value=float(np.mean(reference)),
                intermediate_values=dict.fromkeys(range(len(reference)), 0.0),
            )
        )
    return reference


def _try(
    study: optuna.Study, trial: optuna.Trial, values: FoldValues, reference: list[float]
) -> None:
    found: list[float] = []
    with _side_by_side(values, trial.params) as of_folds:
        for fold, value in enumerate(of_folds):
            found.append(value)
            # Folds are unequally hard: only what is gained over the same folds compares.
            trial.report(float(np.mean(found) - np.mean(reference[: fold + 1])), fold)
            if len(found) < len(reference) and trial.should_prune():
                study.tell(trial, state=TrialState.PRUNED)
                return
    study.tell(trial, float(np.mean(found)))


@contextmanager
def _side_by_side(values: FoldValues, parameters: Parameters) -> Iterator[Iterator[float]]:
    """Values in the order of the folds, one core each; folds not begun at the end are left out."""
    pool = ThreadPoolExecutor(os.cpu_count())
    futures = [pool.submit(values.value, parameters, fold) for fold in range(len(values.folds))]
    try:
        yield (future.result() for future in futures)
    finally:
        pool.shutdown(cancel_futures=True)


def _sampler(seed: int, finished: int) -> optuna.samplers.BaseSampler:
    (own_seed,) = np.random.SeedSequence([seed, finished]).generate_state(1)
    return optuna.samplers.TPESampler(seed=int(own_seed))


def _trials(study: optuna.Study) -> list[Trial]:
    return [_trial(n, found) for n, found in enumerate(study.get_trials(states=_FINISHED))]


def _trial(number: int, found: FrozenTrial) -> Trial:
    if found.state == TrialState.PRUNED:
        return Trial(number, None, found.params, PRUNED)
    return Trial(number, found.value, found.params, COMPLETE)
