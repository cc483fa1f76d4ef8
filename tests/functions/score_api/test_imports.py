"""What a cold start pays for."""

import os
import subprocess
import sys
from pathlib import Path

from tests.functions.score_api.conftest import ENVIRONMENT

ROOT = Path(__file__).parents[3]
# Training's libraries, and what only tests and other functions need.
UNWANTED = ("lightgbm", "pandas", "sklearn", "scipy", "shap", "duckdb", "requests", "pydantic",
            "moto", "functions.batch_scorer", "functions.drift_monitor")  # fmt: skip


def test_a_cold_start_imports_nothing_that_no_request_needs(tmp_path):
    places = {"MODELS_URL": str(tmp_path), "RECORDS_URL": str(tmp_path)}
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers/credit_scoring/python")])
    found = subprocess.run(
        [sys.executable, "-P", "-c",
         "import functions.score_api.handler, sys; print(*sys.modules, file=sys.stderr)"],
        env={**os.environ, **ENVIRONMENT, **places, "PYTHONPATH": path},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(found.stderr.split())
    assert "credit_scoring.scoring" in loaded
    assert loaded.isdisjoint(UNWANTED)
