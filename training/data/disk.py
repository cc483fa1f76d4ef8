"""What can go wrong with the disk, said in one sentence."""

import errno
import shutil
from pathlib import Path

from credit_scoring.errors import DatasetError

FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
NOT_A_FOLDER = (errno.EEXIST, errno.ENOTDIR)


def require_space(folder: Path, needed: int) -> None:
    """Raises DatasetError when the disk of a folder, existing or not, has fewer bytes free."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise DatasetError(
            f"the disk of {folder} has {free / 1e9:.1f} GB free and about {needed / 1e9:.1f} GB "
            "are needed: free some space or choose another folder with --out"
        )


def cannot_write(folder: Path, error: Exception) -> DatasetError:
    """What to raise for a write that failed.

    error : an OSError, or an error of a library that quotes the system's words
    """
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL or "No space left" in str(error):
        problem = f"the disk of {folder} is full: free some space or choose"
    elif number in FORBIDDEN or "Permission denied" in str(error):
        problem = f"{folder} may not be written to: change its rights or choose"
    elif number in NOT_A_FOLDER:
        problem = f"{folder} is a file or lies under one: choose"
    else:
        problem = f"{folder} cannot be written ({_reason(error)}): choose"
    return DatasetError(f"{problem} another folder with --out")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error).split("\n")[0]
