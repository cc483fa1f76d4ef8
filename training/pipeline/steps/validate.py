"""Cross-validate the recipe: what it is worth on rows it never saw."""

import numpy as np

from training.fitting.crossfit import CrossFit
from training.fitting.validate import cross_validate
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.shared import final_recipe, prepared_rows

MARGINS, SUMMARY = "margins.npy", "validate.json"


def depends_on(settings: RunSettings) -> object:
    return settings.recipe.as_json()


def run(work: Work[RunSettings]) -> str:
    validation = cross_validate(prepared_rows(work), final_recipe(work))
    np.save(work.results / MARGINS, validation.margins)
    for name, content in validation.crossfit.to_files().items():
        (work.results / name).write_bytes(content)
    aucs = validation.fold_aucs
    work.write(SUMMARY, {"auc_by_fold": aucs, "trees_by_fold": validation.trees})
    return f"mean AUC {np.mean(aucs):.4f} over {len(aucs)} folds"


def read_crossfit(work: Work[RunSettings]) -> CrossFit:
    return CrossFit.from_files(lambda name: work.path("validate", name).read_bytes())
