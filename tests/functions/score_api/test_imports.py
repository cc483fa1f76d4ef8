"""What a cold start pays for: which modules load until the first score is answered, not how long.

Measured in the layer and function that were built for this machine, as awslambdaric starts them.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from credit_scoring.aws.clients import client

from functions.score_api.origin import HEADER
from infra.local.environments import environment_python
from layers.targets import find_target
from tests.functions.score_api.conftest import ENVIRONMENT, read_event
from tests.profile_table import make_call_table
from tests.repository import ROOT

LAYERS = ROOT / "build" / "layers" / find_target("host").name
FUNCTION = ROOT / "build" / "functions" / "score_api"
FOLDERS = (FUNCTION, LAYERS / "credit_scoring" / "python", LAYERS / "dependencies" / "python")
PYTHON = environment_python("runtime")

# Beside the standard library. Whoever adds a package here makes every cold start slower.
PACKAGES = {
    "awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py",  # the runtime itself
    "numpy", "credit_scoring", "functions",
}  # fmt: skip
SECRET = "s" * 48
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
# Parts of what may be there that no request needs, and that come back with one careless call
# (np.unique brings numpy.ma, asyncio came with Powertools' resolver and with X-Ray's SDK).
UNWANTED = {
    "asyncio", "multiprocessing", "numpy.ma", "numpy.random", "numpy.testing", "numpy.polynomial",
    "numpy.fft", "numpy.f2py", "jsonschema", "requests", "credit_scoring.trees.shap_by_table",
    "credit_scoring.stored.applicant_lists", "credit_scoring.stored.cases",
    "credit_scoring.stored.batches", "credit_scoring.audit_trail.decision_log", "tempfile",
    "functions.batch_scorer", "functions.drift_monitor",
}  # fmt: skip
# 384 were counted; 610 with Powertools and X-Ray's SDK.
MOST_MODULES = 388

PROGRAM = """
import gc, json, sys
from types import SimpleNamespace
import awslambdaric.bootstrap
from functions.score_api.handler import handler
event = json.load(open(sys.argv[1]))
collector = {"runs": gc.isenabled(), "left_alone": gc.get_freeze_count()}
context = SimpleNamespace(aws_request_id="1", function_name="score-api", memory_limit_in_mb=1769,
                          invoked_function_arn="arn:aws:lambda:::function:score-api")
answer = handler(event, context)
print(json.dumps({"status": answer["statusCode"], "modules": list(sys.modules),
                  "standard": list(sys.stdlib_module_names), "collector": collector}),
      file=sys.stderr)
"""

pytestmark = pytest.mark.skipif(
    not (LAYERS.is_dir() and FUNCTION.is_dir() and PYTHON.exists()),
    reason="nothing is built for this machine: make host-layers and make demo build it",
)


@pytest.fixture
def loaded(champion, profile, aws_address: str, tmp_path: Path) -> dict[str, Any]:
    """The modules after one score, with the model, the profile and the record on AWS."""
    event = read_event("predict")
    event["headers"][HEADER] = SECRET
    make_call_table("calls")
    held = json.dumps({"current": SECRET, "previous": ""})
    client("secretsmanager").create_secret(Name="origin", SecretString=held)
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event | {"body": json.dumps(profile.application)}))
    environment = {
        **ENVIRONMENT, "PATH": os.defpath, "_X_AMZN_TRACE_ID": TRACE,
        "ORIGIN_SECRET": "origin", "CALLS_TABLE": "calls",
        "CALLS_OF_PERSON": "1200", "CALLS_OF_MACHINE": "6000",
        "AWS_ENDPOINT_URL": aws_address,
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9",  # AWS traces
        "LAMBDA_TASK_ROOT": str(FUNCTION),
        "PYTHONPATH": os.pathsep.join(map(str, FOLDERS)), "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    command = [str(PYTHON), "-P", "-c", PROGRAM, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stderr.splitlines()[-1])


def test_the_first_score_is_answered(loaded):
    assert loaded["status"] == 200
    assert "credit_scoring.scoring" in loaded["modules"]


def test_a_cold_start_loads_no_package_beyond_its_budget(loaded):
    tops = {name.partition(".")[0] for name in loaded["modules"]}
    own = {"__main__", "__mp_main__"} | {name for name in tops if name.startswith("_")}
    assert tops - set(loaded["standard"]) - own - PACKAGES == set()


def test_a_cold_start_loads_nothing_that_no_request_needs(loaded):
    assert set(loaded["modules"]) & UNWANTED == set()


def test_a_cold_start_loads_no_more_modules_than_it_did(loaded):
    assert len(loaded["modules"]) <= MOST_MODULES


def test_the_collector_runs_again_after_the_import_and_leaves_alone_what_was_imported(loaded):
    assert loaded["collector"]["runs"]
    assert loaded["collector"]["left_alone"] > 20_000
