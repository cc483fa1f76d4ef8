"""Which features and families move the PDs, by the kernel that serves."""

from dataclasses import asdict

from training.explanations.explain import explain_globally
from training.explanations.faithfulness import measure_faithfulness
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.shared import prepared_rows

RESULT = "explain.json"


def depends_on(settings: RunSettings) -> object:
    return settings.recipe.seed


def run(work: Work[RunSettings]) -> str:
    model, seed = read_model(work), work.settings.recipe.seed
    matrix = prepared_rows(work).columns(model.schema)
    found = explain_globally(model, matrix, seed=seed)
    faithful = measure_faithfulness(model.explainer, model.schema, matrix, seed=seed)
    work.write(RESULT, asdict(found) | {"faithfulness": asdict(faithful)})
    heaviest = ", ".join(feature.name for feature in found.features[:3])
    return f"heaviest: {heaviest}"
