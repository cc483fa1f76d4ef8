"""Record a training in MLflow, and which model is challenger and champion; never used to serve.

The store is SQLite in a folder, or what MLFLOW_TRACKING_URI names. Importing MLflow takes seconds:
import this module where it is about to be used, and ask `tracking_store` for what it can tell.
"""

import getpass
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

# MLflow reads these while it is imported and on each request: it shall not phone home, nor write
# its diary to the terminal, nor wait twenty minutes for a server that does not answer.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")

import joblib
import requests
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.aws.storage import Store
from credit_scoring.errors import DatasetError
from credit_scoring.registry.bundle import MANIFEST
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from sklearn.pipeline import Pipeline
from sqlalchemy.exc import SQLAlchemyError
from tqdm import tqdm

from training.report.plots.canvas import Plot
from training.tracking import tracked_figures
from training.tracking.store import (
    DEFAULT_FOLDER,
    SERVER_VARIABLE,
    is_in_use,
    own_artifacts,
    tracking_uri,
    without_password,
)
from training.tracking.tracked_figures import Report
from training.tracking.tracked_model import log_pipeline, move_champion, register
from training.tracking.tracked_run import log_figures, log_rivals

MODEL_NAME = "credit-scoring"
# Of MLflow itself, its database, and the places where a server lets clients put artifacts.
FAILURES = (MlflowException, SQLAlchemyError, OSError, Boto3Error, BotoCoreError, ClientError)
# What makes MLflow's pages show training runs first, rather than traces of language models.
EXPERIMENT_TAGS = {"mlflow.experimentKind": "custom_model_development"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tracked:
    """run_id : MLflow's; model_version : number in the registry; uri : of the store"""

    run_id: str
    model_version: str
    uri: str


def track(
    report: Report,
    *,
    store: Store,
    version: str,
    pipeline: Pipeline,
    plots: Sequence[Plot],
    files: Mapping[str, bytes],
    durations: Mapping[str, float],
    folder: Path = DEFAULT_FOLDER,
    model_name: str = MODEL_NAME,
) -> Tracked:
    """Record one training as a run, and register its model as challenger.

    store, version : where the published bundle is
    files : further artifacts by name, such as the model card
    durations : seconds by step
    folder : of the SQLite store and its artifacts, when MLFLOW_TRACKING_URI names no other
    Raises DatasetError when the store cannot be used; what was recorded so far is marked FAILED.
    """
    uri = tracking_uri(folder)
    manifest = hashlib.sha256(store.read(f"{version}/{MANIFEST}")).hexdigest()
    tags = tracked_figures.tags(report, version=version, sha256=manifest)
    bundle = _bundle(store, version)
    with _explained(uri), tqdm(total=6, desc="Track in MLflow", disable=None) as bar:
        client = MlflowClient(uri)
        experiment = _experiment(client, model_name, folder)
        bar.update()
        with _run(client, experiment, version, tags | _circumstances(report)) as run:
            run_id = run.info.run_id
            with TemporaryDirectory() as staged:
                _stage(Path(staged), report, files, plots, pipeline, bundle)
                client.log_artifacts(run_id, staged)
            bar.update()
            model = log_pipeline(client, run, pipeline, name=model_name, tags=tags)
            bar.update()
            log_figures(client, run_id, model, report, durations)
            bar.update()
            log_rivals(client, run, report)
            bar.update()
            number = register(client, model, name=model_name, bundle_version=version)
            bar.update()
    return Tracked(run_id, number, without_password(uri))


def mark_champion(
    version: str, *, folder: Path = DEFAULT_FOLDER, model_name: str = MODEL_NAME
) -> bool:
    """Let MLflow's alias `champion` follow the pointer to a bundle; returns whether it could.

    What serves is decided by the pointer: a store that lacks the model or does not answer is worth
    one line in the log.
    """
    if not is_in_use(folder):
        logger.info("no trainings are tracked in %s: no alias was moved", folder)
        return False
    uri = tracking_uri(folder)
    try:
        with _explained(uri):
            number = move_champion(MlflowClient(uri), model_name, version)
    except DatasetError as error:
        logger.warning("MLflow's alias was not moved: %s", error)
        return False
    if number is None:
        logger.warning("MLflow knows no model of version %s: no alias was moved", version)
    return number is not None


@contextmanager
def _explained(uri: str) -> Iterator[None]:
    """One sentence for whatever a tracking store can fail with."""
    try:
        yield
    except FAILURES as error:
        reason = _reason(error).replace(uri, without_password(uri))
        advice = (
            f"start that server, or unset {SERVER_VARIABLE} to track in a folder"
            if os.environ.get(SERVER_VARIABLE)
            else "move that database away to begin a new one"
        )
        raise DatasetError(
            f"MLflow at {without_password(uri)} failed ({reason}): {advice}, and run this again"
        ) from error


def _reason(error: BaseException) -> str:
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, requests.ConnectionError | requests.Timeout):
            return "it does not answer"
        link = link.__cause__ or link.__context__
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _experiment(client: MlflowClient, name: str, folder: Path) -> str:
    known = client.get_experiment_by_name(name)
    if known is not None:
        return str(known.experiment_id)
    place = own_artifacts(folder)
    return str(client.create_experiment(name, artifact_location=place, tags=EXPERIMENT_TAGS))


def _circumstances(report: Report) -> dict[str, str]:
    """Tags that MLflow's pages show by themselves."""
    known = {
        "mlflow.user": getpass.getuser(),
        "mlflow.source.name": "python -m training run",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": report["lineage"].get("git_commit"),
        "mlflow.note.content": tracked_figures.summary(report),
    }
    return {name: value for name, value in known.items() if value}


@contextmanager
def _run(client: MlflowClient, experiment: str, name: str, tags: dict[str, str]) -> Iterator[Run]:
    run = client.create_run(experiment, run_name=name, tags=tags)
    try:
        yield run
    except BaseException:
        with suppress(*FAILURES):
            client.set_terminated(run.info.run_id, "FAILED")
        raise
    client.set_terminated(run.info.run_id)


def _bundle(store: Store, version: str) -> dict[str, bytes]:
    keys = store.list(f"{version}/")
    return {f"bundle/{key.removeprefix(f'{version}/')}": store.read(key) for key in keys}


def _stage(
    folder: Path,
    report: Report,
    files: Mapping[str, bytes],
    plots: Sequence[Plot],
    pipeline: Pipeline,
    bundle: Mapping[str, bytes],
) -> None:
    """Lay all artifacts down as they shall stand in the run."""
    images = {f"plots/{plot.name}.png": plot.png for plot in plots}
    text = json.dumps(report, indent=1, ensure_ascii=False).encode()
    for name, data in {"report.json": text, **files, **images, **bundle}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    joblib.dump(pipeline, folder / "pipeline.joblib", compress=3)
