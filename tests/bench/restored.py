"""What is left to do for who starts from a snapshot; the bench of cold starts runs it.

python restored.py EVENT COUNT

SnapStart keeps the memory of a process that has imported its handler, and starts others from that.
So does a fork, of which each page that it writes to becomes its own. Its connections are as old as
a snapshot's: nobody uses them any more. _HANDLER names the handler, which is all that is needed.
"""

import gc
import importlib
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

# A connection that rested longer is not used again (credit_scoring.aws.http_calls).
SECONDS_OF_REST = 11
CONTEXT = SimpleNamespace(
    aws_request_id="1",
    function_name="score-api",
    memory_limit_in_mb=1_769,
    invoked_function_arn="arn:aws:lambda:::function:score-api",
    get_remaining_time_in_millis=lambda: 15_000,
)


def main() -> None:
    event, count = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2])
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    time.sleep(SECONDS_OF_REST)
    gc.unfreeze()  # else the collector does not say which pools there are
    pools = [each for each in gc.get_objects() if isinstance(each, ThreadPoolExecutor)]
    for _ in range(count):
        began = time.monotonic()
        if os.fork() == 0:
            revive(pools)
            status = handler(event, CONTEXT)["statusCode"]
            seconds = time.monotonic() - began
            told = {"status": status, "seconds": seconds, "megabytes": own_megabytes()}
            os.write(2, json.dumps(told).encode() + b"\n")
            os._exit(0)
        os.wait()


def revive(pools: list[ThreadPoolExecutor]) -> None:
    """A snapshot has its threads, a fork has none: pools begin new ones when they are asked."""
    for pool in pools:
        pool._threads = set()
        pool._idle_semaphore = threading.Semaphore(0)


def own_megabytes() -> float:
    """What this process has that its parent has not."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    pages = [line.split() for line in lines if line.startswith("Private_")]
    return sum(int(kilobytes) for _, kilobytes, _ in pages) / 1024


main()
