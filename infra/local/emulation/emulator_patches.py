"""Where our executor takes the place of the emulator's own.

ministack is pinned; these are the only names of it that we replace or call from inside. A version
or a signature that differs stops the start with one sentence, instead of failing later.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from http.client import responses
from importlib import import_module, metadata
from typing import Any, Final

from infra.local.emulation import rights
from infra.local.emulation.alarm_clock import AlarmClock
from infra.local.emulation.deliveries import Deliveries, Undelivered
from infra.local.emulation.inner_requests import Application, InnerRequest, Scope, ask_itself
from infra.local.emulation.modules import ACTIONS, LAMBDA, S3, STATES, load
from infra.local.emulation.own_loop import OwnLoop
from infra.local.emulation.ranges import RangeResponse, cut_answer
from infra.local.emulation.service_metrics import measure_execution
from infra.local.errors import IncompatibleEmulator
from infra.local.lambda_runtime.emf import Measurement
from infra.local.lambda_runtime.executor import Cloud, Executor, Record, Result

MINISTACK: Final = "1.5.33"
_FIREHOSE: Final = "ministack.services.firehose"
_CLOUDFRONT: Final = "ministack.services.cloudfront"
_APP: Final = "ministack.app"
_SIGNATURES: Final = {
    (LAMBDA, "_execute_function_warm"): ("func", "event", "request_id"),
    (LAMBDA, "_execute_function_docker"): ("func", "event", "request_id"),
    (LAMBDA, "_snapstart_provision_version_async"): ("name", "ver_record"),
    (LAMBDA, "_resolve_layer_zip"): ("attachment",),
    (LAMBDA, "invoke_async_with_retry"): ("func", "event"),
    (LAMBDA, "_emit_lambda_metrics"): ("function_name", "duration_ms", "error", "throttle"),
    (S3, "_get_object"): ("bucket_name", "key", "headers", "query_params"),
    (S3, "_parse_range"): ("range_header", "total"),
    (S3, "handle_request"): (
        "method", "path", "headers", "body", "query_params", "signed_path",
        "enforce_bucket_region", "internal", "access_point_region", "access_point",
    ),
    (_FIREHOSE, "_put_s3_object"): ("bucket", "key", "body"),
    (_FIREHOSE, "_deliver_to_s3"): ("stream", "dest", "record_data", "lambda_keys"),
    (STATES, "_emit_execution_status_event"): ("execution",),
    (_CLOUDFRONT, "_fetch_from_origin"): (
        "origin", "method", "uri", "query_string", "headers", "body", "viewer_is_https",
        "client_ip", "viewer_xff", "dist_arn",
    ),
    (_CLOUDFRONT, "_origin_request_headers"): (
        "origin", "headers", "client_ip", "viewer_x_forwarded_for",
    ),
    (_CLOUDFRONT, "_multidict_from_pairs"): ("pairs",),
    (_CLOUDFRONT, "parse_distribution_dataplane_config"): ("dist",),
    (ACTIONS, "_lambda_action"): ("method", "path"),
    (rights.EVALUATOR, "parse_policy_document"): ("doc",),
    ("ministack.core.lambda_runtime", "execution_credentials"): ("config",),
    ("ministack.services.cloudwatch", "record_metric"): (
        "namespace", "metric_name", "value", "unit", "dimensions",
    ),
    ("ministack.services.cloudwatch", "_evaluate_alarm"): ("alarm",),
    (_APP, "app"): ("scope", "receive", "send"),
    **rights.SIGNATURES,
}  # fmt: skip
_DISTRIBUTIONS_KEPT, _POLICIES_KEPT = 8, 512
_SCHEME: Final = b"x-forwarded-proto"

# A task that nobody holds may be collected before it is done.
_writing: set[asyncio.Task[None]] = set()


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
                "infra/local/emulation/emulator_patches.py must be adapted to it."
            )


def emulated_cloud(*, endpoint: str, account: str, region: str) -> Cloud:
    """What our executor calls inside the emulator."""
    lambda_service = load(LAMBDA)
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


def install_executor(executor: Executor) -> None:
    """Put our executor in the place of the emulator's."""
    lambda_service = load(LAMBDA)

    def execute(func: Record, event: object, request_id: str) -> Result:
        return executor.execute(func, event, request_id)

    def publish_with_snapshot(name: str, ver_record: Mapping[str, Any]) -> None:  # noqa: ARG001
        ver_record["config"].update(State="Active", StateReason="", StateReasonCode="")
        warm = partial(contextvars.copy_context().run, executor.warm, ver_record)
        threading.Thread(target=warm, daemon=True, name="snapshot").start()

    lambda_service._execute_function_warm = execute
    lambda_service._execute_function_docker = execute
    lambda_service._snapstart_provision_version_async = publish_with_snapshot


