"""Where trainings are tracked; known without importing MLflow, which takes seconds."""

import os
from pathlib import Path
from urllib.parse import urlsplit

SERVER_VARIABLE = "MLFLOW_TRACKING_URI"
DEFAULT_FOLDER = Path("build/mlflow")
DATABASE, ARTIFACTS = "mlflow.db", "artifacts"


def tracking_uri(folder: Path) -> str:
    """What the variable names, else a SQLite file in the folder."""
    return os.environ.get(SERVER_VARIABLE) or f"sqlite:///{folder.resolve() / DATABASE}"


def own_artifacts(folder: Path) -> str | None:
    """Where artifacts go; None where a server knows it."""
    return None if os.environ.get(SERVER_VARIABLE) else (folder.resolve() / ARTIFACTS).as_uri()


def is_in_use(folder: Path) -> bool:
    """Whether a server is named, or something was ever tracked in the folder."""
    return bool(os.environ.get(SERVER_VARIABLE)) or (folder / DATABASE).exists()


def without_password(uri: str) -> str:
    user = urlsplit(uri).netloc.rpartition("@")[0]
    return uri.replace(f"{user}@", "", 1) if user else uri
