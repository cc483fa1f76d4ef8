"""The programs that a release calls, and what this machine must have for them."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import boto3

from infra.release.errors import CommandFailed, NotReady
from infra.repository import ROOT

CDK_FOLDER: Final = ROOT / "infra"
PROCESSORS: Final = {"aarch64": "arm64", "arm64": "arm64", "amd64": "x86_64", "x86_64": "x86_64"}
# Where Linux keeps what starts other processors' programs.
EMULATORS: Final = Path("/proc/sys/fs/binfmt_misc")
BINFMT_NAMES: Final = {"arm64": "arm64", "x86_64": "amd64"}
EMULATOR_NAMES: Final = {"arm64": "qemu-aarch64", "x86_64": "qemu-x86_64"}


def run(command: Sequence[str | Path], *, folder: Path = ROOT) -> None:
    """Its words are the user's; raises CommandFailed."""
    code = subprocess.run([str(part) for part in command], cwd=folder, check=False).returncode
    if code:
        raise CommandFailed(" ".join(str(part) for part in command[:4]), code)


def install_cdk() -> None:
    """The pinned command line, from the lock file."""
    if not (CDK_FOLDER / "node_modules" / ".bin" / "cdk").exists():
        run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder=CDK_FOLDER)


def cdk(*arguments: str, context: Mapping[str, str]) -> None:
    named = [part for name, value in context.items() for part in ("-c", f"{name}={value}")]
    run(["npx", "cdk", *arguments, *named], folder=CDK_FOLDER)


def find_region() -> str:
    """Where the CDK's command line deploys to: the same places, in the same order."""
    region: str | None = boto3.Session().region_name
    return os.environ.get("AWS_REGION") or region or "us-east-1"


def check_machine(context: Mapping[str, str]) -> None:
    """Raises NotReady with what to install or to set."""
    for tool, advice in (
        ("node", "install Node.js 22 or later"),
        ("docker", "it builds the drift monitor's image"),
    ):
        if shutil.which(tool) is None:
            raise NotReady(f"{tool} was not found: {advice}.")
    _check_processor(context.get("architecture", "arm64"))
    if context["env"] == "prod" and "driftBaseImage" not in context:
        raise NotReady(
            "prod wants the drift image's base by digest: `docker buildx imagetools inspect "
            'public.ecr.aws/lambda/python:3.13` prints it; add ARGS="-c driftBaseImage='
            'public.ecr.aws/lambda/python@sha256:...".'
        )


def _check_processor(architecture: str) -> None:
    """Docker runs another processor's programs only where an emulator is registered for them."""
    own = PROCESSORS.get(platform.machine().lower())
    if own == architecture or os.uname().sysname != "Linux":  # Docker Desktop brings emulators
        return
    if not (EMULATORS / EMULATOR_NAMES[architecture]).exists():
        raise NotReady(
            f"the image is for {architecture} and this machine is {own}: run `docker run "
            f"--privileged --rm tonistiigi/binfmt --install {BINFMT_NAMES[architecture]}`"
            f" once, or deploy with -c architecture={own}."
        )
