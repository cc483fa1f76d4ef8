"""Which stack a command is about: on AWS or the local cloud, and where its parts are."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from infra import environments
from infra.access import Access
from infra.environments import APPLICATION, ENVIRONMENTS
from infra.local_cloud import local_access
from infra.operate.publish import read_outputs


def name_stack(parser: argparse.ArgumentParser) -> None:
    """The options by which a command is told."""
    parser.add_argument("--env", choices=ENVIRONMENTS, default="prod", help="default: prod")
    parser.add_argument("--stack", help="default: the environment's, or the local cloud's")
    parser.add_argument("--outputs", type=Path, help="the stack's outputs (JSON); default: asked")
    parser.add_argument("--region", default="eu-west-3", help="default: eu-west-3")
    parser.add_argument("--port", type=int, help="of the local cloud; default: AWS")


def find_stack(options: argparse.Namespace) -> tuple[Access, Mapping[str, str]]:
    """How to reach it, and its outputs. Raises FileNotFoundError, and what AWS says."""
    access = local_access(options.port) if options.port else Access(region=options.region)
    if options.outputs:
        return access, read_outputs(options.outputs)
    stack = options.stack or (APPLICATION if options.port else environments.name_stack(options.env))
    stacks = access.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return access, {item["OutputKey"]: item["OutputValue"] for item in stacks[0]["Outputs"]}
