"""The virtual environments that workers run in, made from the lock file.

    python -m infra.local.environments [runtime] [drift]

`runtime` is what AWS puts beside a zip function, `drift` is what the container image installs.
Neither holds the project itself: functions see their own folder and their layers only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from infra.local.errors import EnvironmentFailed, LocalCloudFailed, ToolMissing
from infra.repository import ROOT
from layers.build_cache import BuildCache, digest_inputs
from layers.errors import UvMissing
from layers.packages import find_uv

GROUPS: Final = ("runtime", "drift")


def environment_folder(group: str) -> Path:
    return ROOT / "build" / "venvs" / group


def environment_python(group: str) -> Path:
    return environment_folder(group) / "bin" / "python"


def make_environment(group: str) -> bool:
    """Bring one environment in line with the lock file; False when it already was."""
    # Its stamp lies in the environment: whoever removes one removes both.
    cache, digest = BuildCache(environment_folder(group)), digest_inputs(ROOT, [ROOT / "uv.lock"])
    if cache.is_current("lock", digest, result=environment_python(group)):
        return False
    _sync(group)
    cache.write("lock", digest)
    return True


def _sync(group: str) -> None:
    command = [_find_uv(), "sync", "--frozen", "--only-group", group, "--compile-bytecode",
               "--python", sys.executable]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    environment["UV_PROJECT_ENVIRONMENT"] = str(environment_folder(group))
    finished = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if finished.returncode:
        raise EnvironmentFailed(
            f"uv could not make the {group} environment: see its message above; "
            "it needs the package index or a filled uv cache."
        )


def _find_uv() -> str:
    try:
        return find_uv()
    except UvMissing:
        raise ToolMissing("uv", advice="install it, or set UV to its path") from None


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.environments", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)} (default: all)")
    groups = parser.parse_args().groups or GROUPS
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}: name some of {GROUPS}")
    for group in groups:
        started = time.monotonic()
        try:
            made = make_environment(group)
        except LocalCloudFailed as error:
            raise SystemExit(str(error)) from None
        outcome = f"made in {time.monotonic() - started:.1f} s" if made else "up to date"
        print(f"{group} environment: {outcome}")


if __name__ == "__main__":
    main()
