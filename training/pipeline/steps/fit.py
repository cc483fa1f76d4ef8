"""Fit on all rows, compile to arrays, and prove them equal to LightGBM."""

from dataclasses import asdict
from typing import Any

import numpy as np
from credit_scoring.decision import default_probabilities
from credit_scoring.features import FeatureSchema
from credit_scoring.scoring import Model
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import Forest

from training.data.lightgbm_dataset import bin_now, make_lightgbm_dataset
from training.evaluation.calibration import calibrated_booster
from training.evaluation.cutoff import band_edges
from training.fitting.compile import compile_forest, verify_forest
from training.fitting.ensemble import mean_of
from training.fitting.fit import all_parameters, fit, side_by_side, trees_for_all_rows
from training.fitting.selection import RULE, SHADOWS, Selection, choose_features
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import validate
from training.pipeline.steps.measure import read_cutoff, read_repair
from training.pipeline.steps.shared import final_recipe, prepared_rows

FOREST, TEXT, SUMMARY = "forest.npz", "model.txt", "fit.json"


def depends_on(settings: RunSettings) -> object:
    return settings.recipe.as_json()


def run(work: Work[RunSettings]) -> str:
    prepared, recipe = prepared_rows(work), final_recipe(work)
    candidates = prepared.candidates(recipe, prepared.everybody)
    selection = choose_features(prepared, candidates, prepared.everybody, recipe)
    columns = prepared.columns(selection.schema)
    parameters = [
        all_parameters(selection.schema, seed, recipe.parameters, recipe.monotone)
        for seed in recipe.seeds()
    ]
    training = make_lightgbm_dataset(columns, prepared.defaulted, selection.schema)
    bin_now(training, parameters[0])  # once, for all members that are fitted side by side
    n_trees = trees_for_all_rows(work.read("validate", validate.SUMMARY)["trees_by_fold"])
    members = side_by_side(
        lambda each: fit(training, each, n_trees=n_trees),
        parameters,
        label="Fit on all rows",
        unit="model",
    )
    booster = calibrated_booster(mean_of(list(members)), read_repair(work))
    forest = compile_forest(booster)
    proof = verify_forest(Explainer(forest), booster, columns)
    (work.results / FOREST).write_bytes(forest.to_bytes())
    (work.results / TEXT).write_text(booster.model_to_string())
    work.write(
        SUMMARY,
        {
            "schema": asdict(selection.schema),
            "features": _features(len(candidates), selection, recipe.most_features),
            "model": _shape(forest)
            | {"members": recipe.members, "max_depth": recipe.parameters["max_depth"]},
            "proof": proof,
        },
    )
    return f"{len(forest.root)} trees over {len(selection.schema)} of {len(candidates)} features"


def read_model(work: Work[RunSettings]) -> Model:
    """What will be served, not yet published; without facts."""
    schema = work.read("fit", SUMMARY)["schema"]
    cutoff = read_cutoff(work)
    return Model(
        version="",
        sha256="",
        schema=FeatureSchema.of_lists(**schema),
        forest=Forest.from_bytes(work.path("fit", FOREST).read_bytes()),
        cutoff=cutoff,
        cost_ratio=work.settings.cost_ratio,
        band_edges=band_edges(cutoff),
    )


def _shape(forest: Forest) -> dict[str, Any]:
    base_value = Explainer(forest).base_value
    return {
        "trees": len(forest.root),
        "leaves": len(forest.leaf_value),
        "base_value": base_value,
        "base_pd": float(default_probabilities(np.array([base_value]))[0]),
    }


def _features(candidates: int, selection: Selection, most: int) -> dict[str, Any]:
    return {
        "candidates": candidates,
        "kept": len(selection.schema),
        "rule": RULE.format(shadows=SHADOWS, most=most),
        "dropped": {
            "duplicate": selection.duplicates,
            "unhelpful": selection.unhelpful,
            "beyond the most": selection.beyond_most,
        },
        "names": list(selection.schema.names),
    }
