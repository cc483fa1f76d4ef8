"""Nothing outlives its owner, however the owner ends."""

import signal
import subprocess
import sys
import time

import pytest

from tests.infra.local.conftest import is_running
from tests.repository import ROOT

OWNER = """
import signal, sys, time
from infra.local.processes import ProcessGroup
from infra.local.lambda_runtime.function import Function
from infra.local.lambda_runtime.workers import WorkerPool
from pathlib import Path

# A shell that starts the tests in the background leaves Ctrl-C ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
group = ProcessGroup()
code = Path(sys.argv[2])
pool = WorkerPool(Function(name="t", handler="app.handler", python=Path(sys.argv[1]), code=code,
                           timeout=30), group)
for event in (b'{"do": "describe"}', b'{"do": "spawn"}'):
    print(pool.invoke(event, request_id="1").payload.decode(), flush=True)
time.sleep(60)
"""


def wait_until_gone(pids, seconds=5):
    end = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(is_running(pid) for pid in pids)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_and_their_children_end_with_their_owner(how, make_pool, runtime_python):
    code = make_pool().function.code
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, runtime_python, code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    worker = int(owner.stdout.readline().split('"pid": ')[1].split(",")[0])
    child = int(owner.stdout.readline())
    assert is_running(worker)
    assert is_running(child)
    owner.send_signal(how)
    owner.wait()
    assert wait_until_gone([worker, child])


def test_a_closed_group_lets_processes_end_by_themselves_first(group, tmp_path):
    told = tmp_path / "told"
    script = f"trap 'echo goodbye > {told}; exit' TERM; echo ready; while :; do sleep 0.05; done"
    process = group.start(["/bin/sh", "-c", script], stdout=subprocess.PIPE)
    process.stdout.readline()
    group.close(grace=5)
    assert told.read_text() == "goodbye\n"
    assert process.poll() is not None
