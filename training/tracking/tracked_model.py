"""The scikit-learn pipeline in MLflow: as a logged model, and as a version in the registry.

Import `training.tracking.track` first, which sets MLflow up.
"""

import json
from importlib.metadata import version as version_of
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow.sklearn
import numpy as np
from credit_scoring.contract.columns import INPUTS, Column
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus, Run
from mlflow.exceptions import MlflowException
from mlflow.models import Model, ModelSignature
from mlflow.types import ColSpec, Schema, TensorSpec
from mlflow.types.schema import AnyType
from sklearn.pipeline import Pipeline

CHALLENGER, CHAMPION = "challenger", "champion"
PACKAGES = ("scikit-learn", "lightgbm", "numpy", "pandas")  # what the pipeline needs, and this code
ALREADY_EXISTS = "RESOURCE_ALREADY_EXISTS"
VERSION_TAG = "bundle_version"
DESCRIPTION = (
    "Probability that a loan applicant defaults. Load it with `mlflow.sklearn.load_model` where "
    "this project is installed; the bundle that serves is among the artifacts of the run."
)


def log_pipeline(
    client: MlflowClient, run: Run, pipeline: Pipeline, *, name: str, tags: dict[str, str]
) -> LoggedModel:
    """Store the pipeline as a model of this run; it is told what it takes, but shown nobody."""
    run_id = run.info.run_id
    model = client.create_logged_model(
        run.info.experiment_id, name=name, source_run_id=run_id, tags=tags, model_type="classifier"
    )
    about = Model(artifact_path=model.artifact_location, run_id=run_id, model_id=model.model_id)
    with TemporaryDirectory() as folder:
        mlflow.sklearn.save_model(
            pipeline,
            str(Path(folder, "model")),
            mlflow_model=about,
            # MLflow knows no joblib; a plain pickle is what joblib writes, but for large arrays.
            serialization_format=mlflow.sklearn.SERIALIZATION_FORMAT_PICKLE,
            pyfunc_predict_fn="predict_proba",
            signature=_signature(),
            # Given, because MLflow would otherwise load the model in a process to find them out.
            pip_requirements=[f"{package}=={version_of(package)}" for package in PACKAGES],
        )
        client.log_model_artifacts(model.model_id, str(Path(folder, "model")))
    client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    return model


def register(client: MlflowClient, model: LoggedModel, *, name: str, bundle_version: str) -> str:
    """A new version of the registered model, as challenger; returns its number."""
    try:
        client.create_registered_model(name, description=DESCRIPTION)
    except MlflowException as error:
        if error.error_code != ALREADY_EXISTS:
            raise
    version = client.create_model_version(
        name,
        # The place itself: a "models:/" address is looked up in whatever store is the global one.
        source=model.artifact_location,
        run_id=model.source_run_id,
        model_id=model.model_id,
        tags={VERSION_TAG: bundle_version},
    )
    listed = json.dumps([{"name": name, "version": version.version}])
    client.set_logged_model_tags(model.model_id, {"mlflow.modelVersions": listed})
    client.set_registered_model_alias(name, CHALLENGER, version.version)
    return str(version.version)


def move_champion(client: MlflowClient, name: str, bundle_version: str) -> str | None:
    """Make the newest version that holds this bundle champion; None when there is none.

    A promoted challenger is no challenger any more.
    """
    wanted = f"name = '{name}' and tag.{VERSION_TAG} = '{bundle_version}'"
    found = client.search_model_versions(wanted)
    if not found:
        return None
    number = max(int(version.version) for version in found)
    client.set_registered_model_alias(name, CHAMPION, str(number))
    aliases = client.get_registered_model(name).aliases
    if str(aliases.get(CHALLENGER)) == str(number):
        client.delete_registered_model_alias(name, CHALLENGER)
    return str(number)


def _signature() -> ModelSignature:
    """The contract's columns; the chances of repaying and of default come out."""
    columns = Schema([_column(column) for column in INPUTS.values()])
    chances = Schema([TensorSpec(np.dtype("float64"), (-1, 2))])
    return ModelSignature(inputs=columns, outputs=chances)


def _column(column: Column) -> ColSpec:
    """Only categories have a type for MLflow.

    pandas reads whole numbers as int64, or as float64 as soon as one is missing, and MLflow takes
    neither for the other; the pipeline checks every value by the contract.
    """
    anything = AnyType()  # type: ignore[no-untyped-call]
    required = column.required and column.type != "id"
    return ColSpec("string" if column.is_category else anything, column.name, required=required)
