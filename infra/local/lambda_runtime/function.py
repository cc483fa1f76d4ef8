"""What a worker needs to know of one Lambda function, and the environment AWS would give it."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Function:
    """One version of a function, its code and layers unpacked on disk.

    `python` : the interpreter of a virtual environment that holds awslambdaric and boto3 only
    `layers` : the unpacked layers in the order of the function's configuration
    `timeout` : seconds per invocation; `memory` : MB, enforced
    `concurrency` : workers at once on this machine; further invocations wait
    """

    name: str
    handler: str
    python: Path
    code: Path
    layers: tuple[Path, ...] = ()
    timeout: float = 3.0
    memory: int = 128
    arn: str = "arn:aws:lambda:eu-west-3:000000000000:function:local"
    version: str = "$LATEST"
    region: str = "eu-west-3"
    log_group: str = ""
    log_format: str = "Text"
    environment: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    concurrency: int = 4


def worker_environment(function: Function, *, api_address: str, scratch: Path) -> dict[str, str]:
    """The whole environment of a worker: nothing of the developer's own shell gets in.

    `scratch` stands for /tmp, which every AWS worker has to itself.
    """
    return {
        **function.environment,
        **_process_variables(function, scratch),
        **_lambda_variables(function),
        **function.credentials,
        "AWS_LAMBDA_RUNTIME_API": api_address,
    }


def _process_variables(function: Function, scratch: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "HOME": str(scratch),  # else boto3 would read the developer's ~/.aws
        "TMPDIR": str(scratch),
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in import_path(function)),
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # /var/task and /opt are read-only on AWS
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def import_path(function: Function) -> list[Path]:
    """The function's folder, then its layers; a later layer hides an earlier one, as in /opt."""
    return [function.code, *(layer / "python" for layer in reversed(function.layers))]


def _lambda_variables(function: Function) -> dict[str, str]:
    stream = f"{time.strftime('%Y/%m/%d')}/[{function.version}]{uuid.uuid4().hex}"
    return {
        "_HANDLER": function.handler,
        "LAMBDA_TASK_ROOT": str(function.code),
        "LAMBDA_RUNTIME_DIR": str(function.python.parent),
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group or f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
    }
