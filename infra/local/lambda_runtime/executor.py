"""Runs the emulator's Lambda invocations in real runtime processes.

Two kinds of functions, as in the template:
- Zip: the function's own archive and its layers, unpacked, in the *runtime* environment
  (awslambdaric and boto3, what AWS puts beside a zip function).
- Image: the folder that Docker would build (`images/<asset hash>`, put there by the deployment),
  its handler from ImageConfig.Command or the Dockerfile's CMD, in the *drift* environment, which
  holds the same locked requirements as the image.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from infra.local.errors import FunctionCannotRun
from infra.local.lambda_runtime.emf import Measurement, read_measurements
from infra.local.lambda_runtime.function import Function
from infra.local.lambda_runtime.images import image_environment, image_handler
from infra.local.lambda_runtime.workers import Outcome, WorkerPool
from infra.local.processes import ProcessGroup

REQUEST_LIMIT: Final = 6_291_456  # bytes of a synchronous event
Record = Mapping[str, Any]
Result = dict[str, Any]


@dataclass(frozen=True)
class Cloud:
    """What the executor needs of the emulator around it."""

    endpoint: str
    account: str
    region: str
    credentials: Callable[[Record], Mapping[str, str]]
    layer: Callable[[Record], bytes | None]
    publish: Callable[[Measurement], None]


@dataclass(frozen=True)
class Folders:
    """Where code is unpacked, where image contexts lie, and the two interpreters."""

    code: Path
    images: Path
    runtime_python: Path
    image_python: Path


class Executor:
    """One pool of workers per function version, replaced when code or configuration change."""

    def __init__(
        self, *, cloud: Cloud, folders: Folders, group: ProcessGroup, concurrency: int
    ) -> None:
        self._cloud = cloud
        self._folders = folders
        self._group = group
        self._concurrency = concurrency
        self._pools: dict[tuple[str, str], tuple[str, WorkerPool]] = {}
        self._lock = threading.Lock()

    def execute(self, record: Record, event: object, request_id: str) -> Result:
        """Run one event; the result is shaped as the emulator's own executors shape theirs."""
        config = record.get("config") or record
        payload = json.dumps(event, ensure_ascii=False).encode()
        if len(payload) > REQUEST_LIMIT:
            return _too_long(event)
        try:
            pool = self._pool(record, config)
        except FunctionCannotRun as error:
            return _failed({"errorType": "Runtime.InvalidEntrypoint", "errorMessage": str(error)})
        outcome = pool.invoke(
            payload, request_id=request_id, arn=config["FunctionArn"], trace_id=_unsampled_trace()
        )
        for measurement in (*read_measurements(outcome.log), *_usage(config, outcome)):
            self._cloud.publish(measurement)
        return _result(outcome, config, request_id)

    @property
    def publish(self) -> Callable[[Measurement], None]:
        return self._cloud.publish

    def warm(self, record: Record) -> None:
        """Import the handler ahead of the first invocation, as SnapStart does on publishing."""
        self._pool(record, record.get("config") or record).warm()

    def _pool(self, record: Record, config: Record) -> WorkerPool:
        key = (_unqualified(config["FunctionArn"]), config.get("Version", "$LATEST"))
        revision = _revision(config)
        with self._lock:
            known, pool = self._pools.get(key, ("", None))
            if pool is None or known != revision:
                if pool is not None:
                    pool.close()
                pool = WorkerPool(self._function(record, config), self._group)
                self._pools[key] = (revision, pool)
        return pool

    def _function(self, record: Record, config: Record) -> Function:
        logging = config.get("LoggingConfig") or {}
        variables = (config.get("Environment") or {}).get("Variables") or {}
        common = Function(
            name=config["FunctionName"],
            handler=config["Handler"],
            python=self._folders.runtime_python,
            code=self._folders.code,
            timeout=float(config.get("Timeout") or 3),
            memory=int(config.get("MemorySize") or 128),
            arn=_unqualified(config["FunctionArn"]),
            version=config.get("Version", "$LATEST"),
            region=self._cloud.region,
            log_group=logging.get("LogGroup", ""),
            log_format=logging.get("LogFormat", "Text"),
            environment={**variables, "AWS_ENDPOINT_URL": self._cloud.endpoint},
            credentials=self._cloud.credentials(config),
            concurrency=self._concurrency,
        )
        if config.get("PackageType") == "Image":
            return self._of_image(common, config)
        code = self._unpack(_archive(record, config))
        return replace(common, code=code, layers=tuple(self._layers(config)))

    def _of_image(self, function: Function, config: Record) -> Function:
        folder = self._image_folder(config)
        chosen = (config.get("ImageConfigResponse") or {}).get("ImageConfig") or {}
        command = chosen.get("Command")
        return replace(
            function,
            handler=image_handler(folder, function=function.name, command=command),
            python=self._folders.image_python,
            code=folder,
            environment={**image_environment(folder), **function.environment},
        )

    def _layers(self, config: Record) -> list[Path]:
        archives = [self._cloud.layer(layer) for layer in config.get("Layers") or []]
        return [self._unpack(archive) for archive in archives if archive]

    def _unpack(self, archive: bytes) -> Path:
        """Unpack once per content; a folder that exists is complete."""
        folder = self._folders.code / hashlib.sha256(archive).hexdigest()[:16]
        if not folder.is_dir():
            unfinished = folder.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            _extract(archive, unfinished)
            unfinished.rename(folder)
        return folder

    def _image_folder(self, config: Record) -> Path:
        tag = str(config.get("ImageUri", "")).rpartition(":")[2]
        folder = self._folders.images / tag
        if not tag or not folder.is_dir():
            raise FunctionCannotRun(
                f"The container image of {config['FunctionName']} is not in {self._folders.images}."
            )
        return folder


