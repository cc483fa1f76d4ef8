"""Work side by side on all processors: numpy and the kernel let other threads run meanwhile."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def thread_count() -> int:
    """As many as OMP_NUM_THREADS allows, or else as this process has processors."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return os.process_cpu_count() or 1


def by_chunks(work: Callable[[slice], None], n: int, size: int) -> None:
    """Call `work` on slices of at most `size` that make up range(n), in any order."""
    threads = thread_count()
    size = max(1, min(size, -(-n // threads)))  # so that few rows keep all threads busy
    chunks = [slice(start, min(start + size, n)) for start in range(0, n, size)]
    if min(threads, len(chunks)) <= 1:
        for chunk in chunks:
            work(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, chunks):
            pass
