"""Hold the recipe against a plain LightGBM, a logistic regression, and no model at all."""

from dataclasses import asdict

from training.fitting.anchor import hold_against_anchor
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.measure import held_out_pds, measured_rows
from training.pipeline.steps.shared import final_recipe, prepared_rows

RESULT = "anchor.json"


def depends_on(settings: RunSettings) -> object:
    return settings.cost_ratio


def run(work: Work[RunSettings]) -> str:
    found = hold_against_anchor(
        prepared_rows(work),
        final_recipe(work),
        held_out_pds(work),
        measured_rows(work),
        cost_ratio=work.settings.cost_ratio,
    )
    work.write(RESULT, asdict(found))
    auc = found.plain.auc
    return f"AUC {auc.difference:+.4f} against a plain LightGBM (p = {auc.p_value:.2g})"
