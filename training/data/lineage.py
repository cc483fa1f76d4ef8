"""Where a model comes from: the code, the libraries and the data that made it."""

import hashlib
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIBRARIES = ("lightgbm", "numpy", "duckdb", "scikit-learn")


def read_lineage() -> dict[str, Any]:
    """git_commit is None, and git_dirty too, where the code is no git repository."""
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return {
        "git_commit": _git("rev-parse", "HEAD"),
        "git_dirty": None if changes is None else bool(changes),
        "lock_sha256": _sha256(ROOT / "uv.lock"),
        "python": platform.python_version(),
    } | {name: version(name) for name in LIBRARIES}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", ROOT, *arguments],  # noqa: S607  # whichever git the user works with
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
