"""Lambda functions as real runtime processes: `awslambdaric`, started as AWS starts it.

A worker serves one invocation at a time and is kept for the next one. Limits are AWS's: 10 s to
initialise, the function's timeout per invocation, its memory, 6 MB of answer. A worker that
breaks one is killed and replaced.
"""

from __future__ import annotations

import json
import queue
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from typing import Final

from infra.local.lambda_runtime.function import Function, worker_environment
from infra.local.lambda_runtime.runtime_api import (
    RESPONSE_LIMIT,
    Invocation,
    InvocationResult,
    RuntimeApi,
)
from infra.local.lambda_runtime.worker_log import WorkerLog
from infra.local.processes import ProcessGroup

INIT_LIMIT: Final = 10.0  # seconds
_WATCH: Final = 0.1  # seconds between two looks at a busy worker's memory


@dataclass(frozen=True)
class Outcome:
    """The end of one invocation.

    `payload` is JSON: the handler's answer or, when `failed`, the error as AWS words it.
    `duration` and `init_duration` are seconds (the latter 0 in a warm worker).
    """

    payload: bytes
    failed: bool
    log: list[str] = field(default_factory=list)
    duration: float = 0.0
    init_duration: float = 0.0
    memory_used: int = 0  # MB


class Worker:
    """One execution environment: a process, its Runtime API and its own scratch folder."""

    def __init__(self, function: Function, group: ProcessGroup) -> None:
        self.function = function
        self._started = time.monotonic()
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{function.name[:40]}-"))
        self._api = RuntimeApi()
        self._process = group.start(
            [function.python, "-m", "awslambdaric", function.handler],
            cwd=function.code,
            env=worker_environment(function, api_address=self._api.address, scratch=self._scratch),
            stdout=PIPE,
        )
        assert self._process.stdout
        self._log = WorkerLog(self._process.stdout)
        threading.Thread(target=self._follow, daemon=True, name="worker-log").start()
        self.init_duration = 0.0
        self._peak = 0

    @property
    def usable(self) -> bool:
        return self._process.poll() is None and self._api.answers.empty()

    def initialise(self) -> bool:
        """Wait for the handler module to be imported; False when that takes more than 10 s."""
        end = self._started + INIT_LIMIT
        while time.monotonic() < end:
            if self._api.asked_for_work.wait(0.02):
                self.init_duration = time.monotonic() - self._started
                return True
            if not self.usable:
                return True  # it failed: the invocation will say how
        return False

    def invoke(self, payload: bytes, *, request_id: str, arn: str, trace_id: str) -> Outcome:
        """Run one event through the handler. The worker is closed unless it can serve again."""
        began = time.monotonic()
        deadline_ms = int((time.time() + self.function.timeout) * 1000)
        self._api.invocations.put(Invocation(request_id, payload, deadline_ms, arn, trace_id))
        answer = self._wait_for_answer(began + self.function.timeout)
        duration = time.monotonic() - began
        memory = self.memory_used()
        body = self._finish(answer, request_id)
        init_duration, self.init_duration = self.init_duration, 0.0
        return Outcome(
            payload=body,
            failed=answer is None or answer.kind != "response",
            log=self._log.take(wait_for_end=0.0 if self.usable else 1.0),
            duration=duration,
            init_duration=init_duration,
            memory_used=memory,
        )

    def memory_used(self) -> int:
        """Peak resident memory in MB; 0 where the system does not tell."""
        self._peak = max(self._peak, self._memory("VmHWM:"))
        return self._peak

    def close(self) -> None:
        """Kill the process and remove what it left; safe to call twice."""
        self._process.kill()
        self._process.wait()
        self._api.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _follow(self) -> None:
        self._log.follow()
        self._api.answers.put(InvocationResult("exit"))

    def _wait_for_answer(self, end: float) -> InvocationResult | None:
        while (left := end - time.monotonic()) > 0:
            try:
                return self._api.answers.get(timeout=min(left, _WATCH))
            except queue.Empty:
                self.memory_used()
                if self._memory("VmRSS:") > self.function.memory:
                    self._process.kill()
        return None

    def _finish(self, answer: InvocationResult | None, request_id: str) -> bytes:
        if answer is not None and answer.kind in ("response", "error"):
            return answer.body
        status = self._process.wait() if answer is not None and answer.kind == "exit" else 0
        self.close()
        if answer is not None and answer.kind == "init-error":
            return answer.body
        return _failure(answer, request_id, self.function.timeout, status)

    def _memory(self, field_name: str) -> int:
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return 0
        sizes = [line.split()[1] for line in status.splitlines() if line.startswith(field_name)]
        return int(sizes[0]) // 1024 if sizes else 0


class WorkerPool:
    """The workers of one function version: warm ones first, new ones up to its concurrency."""

    def __init__(self, function: Function, group: ProcessGroup) -> None:
        self.function = function
        self._group = group
        self._slots = threading.BoundedSemaphore(function.concurrency)
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self._closed = False

    def invoke(
        self, payload: bytes, *, request_id: str, arn: str = "", trace_id: str = ""
    ) -> Outcome:
        with self._slots:
            worker = self._warm_worker() or self._cold_worker()
            outcome = worker.invoke(
                payload, request_id=request_id, arn=arn or self.function.arn, trace_id=trace_id
            )
            self._give_back(worker)
        return outcome

    def warm(self) -> None:
        """Start one worker and keep it for the first invocation."""
        worker = self._cold_worker()
        worker.init_duration = 0.0
        self._give_back(worker)

    def close(self) -> None:
        """End the idle workers now and the busy ones after their invocation."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()

    def _warm_worker(self) -> Worker | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                worker = self._idle.pop()
            if worker.usable:
                return worker
            worker.close()

    def _cold_worker(self) -> Worker:
        worker = Worker(self.function, self._group)
        if worker.initialise():
            return worker
        # AWS then starts again, and this time within the invocation's own timeout.
        worker.close()
        return Worker(self.function, self._group)

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            keep = worker.usable and not self._closed
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.close()


def _failure(
    answer: InvocationResult | None, request_id: str, timeout: float, status: int
) -> bytes:
    if answer is None:
        kind, text = "Sandbox.Timedout", f"Task timed out after {timeout:.2f} seconds"
    elif answer.kind == "too-large":
        kind = "Function.ResponseSizeTooLarge"
        text = (
            f"Response payload size ({answer.body.decode()} bytes) exceeded "
            f"maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
        )
        return json.dumps({"errorType": kind, "errorMessage": text}).encode()
    else:
        kind, text = "Runtime.ExitError", f"Runtime exited with error: {_exit_words(status)}"
    message = f"RequestId: {request_id} Error: {text}"
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _exit_words(status: int) -> str:
    if status == -9:
        return "signal: killed"
    return f"signal: {-status}" if status < 0 else f"exit status {status}"
