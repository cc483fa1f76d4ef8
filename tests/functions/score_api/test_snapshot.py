"""What a process tells that was frozen after its import and is started again and again.

A fork after the import stands for the start from a snapshot: it has the memory of that moment.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.metrics import Metric
from credit_scoring.registry.champion import CHAMPION

from tests.functions.score_api.conftest import ENVIRONMENT, read_event
from tests.repository import ROOT

STARTS = 3
PROGRAM = """
import json, os, shutil, sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from functions.score_api.handler import handler, service

models, repaired = sys.argv[1:3]
event = json.load(open(sys.argv[3]))
context = SimpleNamespace(aws_request_id="1", function_name="score-api", memory_limit_in_mb=1769,
                          invoked_function_arn="arn:aws:lambda:::function:score-api")
print("STARTS", flush=True)
if repaired:
    shutil.rmtree(models)
    shutil.copytree(repaired, models)
for start in range(int(sys.argv[4])):
    child = os.fork()
    if not child:
        service.model._pool = ThreadPoolExecutor(1)  # a fork, unlike a snapshot, has no threads
        handler(event, context)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    print("STARTS", flush=True)
"""


def told_by_each_start(tmp_path: Path, models: Path, *, repaired: Path | None) -> list[list[dict]]:
    """The metrics of the import, then those of each process that was started from it."""
    event = tmp_path / "event.json"
    event.write_text(json.dumps(read_event("model")))
    environment = {
        **ENVIRONMENT, "PATH": os.defpath, "MODELS_URL": str(models),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # nobody: no table and no bucket is asked here
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "layers/credit_scoring/python"))),
    }  # fmt: skip
    arguments = [str(models), str(repaired or ""), str(event), str(STARTS)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    parts = done.stdout.split("STARTS\n")[: STARTS + 1]
    return [[json.loads(line) for line in part.splitlines() if "_aws" in line] for part in parts]


def failures(metrics: list[dict]) -> float:
    name = Metric.MODEL_LOAD_FAILURES
    return sum(sum(told[name]) for told in metrics if name in told)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A pointer that leads to nothing."""
    folder = tmp_path / "models"
    FolderStore(folder).write(CHAMPION, b'{"version": "gone"}')
    return folder


@pytest.fixture
def repaired(tmp_path: Path, small_model) -> Path:
    folder = tmp_path / "repaired"
    small_model.publish(FolderStore(folder))
    return folder


def test_a_load_that_failed_at_import_is_not_told_of_by_those_that_start_later(
    broken, tmp_path, repaired
):
    imported, *starts = told_by_each_start(tmp_path, broken, repaired=repaired)
    assert len(starts) == STARTS
    assert all(starts), "each start answers, and so tells something"
    assert [failures(told) for told in (imported, *starts)] == [0] * (STARTS + 1)


def test_a_load_that_still_fails_is_told_of_by_the_request_that_found_it(broken, tmp_path):
    imported, *starts = told_by_each_start(tmp_path, broken, repaired=None)
    assert failures(imported) == 0
    assert [failures(told) for told in starts] == [1] * STARTS
