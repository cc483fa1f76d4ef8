"""A real runtime environment and a pool of real workers."""

import json
import uuid
from pathlib import Path

import pytest

from infra.local.environments import environment_python, make_environment
from infra.local.function import Function
from infra.local.processes import ProcessGroup
from infra.local.workers import WorkerPool
from tests.local.handlers import APP


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
