"""Save the bundle under its content's name."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
from credit_scoring.arrays import Numbers
from credit_scoring.aws.storage import FolderStore, Store, open_store
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.population import peers
from credit_scoring.population.reference import Reference
from credit_scoring.registry.bundle import LIGHTGBM_TEXT, save_bundle
from credit_scoring.registry.champion import CHAMPION
from credit_scoring.scoring import Model

from training.fitting.crossfit import CrossFit
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import card, fit
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import read_repair
from training.pipeline.steps.review import read_rules
from training.pipeline.steps.shared import prepared_rows
from training.pipeline.steps.validate import read_crossfit

REFERENCE_ROWS = 10_000
RESULT, REPORT = "publish.json", "report.json"


def depends_on(settings: RunSettings) -> object:
    return settings.models


def run(work: Work[RunSettings]) -> str:
    report = work.read("card", card.REPORT)
    model = read_model(work)
    model = replace(model, facts=_facts(report), review=read_rules(work, model.schema))
    matrix = prepared_rows(work).columns(model.schema)
    version, sha256 = save_bundle(
        open_models(work.settings.models),
        model,
        reference=_reference(model, matrix, work.settings.recipe.seed),
        extra=_extra(work, report),
    )
    work.write(RESULT, {"version": version, "sha256": sha256} | model.facts)
    return f"version {version}"


def open_models(url: str) -> Store:
    """A place that cannot hold models is told before the training, not after it."""
    store = open_store(url)
    try:
        if isinstance(store, FolderStore):
            store.folder.mkdir(parents=True, exist_ok=True)
        next(store.list(CHAMPION), None)
    except OSError as error:
        raise DatasetError(f"{url} cannot hold models: {error.strerror}") from error
    return store


def _extra(work: Work[RunSettings], report: dict[str, Any]) -> dict[str, bytes]:
    crossfit: CrossFit = read_crossfit(work).repaired(read_repair(work))
    kept = json.dumps(card.without_times(report), indent=1, ensure_ascii=False)
    return (
        crossfit.to_files()
        | _peers(work)
        | {
            LIGHTGBM_TEXT: work.path("fit", fit.TEXT).read_bytes(),
            REPORT: kept.encode(),
            card.HTML: work.path("card", card.HTML).read_bytes(),
            card.MARKDOWN: work.path("card", card.MARKDOWN).read_bytes(),
        }
    )


def _peers(work: Work[RunSettings]) -> dict[str, bytes]:
    """Nothing when there were too few accepted files."""
    path = work.path("peers", peers.FILE)
    return {peers.FILE: path.read_bytes()} if path.exists() else {}


def _reference(model: Model, matrix: Numbers, seed: int) -> Reference:
    """A sample of the training rows, as the serving code scores them."""
    rows = np.random.default_rng(seed).permutation(len(matrix))[:REFERENCE_ROWS]
    sample = matrix[np.sort(rows)]
    probabilities = default_probabilities(model.explainer.margins(sample))
    return Reference(sample.astype(np.float32), probabilities)


def _facts(report: dict[str, Any]) -> dict[str, Any]:
    """What travels with the model for people; the report has the rest."""
    recipe = report["recipe"]
    return {
        "metrics": report["metrics"],
        "review": report["review"],
        "training": {
            "rows": report["data"]["rows"],
            "features": report["features"]["kept"],
            "trees": report["model"]["trees"],
            "folds": recipe["n_folds"],
            "seed": recipe["seed"],
            "parameters": recipe["parameters"],
            "tuned": report["tuning"] is not None,
            "data_sha256": report["data"]["sha256"],
            "git_commit": report["lineage"]["git_commit"],
        },
    }
