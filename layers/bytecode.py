"""Byte code and file attributes that are the same in every build."""

import os
import subprocess
import sys
from pathlib import Path

from layers.errors import BuildFailed

# The first day that every zip tool and time zone can store.
FIXED_TIME = 315_619_200


def compile_folder(folder: Path, *, mounted_at: str) -> None:
    """Write .pyc files as they would be if `folder` were `mounted_at` (/opt or /var/task).

    /opt is read-only, so without them every cold start compiles everything again. Unchecked,
    because the comparison with the source costs a file read each and the two cannot differ.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode",
               "unchecked-hash", "-s", str(folder), "-p", mounted_at, str(folder)]  # fmt: skip
    # Sets of constants are written in hash order.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"byte code of {folder} was not written: {done.stdout}{done.stderr}")


def fix_attributes(folder: Path) -> None:
    """Give every file and folder one time and one mode, for identical zips."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (FIXED_TIME, FIXED_TIME))


def folder_size(folder: Path) -> int:
    """Bytes of all files, as Lambda counts them."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
