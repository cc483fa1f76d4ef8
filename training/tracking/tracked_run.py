"""The figures of a training in MLflow: its own, and those of the models compared with it.

Import `training.tracking.track` first, which sets MLflow up.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModel, Metric, Param, Run, RunTag

from training.tracking import tracked_figures
from training.tracking.tracked_figures import Report

DIGEST_LENGTH = 12  # characters, as of a version; the whole hash is a tag


def log_figures(
    client: MlflowClient,
    run_id: str,
    model: LoggedModel,
    report: Report,
    durations: Mapping[str, float],
) -> None:
    """Metrics, tables and the data of a run, the metrics under its model too."""
    dataset = _dataset(report["data"])
    client.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", "train")])])
    links: dict[str, Any] = {
        "model_id": model.model_id,
        "dataset_name": dataset.name,
        "dataset_digest": dataset.digest,
    }
    now = _milliseconds()
    metrics = [
        Metric(name, value, now, step=0, **links)
        for name, value in tracked_figures.metrics(report, durations).items()
    ]
    for fold, auc in enumerate(tracked_figures.fold_aucs(report)):
        metrics.append(Metric("fold_auc", auc, now, step=fold))
    parameters = tracked_figures.parameters(report)
    client.log_model_params(model.model_id, parameters)
    client.log_batch(run_id, metrics, _params(parameters))
    for path, rows in tracked_figures.tables(report).items():
        client.log_table(run_id, pd.DataFrame(rows, dtype=object), f"tables/{path}.json")


def _dataset(data: Mapping[str, Any]) -> Dataset:
    """A fingerprint of the training data, without a row of it."""
    outline = {name: data[name] for name in ("rows", "defaults", "default_rate")}
    return Dataset(
        name="applications",
        digest=data["sha256"][:DIGEST_LENGTH],
        source_type="tables",
        source=json.dumps(data["tables"]),
        profile=json.dumps(outline),
    )


def log_rivals(client: MlflowClient, run: Run, report: Report) -> None:
    """Each model that was compared, as a run below this one."""
    for rival in tracked_figures.rivals(report):
        tags = [RunTag("mlflow.parentRunId", run.info.run_id)]
        child = client.create_run(run.info.experiment_id, run_name=rival.name)
        now = _milliseconds()
        metrics = [Metric(name, value, now, step=0) for name, value in rival.metrics.items()]
        for fold, auc in enumerate(rival.fold_aucs):
            metrics.append(Metric("fold_auc", auc, now, step=fold))
        client.log_batch(child.info.run_id, metrics, _params(rival.parameters), tags)
        client.log_dict(child.info.run_id, rival.row, "figures.json")
        client.set_terminated(child.info.run_id)


def _params(parameters: Mapping[str, str]) -> list[Param]:
    return [Param(name, value) for name, value in parameters.items()]


def _milliseconds() -> int:
    return int(time.time() * 1000)