def _unsampled_trace() -> str:
    """As of an invocation that X-Ray does not follow: without one its library warns at each step.

    Source: "Tracing header" of the X-Ray developer guide
    """
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=0"


def _archive(record: Record, config: Record) -> bytes:
    if not str(config.get("Runtime", "")).startswith("python3.13"):
        raise FunctionCannotRun(
            f"{config['FunctionName']} asks for {config.get('Runtime')}, "
            "but only Python 3.13 functions run on this machine."
        )
    archive = record.get("code_zip")
    if not archive:
        raise FunctionCannotRun(f"{config['FunctionName']} has no code.")
    return bytes(archive)


def _extract(archive: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        content.extractall(folder)


def _revision(config: Record) -> str:
    """Changes exactly when running workers would no longer match the configuration."""
    names = ("CodeSha256", "ImageUri", "Handler", "Layers", "Environment", "Timeout", "MemorySize",
             "Role", "LoggingConfig", "ImageConfigResponse")  # fmt: skip
    return json.dumps({name: config.get(name) for name in names}, sort_keys=True, default=str)


def _unqualified(arn: str) -> str:
    return ":".join(arn.split(":")[:7])


def _result(outcome: Outcome, config: Record, request_id: str) -> Result:
    body = json.loads(outcome.payload) if outcome.payload else None
    # "rie": the emulator then takes these lines as complete, with their START, END and REPORT.
    log = "\n".join(_platform_lines(outcome, config, request_id))
    result: Result = {"body": body, "log": log, "log_source": "rie"}
    return {**result, "error": True, "function_error": "Unhandled"} if outcome.failed else result


def _platform_lines(outcome: Outcome, config: Record, request_id: str) -> list[str]:
    milliseconds = outcome.duration * 1000
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {int(milliseconds) + 1} ms",
        f"Memory Size: {config.get('MemorySize', 128)} MB",
        f"Max Memory Used: {outcome.memory_used} MB",
    ]
    if outcome.init_duration:
        report.append(f"Init Duration: {outcome.init_duration * 1000:.2f} ms")
    return [
        f"START RequestId: {request_id} Version: {config.get('Version', '$LATEST')}",
        *outcome.log,
        f"END RequestId: {request_id}",
        "\t".join(report),
    ]


def _usage(config: Record, outcome: Outcome) -> list[Measurement]:
    """What Lambda itself measures, whoever invoked the function."""
    values = (
        ("Invocations", 1.0, "Count"),
        ("Errors", float(outcome.failed), "Count"),
        ("Duration", outcome.duration * 1000, "Milliseconds"),
    )
    dimensions = {"FunctionName": config["FunctionName"]}
    return [
        Measurement(
            namespace="AWS/Lambda", name=name, value=value, unit=unit, dimensions=dimensions
        )
        for name, value, unit in values
    ]


def _failed(error: Mapping[str, str]) -> Result:
    return {"body": dict(error), "error": True, "function_error": "Unhandled", "log": ""}


def _too_long(event: object) -> Result:
    if isinstance(event, dict) and "requestContext" in event:
        message = json.dumps({"message": "Request Too Long"})  # what API Gateway answers
        headers = {"content-type": "application/json"}
        return {"body": {"statusCode": 413, "headers": headers, "body": message}}
    text = f"Request must be smaller than {REQUEST_LIMIT} bytes for the InvokeFunction operation"
    return _failed({"errorType": "RequestEntityTooLargeException", "errorMessage": text})
