"""Look for better parameters, when asked to."""

from dataclasses import asdict

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
    schema, matrix = prepared.candidates(recipe)
    found = tune(
        matrix,
        prepared.defaulted,
        schema,
        prepared.folds,
        method=wanted.method,
        objective=wanted.objective,
        minutes=wanted.minutes,
        trials=wanted.trials,
        cost_ratio=work.settings.cost_ratio,
        seed=recipe.seed,
        monotone=recipe.monotone,
        storage=work.results,
    )
    work.write(RESULT, asdict(found))
    return f"{wanted.objective} {found.default_value:.4f} -> {found.best_value:.4f}"