def install_alias_retries() -> None:
    """Retry an asynchronous event, and keep it, as its alias is configured.

    The emulator looks at the unqualified function's configuration only, and our functions are
    called through their alias: nothing would ever reach a dead-letter queue.
    """
    lambda_service = load(LAMBDA)
    original = lambda_service.invoke_async_with_retry

    def invoke(func: Record, event: object) -> None:
        config = func.get("config") or func
        known = lambda_service._functions.get(config["FunctionName"])
        chosen = alias_retries(known or func, config.get("Version"))
        original({**func, "event_invoke_config": chosen} if chosen else func, event)

    lambda_service.invoke_async_with_retry = invoke


def alias_retries(func: Record, version: str | None) -> Record | None:
    """The configuration of the alias on the version that is called, None if it has none."""
    configured = func.get("event_invoke_configs") or {}
    for name, alias in (func.get("aliases") or {}).items():
        if alias["FunctionVersion"] == version and name in configured:
            found: Record = configured[name]
            return found
    return None


def install_alias_actions() -> None:
    """Ask for the right to read or to move one alias; the emulator asks for that to list them."""
    actions = load(ACTIONS)
    original = actions._lambda_action
    of_one = {"GET": "GetAlias", "PUT": "UpdateAlias", "DELETE": "DeleteAlias"}

    def name(method: str, path: str) -> str | None:
        if method in of_one and re.search("/functions/[^/]+/aliases/[^/]+/?$", path):
            return of_one[method]
        found: str | None = original(method, path)
        return found

    actions._lambda_action = name


def install_lambda_metrics() -> None:
    """Count invocations where all of them pass; the emulator counts the direct ones only."""
    lambda_service = load(LAMBDA)
    original = lambda_service._emit_lambda_metrics

    def emit_throttles(
        function_name: str,
        duration_ms: float,
        error: bool,  # noqa: ARG001 (the emulator's signature)
        throttle: bool,
    ) -> None:
        if throttle and not duration_ms:
            original(function_name, duration_ms=0.0, error=False, throttle=True)

    lambda_service._emit_lambda_metrics = emit_throttles


def install_execution_metrics(publish: Callable[[Measurement], None]) -> None:
    """Count the executions of state machines as they begin and end."""
    service = load(STATES)
    original = service._emit_execution_status_event

    def emit(execution: Mapping[str, Any]) -> None:
        publish(measure_execution(execution))
        original(execution)

    service._emit_execution_status_event = emit


def install_deliveries(deliveries: Deliveries) -> None:
    """Keep what a delivery stream could not or may not write, instead of forgetting it."""
    service, store = load(_FIREHOSE), load(S3)
    original, own_loop = service._deliver_to_s3, OwnLoop()
    # Its name, and the ARN of its role.
    current: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("stream")

    def deliver(stream: Record, dest: Record, record_data: bytes, lambda_keys: Any = None) -> None:
        token = current.set((stream["name"], dest["config"]["RoleARN"]))
        try:
            original(stream, dest, record_data, lambda_keys)
        finally:
            current.reset(token)

    async def write(stream: str, role: str, bucket: str, key: str, body: bytes) -> None:
        if not deliveries.may_write(role, bucket, key):
            deliveries.keep(Undelivered(stream, key, body))
            return
        headers = {"content-type": "application/octet-stream", "content-length": str(len(body)),
                   "host": "s3.localhost"}  # fmt: skip
        status, *_ = await store.handle_request(
            "PUT", f"/{bucket}/{key}", headers, body, {}, internal=True
        )
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            deliveries.keep(Undelivered(stream, key, body))

    def put(bucket: str, key: str, body: bytes) -> None:
        writing = write(*current.get(), bucket, key, body)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            own_loop.run(writing)
        else:
            _writing.add(task := loop.create_task(writing))
            task.add_done_callback(_writing.discard)

    service._deliver_to_s3 = deliver
    service._put_s3_object = put


