"""A real runtime environment and a pool of real workers."""

import json
import time
import uuid
from pathlib import Path

import pytest

from infra.local.demo.running import is_healthy
from infra.local.demo.steps import ROOT, python
from infra.local.environments import environment_python, make_environment
from infra.local.lambda_runtime.function import Function
from infra.local.lambda_runtime.workers import WorkerPool
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup
from infra.local_cloud import local_access
from tests.infra.local.handlers import APP


@pytest.fixture(scope="session")
def runtime_python():
    make_environment("runtime")
    return environment_python("runtime")


@pytest.fixture
def group():
    with ProcessGroup() as group:
        yield group


@pytest.fixture
def make_pool(tmp_path, runtime_python, group):
    """Build a pool around some source text of app.py."""
    pools = []

    def make(source=APP, **settings):
        code = tmp_path / f"task-{len(pools)}"
        code.mkdir()
        (code / "app.py").write_text(source)
        settings = {"name": "test", "handler": "app.handler", "timeout": 5, **settings}
        pools.append(WorkerPool(Function(python=runtime_python, code=code, **settings), group))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def invoke():
    """Send a JSON event; the outcome and its decoded payload."""

    def send(pool, **event):
        outcome = pool.invoke(json.dumps(event).encode(), request_id=str(uuid.uuid4()))
        return outcome, json.loads(outcome.payload or b"null")

    return send


def is_running(pid):
    """Not a zombie: a killed child of a dead parent may wait for its reaper."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def start_emulator(group, folder, port):
    command = python(
        "infra.local.emulation.emulator", "--port", str(port), "--data", folder / "data"
    )
    with (folder / "log").open("wb") as log:
        process = group.start(command, cwd=ROOT, stdout=log)
    end = time.monotonic() + 30
    while not is_healthy(port) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    return process


@pytest.fixture(scope="session")
def emulator(tmp_path_factory, runtime_python):
    folder, [port] = tmp_path_factory.mktemp("cloud"), find_free_ports(1)
    with ProcessGroup() as group:
        process = start_emulator(group, folder, port)
        yield process.pid, port
        group.close(grace=5)


@pytest.fixture(scope="session")
def cloud(emulator):
    return local_access(emulator[1])


def wait_for(question, seconds=10):
    end = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.1)
    return answer
