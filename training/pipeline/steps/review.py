"""Measure who should be decided by a person."""

import numpy as np
from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES, all_with_role
from credit_scoring.decision import accepts, default_probabilities
from credit_scoring.features import FeatureSchema
from credit_scoring.review import ReviewRules

from training.evaluation.review import (
    describe_review,
    near_cutoff,
    nearest_rows,
    standard_error,
    usual_profile,
)
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import explain
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import held_out_margins, read_cutoff, read_repair
from training.pipeline.steps.shared import prepared_rows
from training.pipeline.steps.validate import read_crossfit

RESULT = "review.json"
NEEDED = all_with_role("external_score")


def depends_on(_: RunSettings) -> object:
    return None


def run(work: Work[RunSettings]) -> str:
    prepared, schema, cutoff = prepared_rows(work), read_model(work).schema, read_cutoff(work)
    matrix, margins = prepared.columns(schema), held_out_margins(work)
    near = near_cutoff(margins, cutoff=cutoff, error=_standard_error(work, margins))
    usual = usual_profile(matrix, schema, _importance(work, schema))
    rules = ReviewRules((near.low, near.high), _needed(schema), usual)
    pds = default_probabilities(margins)
    causes = rules.causes(prepared.dataset.applicants, matrix, pds)
    facts = describe_review(near, causes, accepts(pds, cutoff=cutoff))
    work.write(RESULT, {"rules": rules.to_json(schema), "facts": facts})
    return f"{facts['share']:.1%} of the applicants are left to people"


def read_rules(work: Work[RunSettings], schema: FeatureSchema) -> ReviewRules:
    return ReviewRules.of_json(work.read("review", RESULT)["rules"], schema)


def _standard_error(work: Work[RunSettings], margins: Numbers) -> float:
    """Of the served margins around the cut-off, by what the folds' models say of the same rows."""
    rows = nearest_rows(margins, read_cutoff(work))
    crossfit, prepared = read_crossfit(work).repaired(read_repair(work)), prepared_rows(work)
    each = [
        model.explainer.margins(prepared.columns(model.schema, rows)) for model in crossfit.models
    ]
    return standard_error(np.array(each))


def _importance(work: Work[RunSettings], schema: FeatureSchema) -> Numbers:
    """Share of all importance of each feature, float64 (F,)."""
    found = work.read("explain", explain.RESULT)["features"]
    share = {feature["name"]: feature["share"] for feature in found}
    return np.array([share[name] for name in schema.names])


def _needed(schema: FeatureSchema) -> tuple[str, ...]:
    """Only a model that reads the outside scores can miss them."""
    reads = any(FEATURES[name].family == "external_scores" for name in schema.names)
    return NEEDED if reads else ()
