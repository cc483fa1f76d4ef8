"""Holds this process, and what it starts, to a share of the machine's processors, as Lambda does.

Lambda gives a function a processor for each 1,769 MB of its memory (AWS, "Configure Lambda function
memory"). Linux's control groups do it here, where this user may make one: cpu.max of the second
version, cpu.cfs_quota_us of the first.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MB_A_PROCESSOR = 1_769
_PERIOD_US = 20_000
_SECOND, _FIRST = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")


class NoQuota(Exception):
    """This machine lets nobody be held to a share."""


@contextmanager
def as_with_memory(megabytes: int) -> Iterator[None]:
    """Raises NoQuota."""
    quota = round(_PERIOD_US * megabytes / MB_A_PROCESSOR)
    home, group = _make_group()
    try:
        _hold_to(group, quota)
        (group / "cgroup.procs").write_text(str(os.getpid()))
        yield
    finally:
        with suppress(OSError):
            (home / "cgroup.procs").write_text(str(os.getpid()))
            group.rmdir()


def _make_group() -> tuple[Path, Path]:
    home = _FIRST if (_FIRST / "cgroup.procs").exists() else _SECOND
    group = home / f"bench-{os.getpid()}"
    try:
        group.mkdir(exist_ok=True)
    except OSError as error:
        raise NoQuota(f"no control group may be made: {error.strerror}") from error
    return home, group


def _hold_to(group: Path, quota: int) -> None:
    try:
        if (group / "cpu.cfs_quota_us").exists():
            (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (group / "cpu.max").write_text(f"{quota} {_PERIOD_US}")
    except OSError as error:
        raise NoQuota(f"its processor cannot be held: {error.strerror}") from error
