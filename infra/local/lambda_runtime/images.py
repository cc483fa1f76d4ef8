"""A container image's build context, read for what Lambda would take from the image.

Its folder stands for /var/task; of the Dockerfile only CMD (the handler) and ENV count here, since
the packages that it installs are those of the drift environment.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from infra.local.errors import FunctionCannotRun


def image_handler(folder: Path, *, function: str, command: list[str] | None) -> str:
    """The handler from the function's ImageConfig.Command, else from the Dockerfile's last CMD."""
    if command:
        return command[0]
    commands = re.findall(r'^CMD\s*\[\s*"([^"]+)"', _dockerfile(folder), re.MULTILINE)
    if not commands:
        raise FunctionCannotRun(f"The image of {function} names no handler (CMD).")
    return str(commands[-1])


def image_environment(folder: Path) -> dict[str, str]:
    """The variables that the Dockerfile's ENV lines set."""
    lines = re.findall(r"^ENV\s+(.+)$", _dockerfile(folder), re.MULTILINE)
    pairs = [word.partition("=") for line in lines for word in shlex.split(line)]
    return {name: value for name, _, value in pairs}


def _dockerfile(folder: Path) -> str:
    path = folder / "Dockerfile"
    return path.read_text() if path.is_file() else ""
