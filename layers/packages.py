"""The dependency layer: what uv.lock pins for the group `layer`, trimmed for Lambda."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from layers.errors import UvFailed, UvMissing
from layers.targets import Target

PYTHON = "3.13"
# In AWS's Python runtime already, always patched: boto3 and all that it brings.
IN_RUNTIME = ("boto3", "botocore", "s3transfer", "python-dateutil", "six", "urllib3")
# Never read when serving. The .so files stay as they are: stripping corrupts OpenBLAS.
UNREAD_FOLDERS = {"tests", "include", "f2py", "_pyinstaller", "bin", "__pycache__"}
# Where the Makefile puts it: then no command needs to be told.
MAKEFILES_UV = Path(__file__).parent.parent / "build" / "tools" / "bin" / "uv"
UNREAD_SUFFIXES = {".pyi", ".pxd", ".pyx", ".h", ".a", ".c", ".lock"}
# These name the building machine or the order of installation.
UNREPRODUCIBLE = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}


def find_uv() -> str:
    """The uv that UV names, else the Makefile's, else one on PATH. Raises UvMissing."""
    uv = os.environ.get("UV") or shutil.which(MAKEFILES_UV) or shutil.which("uv")
    if uv is None or shutil.which(uv) is None:
        raise UvMissing
    return uv


def run_uv(*arguments: str, folder: Path) -> str:
    """Run uv and return what it printed."""
    uv = find_uv()
    done = subprocess.run([uv, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        command = " ".join(arguments[:2])
        raise UvFailed(command=command, code=done.returncode, output=done.stderr)
    return done.stdout


def export_requirements(root: Path, *, group: str, without: tuple[str, ...] = ()) -> str:
    """The pinned requirements of one dependency group, with their hashes; needs no network."""
    left_out = [word for name in without for word in ("--no-emit-package", name)]
    return run_uv("export", "--frozen", "--only-group", group, "--no-emit-project",
                  "--no-header", "--no-annotate", *left_out, folder=root)  # fmt: skip


def install_packages(root: Path, folder: Path, *, target: Target) -> None:
    """Install the pinned wheels for `target` into folder/python, trimmed."""
    site = folder / "python"
    requirements = export_requirements(root, group="layer", without=IN_RUNTIME)
    platform = ["--python-platform", target.uv_platform] if target.uv_platform else []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        # Copies, not hard links: the times set below must not reach uv's cache.
        run_uv("pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:",
               "--no-compile-bytecode", "--link-mode", "copy", "--python-version", PYTHON,
               *platform, "--target", str(site), "-r", file.name, folder=root)  # fmt: skip
    trim(site)


def trim(site: Path) -> None:
    """Remove what no function reads."""
    for path in sorted(site.rglob("*")):
        if path.is_dir() and path.name in UNREAD_FOLDERS:
            shutil.rmtree(path)
        elif path.is_file() and (path.suffix in UNREAD_SUFFIXES or path.name in UNREPRODUCIBLE):
            path.unlink()
