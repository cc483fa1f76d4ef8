"""Save the bundle under its content's name."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
from credit_scoring.arrays import Indices
from credit_scoring.aws.storage import FolderStore, Store, open_store
from credit_scoring.decision import default_probabilities
from credit_scoring.errors import DatasetError
from credit_scoring.features import sent_values
from credit_scoring.population import monitoring, peers
from credit_scoring.population.outcome_calibration import OutcomeCalibration
from credit_scoring.population.reference import Reference
from credit_scoring.registry import golden
from credit_scoring.registry.bundle import LIGHTGBM_TEXT, save_bundle
from credit_scoring.registry.champion import CHAMPION
from credit_scoring.scoring import Model

from training.fitting.crossfit import CrossFit
from training.fitting.prepared import Prepared
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import card, fit
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import held_out_pds, read_repair
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
    prepared = prepared_rows(work)
    rows = _reference_rows(len(prepared.dataset), work.settings.recipe.seed)
    version, sha256 = save_bundle(
        open_models(work.settings.models),
        model,
        reference=_reference(model, prepared, rows),
        extra=_extra(work, report)
        | {monitoring.FILE: _monitoring(work, model, rows).to_bytes()}
        | _golden(model),
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
    kept = json.dumps(card.without_times(report), indent=1, ensure_ascii=False)
    crossfit: CrossFit = read_crossfit(work).repaired(read_repair(work))
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


def _golden(model: Model) -> dict[str, bytes]:
    """What the hourly check compares the answers with."""
    return {golden.FILE: golden.GoldenDossiers.of_model(model).to_bytes()}


def _peers(work: Work[RunSettings]) -> dict[str, bytes]:
    """Nothing when there were too few accepted files."""
    path = work.path("peers", peers.FILE)
    return {peers.FILE: path.read_bytes()} if path.exists() else {}


def _reference_rows(count: int, seed: int) -> Indices:
    rows = np.random.default_rng(seed).permutation(count)[:REFERENCE_ROWS]
    return np.sort(rows)


def _reference(model: Model, prepared: Prepared, rows: Indices) -> Reference:
    """A sample of the training rows, as the serving code scores them."""
    sample = prepared.columns(model.schema, rows)
    probabilities = default_probabilities(model.explainer.margins(sample))
    return Reference(sample.astype(np.float32), probabilities)


def _monitoring(work: Work[RunSettings], model: Model, rows: Indices) -> monitoring.MonitoringRows:
    """The same rows with what became of them, and PDs of models that did not know."""
    prepared, held_out = prepared_rows(work), held_out_pds(work)
    calibration = OutcomeCalibration.of_outcomes(held_out, prepared.defaulted)
    applicants = prepared.dataset.applicants.take(rows)
    return monitoring.MonitoringRows(
        inputs=sent_values(applicants, model.schema.raw_numbers),
        defaulted=prepared.defaulted[rows],
        held_out=held_out[rows],
        coefficients=calibration.coefficients,
        covariance=calibration.covariance,
    )


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