def install_alarm_clock(clock: AlarmClock) -> None:
    """Evaluate alarms from outside, by their own dimensions and periods."""
    load("ministack.services.cloudwatch")._evaluate_alarm = lambda alarm: None  # noqa: ARG005
    clock.start()


def install_version_ranges() -> None:
    """Answer a request for a part of a named version with that part."""
    service = load(S3)
    original = service._get_object

    def get(
        bucket_name: str, key: str, headers: dict[str, Any], query_params: Any = None
    ) -> RangeResponse:
        answer = original(bucket_name, key, headers, query_params)
        return cut_answer(answer, headers, service._parse_range)

    service._get_object = get


def install_api_origin() -> None:
    """Let a distribution reach this emulator's HTTP API, whose host name belongs to AWS."""
    cloudfront, application = load(_CLOUDFRONT), load(_APP)
    original, outside = cloudfront._fetch_from_origin, contextvars.copy_context()

    async def fetch(
        origin: Record, method: str, uri: str, query_string: str, headers: Record, body: bytes,
        viewer_is_https: bool, client_ip: str, viewer_xff: str, dist_arn: str,
    ) -> Any:  # fmt: skip
        api = re.match(r"([a-f0-9]{8})\.execute-api\.", origin["domain_name"])
        if not api:
            return await original(
                origin, method, uri, query_string, headers, body, viewer_is_https, client_ip,
                viewer_xff, dist_arn,
            )  # fmt: skip
        own_host = {**headers, "host": f"{api[1]}.execute-api.localhost"}
        sent = cloudfront._origin_request_headers(origin, own_host, client_ip, viewer_xff)
        path = (origin.get("origin_path") or "") + uri
        request = InnerRequest(method, path, query_string, sent, body or b"")
        try:
            answer = await ask_itself(
                application.app, request, context=outside, seconds=origin.get("read_timeout", 30)
            )
        except TimeoutError as error:
            raise cloudfront.OriginTimeout(str(error)) from error
        except ConnectionError as error:
            raise cloudfront.OriginUnreachable(str(error)) from error
        told = cloudfront._multidict_from_pairs(answer.headers)
        reason = responses.get(answer.status, "")
        return answer.status, reason, told, b"".join(answer.chunks)

    cloudfront._fetch_from_origin = fetch


def install_parsed_distributions() -> None:
    """Keep what a distribution's configuration says; the emulator reads its XML for each request.

    By its text: a configuration that changes counts at once.
    """
    cloudfront = load(_CLOUDFRONT)
    original = cloudfront.parse_distribution_dataplane_config

    @lru_cache(_DISTRIBUTIONS_KEPT)
    def parse_text(config_xml: str) -> Record:
        parsed: Record = original({"config_xml": config_xml})
        return parsed

    def parse(dist: Record) -> Record:
        return parse_text(dist.get("config_xml") or "")

    cloudfront.parse_distribution_dataplane_config = parse


def install_parsed_policies() -> None:
    """Keep what a policy's text says, likewise; who may do what is still decided for each request.

    Each time a role is asked, the emulator reads every policy that it has.
    """
    evaluator = load(rights.EVALUATOR)
    original = evaluator.parse_policy_document

    @lru_cache(_POLICIES_KEPT)
    def parse_text(doc: str) -> tuple[Any, ...]:
        return tuple(original(doc))

    def parse(doc: str | Record) -> list[Any]:
        return list(parse_text(doc)) if isinstance(doc, str) else list(original(doc))

    evaluator.parse_policy_document = parse


def install_transport() -> None:
    """Let policies see what AWS would: every call over TLS.

    On one machine TLS is left out, and the usual "deny what is not TLS" bucket policies would
    refuse everything.
    """
    module = load(_APP)
    application: Application = module.app

    async def over_tls(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            given = [pair for pair in scope["headers"] if pair[0] != _SCHEME]
            scope = {**scope, "headers": [*given, (_SCHEME, b"https")]}
        await application(scope, receive, send)

    module.app = over_tls
