"""Where our executor takes the place of the emulator's own.

ministack is pinned; these are the only names of it that we replace or call from inside. A version
or a signature that differs stops the start with one sentence, instead of failing later.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module, metadata
from typing import Any, Final

from infra.local.emf import Measurement
from infra.local.executor import Cloud, Executor, Record, Result

MINISTACK: Final = "1.5.33"
_LAMBDA: Final = "ministack.services.lambda_svc"
_SIGNATURES: Final = {
    (_LAMBDA, "_execute_function_warm"): ("func", "event", "request_id"),
    (_LAMBDA, "_execute_function_docker"): ("func", "event", "request_id"),
    (_LAMBDA, "_snapstart_provision_version_async"): ("name", "ver_record"),
    (_LAMBDA, "_resolve_layer_zip"): ("attachment",),
    ("ministack.core.lambda_runtime", "execution_credentials"): ("config",),
    ("ministack.services.cloudwatch", "record_metric"): (
        "namespace", "metric_name", "value", "unit", "dimensions",
    ),
    ("ministack.app", "app"): ("scope", "receive", "send"),
}  # fmt: skip

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class IncompatibleEmulator(Exception):
    """The installed ministack is not the one this project was written for."""


def check_version() -> None:
    """Raise IncompatibleEmulator before anything of ministack is imported."""
    installed = metadata.version("ministack")
    if installed != MINISTACK:
        raise IncompatibleEmulator(
            f"The local cloud needs ministack {MINISTACK}, but {installed} is installed: "
            "run `uv sync` to get the locked version."
        )


def check_signatures() -> None:
    """Raise IncompatibleEmulator when a function we replace or call has changed."""
    for (module, name), expected in _SIGNATURES.items():
        function = getattr(import_module(module), name, None)
        found = tuple(inspect.signature(function).parameters) if callable(function) else None
        if found != expected:
            raise IncompatibleEmulator(
                f"{module}.{name} of ministack {MINISTACK} takes {found}, not {expected}: "
                "infra/local/seams.py must be adapted to it."
            )


def emulated_cloud(*, endpoint: str, account: str, region: str) -> Cloud:
    """What our executor calls inside the emulator."""
    lambda_service = import_module(_LAMBDA)
    credentials = import_module("ministack.core.lambda_runtime").execution_credentials
    record_metric = import_module("ministack.services.cloudwatch").record_metric

    def publish(item: Measurement) -> None:
        record_metric(item.namespace, item.name, item.value, item.unit, item.dimensions)

    return Cloud(
        endpoint=endpoint,
        account=account,
        region=region,
        credentials=credentials,
        layer=lambda_service._resolve_layer_zip,
        publish=publish,
    )


def install(executor: Executor) -> None:
    """Put our executor in the place of the emulator's."""
    lambda_service = import_module(_LAMBDA)

    def execute(func: Record, event: object, request_id: str) -> Result:
        return executor.execute(func, event, request_id)

    def publish_with_snapshot(name: str, ver_record: Mapping[str, Any]) -> None:  # noqa: ARG001
        ver_record["config"].update(State="Active", StateReason="", StateReasonCode="")

    lambda_service._execute_function_warm = execute
    lambda_service._execute_function_docker = execute
    lambda_service._snapstart_provision_version_async = publish_with_snapshot


def install_transport() -> None:
    """Let policies see what AWS would: every call over TLS.

    On one machine TLS is left out, and the usual "deny what is not TLS" bucket policies would
    refuse everything.
    """
    module = import_module("ministack.app")
    application: Application = module.app

    async def over_tls(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
        await application(scope, receive, send)

    module.app = over_tls
