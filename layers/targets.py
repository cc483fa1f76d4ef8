"""The machines a build is for, under the names that AWS, uv and Python give them."""

import platform
import sys
from dataclasses import dataclass

# Lambda's Python 3.13 runs on Amazon Linux 2023 (glibc 2.34), which accepts this baseline.
MANYLINUX = "manylinux_2_28"
UV_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
LAMBDA_NAMES = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}


@dataclass(frozen=True)
class Target:
    """name : the folder under build/layers; uv_platform : None for this very machine."""

    name: str
    uv_platform: str | None


def find_target(name: str) -> Target:
    """Translate arm64, x86_64 or host; on Linux the host is one of the other two."""
    if name != "host":
        return Target(name, f"{UV_MACHINES[name]}-{MANYLINUX}")
    machine = LAMBDA_NAMES.get(platform.machine().lower())
    if sys.platform == "linux" and machine is not None:
        return find_target(machine)
    return Target("host", None)
