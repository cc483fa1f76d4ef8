"""Compare models, and ways to treat the rarity of defaults, on the same folds."""

from dataclasses import asdict
from statistics import mean
from typing import Any

from training.fitting.comparison.compare import Candidate, compare_models, sample
from training.fitting.comparison.imbalance import compare_imbalance
from training.fitting.fold_rows import rows_with_own_groups
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.shared import prepared_rows

RESULT = "compare.json"


def depends_on(settings: RunSettings) -> object:
    return [settings.studies, settings.cost_ratio, settings.recipe.as_json()]


def run(work: Work[RunSettings]) -> str:
    settings = work.settings
    if not settings.studies:
        work.write(RESULT, None)
        return "left out"
    prepared, recipe = prepared_rows(work), settings.recipe
    rows, folds = sample(prepared.defaulted, prepared.folds, seed=recipe.seed)
    schema = prepared.candidates(recipe, rows)
    matrix = prepared.columns(schema, rows)
    given = (matrix, prepared.defaulted[rows], schema, folds)
    how: dict[str, Any] = {
        "parameters": recipe.parameters,
        "monotone": recipe.monotone,
        "cost_ratio": settings.cost_ratio,
        "seed": recipe.seed,
        "rows_of": rows_with_own_groups(prepared, schema, rows, matrix),
    }
    models = compare_models(*given, **how)
    imbalance = compare_imbalance(*given, **how)
    compared = {"models": models, "imbalance": imbalance}
    work.write(RESULT, {name: [asdict(row) for row in rows] for name, rows in compared.items()})
    best = max(models, key=_mean_auc)
    return f"{best.name} ranks best: mean AUC {_mean_auc(best):.4f}"


def _mean_auc(model: Candidate) -> float:
    """Over the folds: PDs of different folds need not be on one scale."""
    return float(mean(model.figures["auc_by_fold"]))
