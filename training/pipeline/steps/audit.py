"""Compare how groups of applicants are treated, and what stands in for gender."""

from dataclasses import asdict

from training.evaluation.audit.fairness import audit
from training.evaluation.audit.gender_proxies import gender_proxies
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import held_out_pds
from training.pipeline.steps.shared import prepared_rows

RESULT = "audit.json"


def depends_on(settings: RunSettings) -> object:
    return settings.recipe.seed


def run(work: Work[RunSettings]) -> str:
    prepared, model, seed = prepared_rows(work), read_model(work), work.settings.recipe.seed
    found = audit(
        prepared.dataset.applicants,
        held_out_pds(work),
        prepared.defaulted,
        cutoff=model.cutoff,
        proxies=gender_proxies(
            prepared.columns(model.schema), model.schema, prepared.dataset.applicants, seed=seed
        ),
    )
    work.write(RESULT, asdict(found))
    return found.sentence
