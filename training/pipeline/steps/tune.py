"""Look for better parameters, when asked to, on half of the rows: the other half measures them."""

from dataclasses import asdict

import numpy as np

from training.data.split import is_for_tuning, within
from training.fitting.fold_rows import rows_with_own_groups
from training.fitting.tuning.tune import tune
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.shared import prepared_rows

RESULT = "tune.json"


def depends_on(settings: RunSettings) -> object:
    return [asdict(settings.tune), settings.cost_ratio, settings.recipe.as_json()]


def run(work: Work[RunSettings]) -> str:
    wanted = work.settings.tune
    if not wanted.wanted:
        work.write(RESULT, None)
        return "left out: no --tune-minutes or --tune-trials"
    prepared, recipe = prepared_rows(work), work.settings.recipe
    rows = np.flatnonzero(is_for_tuning(prepared.dataset.applicants.ids))
    schema = prepared.candidates(recipe, rows)
    matrix = prepared.columns(schema, rows)
    found = tune(
        matrix,
        prepared.defaulted[rows],
        schema,
        within(prepared.folds, rows),
        method=wanted.method,
        objective=wanted.objective,
        minutes=wanted.minutes,
        trials=wanted.trials,
        cost_ratio=work.settings.cost_ratio,
        seed=recipe.seed,
        monotone=recipe.monotone,
        rows_of=rows_with_own_groups(prepared, schema, rows, matrix),
        storage=work.results,
    )
    work.write(RESULT, asdict(found))
    return f"{wanted.objective} {found.default_value:.4f} -> {found.best_value:.4f}"


def is_tuned(work: Work[RunSettings]) -> bool:
    return work.read("tune", RESULT) is not None
