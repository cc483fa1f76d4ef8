"""The batch function in processes that may be killed: forked from one that has imported it."""

import os
import sys
import time
import traceback
from functools import cache
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.e2e.batch_cloud import Event, environment

READ_TIMEOUT = 0.4
PART_BYTES = 1_500
CONTEXT = get_context("forkserver")
# Every child runs the main module, which is pytest.
CONTEXT.set_forkserver_preload(["tests.e2e.batch_worker_imports", "pytest"])
# As often as Lambda tries an asynchronous event.
TRIES = 3


def start(address: str, event: Event, **how: Any) -> BaseProcess:
    """One invocation in a process of its own.

    It exits with 0 when the handler returned, 1 when it raised an error of ours, to be tried again.
    """
    process = CONTEXT.Process(target=_exit, args=(address, event), kwargs=how, daemon=True)
    process.start()
    return process


def invoke(
    address: str, event: Event, *, remaining_ms: float = 900_000, impatient: bool = False,
    **settings: str,
) -> None:  # fmt: skip
    """Raises what the handler raises."""
    os.environ.update(environment(address) | settings)
    if impatient:
        _lose_patience()
    from functions.batch_scorer import batch_resources
    from functions.batch_scorer.handler import handler

    batch_resources._load.cache_clear()  # a new instance has no model yet

    context = SimpleNamespace(
        aws_request_id="1", function_name="batch-scorer", memory_limit_in_mb=2048,
        invoked_function_arn="arn:aws:lambda:::function:batch-scorer",
        get_remaining_time_in_millis=lambda: remaining_ms,
    )  # fmt: skip
    handler(event, context)


def deliver(address: str, event: Event, **how: Any) -> bool:
    """Whether the handler returned; for the many workers of a pool."""
    from credit_scoring.errors import CreditScoringError

    try:
        invoke(address, event, **how)
    except CreditScoringError:
        return False
    return True


def be_quiet() -> None:
    """Nobody reads a worker's log lines."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def _exit(address: str, event: Event, **how: Any) -> None:
    be_quiet()
    # 2: not what the handler may raise; its traceback is on stderr.
    try:
        done = deliver(address, event, **how)
    except BaseException:  # noqa: BLE001  (told by the exit code)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(2)
    os._exit(0 if done else 1)


@cache
def _lose_patience() -> None:
    """Time-outs and pauses shortened, objects sent in small parts: a test has little time."""
    import botocore.config
    import botocore.retries.standard
    from credit_scoring.aws import object_streams as streams
    from credit_scoring.aws import signed_calls as direct
    from credit_scoring.aws.http_calls import Timeouts

    class Impatient(botocore.config.Config):
        def __init__(self, *given: Any, **settings: Any) -> None:
            super().__init__(*given, **settings | {"read_timeout": READ_TIMEOUT})

    botocore.config.Config = Impatient
    botocore.retries.standard.ExponentialBackoff.delay_amount = lambda *_: 0.01
    streams.PART_BYTES = PART_BYTES
    direct.S3_PATIENCE = direct.DYNAMODB_PATIENCE = Timeouts(1, READ_TIMEOUT, 6)
    pause = time.sleep
    time.sleep = lambda seconds: pause(min(seconds, 0.01))
