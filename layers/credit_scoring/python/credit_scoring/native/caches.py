"""Rows for which the tables are walked through together: as many as this processor bears.

A table is read once for all of them, from memory or a cache that all cores share; their sums for
the features of one tree must stay in the core's own. The number changes no bit.
"""

import os
from functools import cache
from pathlib import Path

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
# Sums of a row for some two dozen features of a tree, and what else is in use: measured best at 2
# MB, and in the model of a cache of 1 MB (docs/performance.md).
BYTES_A_ROW = 256
FEWEST, MOST = 512, 8192
USUAL_BYTES = 1 << 20


@cache
def rows_in_step() -> int:
    return min(max(core_cache_bytes() // BYTES_A_ROW, FEWEST), MOST)


def core_cache_bytes() -> int:
    """Size of the second-level cache, or what most processors have where nothing tells."""
    return _told_by_linux() or _told_by_the_c_library() or USUAL_BYTES


def _told_by_linux() -> int:
    """Lambda's sandbox may show no such files."""
    for folder in sorted(CACHES.glob("index*")):
        try:
            level, size = ((folder / name).read_text().strip() for name in ("level", "size"))
        except OSError:
            continue
        if level == "2" and size.endswith("K") and size[:-1].isdecimal():
            return int(size[:-1]) << 10
    return 0


def _told_by_the_c_library() -> int:
    try:
        return max(0, os.sysconf("SC_LEVEL2_CACHE_SIZE"))
    except (ValueError, OSError):
        return 0
