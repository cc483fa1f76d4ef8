"""Rows side by side on all processors: numpy and the kernel let other threads run while they work."""

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
    chunks = [slice(start, min(start + size, n)) for start in range(0, n, size)]
    threads = min(thread_count(), len(chunks))
    if threads <= 1:
        for chunk in chunks:
            work(chunk)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, chunks):
            pass
