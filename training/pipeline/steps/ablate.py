"""Measure what each rule of the recipe costs or brings."""

from dataclasses import asdict

from training.fitting.ablate import ablate
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.measure import held_out_pds
from training.pipeline.steps.shared import final_recipe, prepared_rows

RESULT = "ablate.json"


def depends_on(settings: RunSettings) -> object:
    return settings.studies


def run(work: Work[RunSettings]) -> str:
    settings = work.settings
    if not settings.studies:
        work.write(RESULT, [])
        return "left out"
    found = ablate(
        prepared_rows(work),
        final_recipe(work),
        held_out_pds(work),
        cost_ratio=settings.cost_ratio,
    )
    work.write(RESULT, [asdict(ablation) for ablation in found])
    return ", ".join(f"{a.name}: AUC {a.auc_difference:+.4f}" for a in found)
