"""Where AWS asks a role and the emulator nobody: a state machine's calls, an event that is given up
on, a function's log, what a schedule calls, an object that is not there; what a stream delivers is
asked in emulator_patches.py. And one alarm that is named, of which the emulator asks as of all.

Sources: "Permissions for Distributed Map", "Asynchronous invocation destinations", GetObject of
the S3 API (who may not list a bucket is told 403, and not 404, of a key that does not exist),
"Defining Lambda function permissions with an execution role", "Setting up the execution role" and
"Configuring a dead-letter queue" of EventBridge Scheduler, and "Actions, resources, and condition
keys for Amazon CloudWatch".
"""

from __future__ import annotations

import contextvars
import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from infra.local.emulation.modules import ACTIONS, LAMBDA, S3, STATES, load

Answer = tuple[int, dict[str, str], bytes]
EVALUATOR: Final = "ministack.core.iam_evaluator"
_ROUTER: Final = "ministack.core.router"
_EVENTS: Final = "ministack.services.eventbridge"
SIGNATURES: Final = {
    (LAMBDA, "_route_async_failure"): ("target_arn", "func_name", "event", "result"),
    (LAMBDA, "_emit_lambda_logs"): (
        "func", "request_id", "log_text", "error", "duration_ms", "log_source",
    ),
    (_EVENTS, "_invoke_target"): ("target", "event", "rule", "view"),
    (S3, "_get_object"): ("bucket_name", "key", "headers", "query_params"),
    (S3, "_head_object"): ("bucket_name", "key", "headers", "query_params"),
    (STATES, "_call_lambda"): ("func_ref", "event"),
    (STATES, "_execute_task"): ("state_def", "raw_input", "execution", "ctx"),
    (STATES, "_run_distributed_map"): (
        "state_def", "raw_input", "effective", "iterator", "execution", "ctx",
    ),
    (EVALUATOR, "evaluate"): ("ctx", "policies", "limits"),
    (EVALUATOR, "resolve_principal"): ("access_key_id", "account_id", "credential"),
    (EVALUATOR, "_gather_role_policies"): ("role_name", "account_id"),
    (ACTIONS, "extract_resource_arn"): (
        "service", "method", "path", "headers", "body", "query_params", "region", "account_id",
    ),
    (_ROUTER, "extract_access_key_id"): ("headers", "query_params"),
}  # fmt: skip
_INVOKE, _START, _SEND = "lambda:InvokeFunction", "states:StartExecution", "sqs:SendMessage"
_LOG: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
logger = logging.getLogger("rights")


def install_rights(rights: Rights) -> None:
    """Ask each of these roles, as AWS does."""
    _ask_state_machines(rights)
    _ask_functions(rights)
    _ask_for_logs(rights)
    _ask_schedules(rights)
    _hide_what_is_not_there(rights)
    _name_alarms()


class Rights:
    """What the policies of a role, or of whoever signed a request, allow."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._evaluator = load(EVALUATOR)

    def of_role(self, role: str, action: str, resource: str) -> bool:
        """role : its ARN"""
        account, name = role.split(":")[4], role.rpartition("/")[2]
        policies = self._evaluator._gather_role_policies(name, account)
        return self._allows(role, account, policies, [], action, resource)

    def of_caller(self, access_key: str, account: str, action: str, resource: str) -> bool:
        caller = self._evaluator.resolve_principal(access_key, account)
        if isinstance(caller, self._evaluator.AuthError) or caller.policies is None:
            return not isinstance(caller, self._evaluator.AuthError)
        return self._allows(caller.arn, account, caller.policies, caller.limits, action, resource)

    def _allows(
        self, arn: str, account: str, policies: Any, limits: Any, action: str, resource: str
    ) -> bool:
        context = self._evaluator.EvalContext(
            principal_arn=arn,
            principal_type="AssumedRole",
            principal_account=account,
            action=action,
            resource_arn=resource,
            region=self._region,
        )
        result = self._evaluator.evaluate(context, policies, *limits)
        return bool(result.decision == "Allow")


def _ask_state_machines(rights: Rights) -> None:
    """For each function that is called, and for the executions of a Distributed Map."""
    states = load(STATES)
    role: contextvars.ContextVar[str] = contextvars.ContextVar("role", default="")
    task, call, spread = states._execute_task, states._call_lambda, states._run_distributed_map

    def require(role_arn: str, action: str, resource: str) -> None:
        if not rights.of_role(role_arn, action, resource):
            told = f"{role_arn} is not authorized to perform: {action} on resource: {resource}"
            service = "Lambda" if action == _INVOKE else "StepFunctions"
            raise states._ExecutionError(f"{service}.AccessDeniedException", told)

    def role_of(execution: Mapping[str, Any]) -> str:
        machine = execution["stateMachineArn"].partition("/")[0]  # a Map's children have a label
        arn: str = states._state_machines[machine]["roleArn"]
        return arn

    def execute(state_def: Any, raw_input: Any, execution: Any, ctx: Any) -> Any:
        token = role.set(role_of(execution))
        try:
            return task(state_def, raw_input, execution, ctx)
        finally:
            role.reset(token)

    def invoke(func_ref: str, event: Any) -> Any:
        if role.get():
            require(role.get(), _INVOKE, func_ref)
        return call(func_ref, event)

    def run_map(
        state_def: Any, raw_input: Any, effective: Any, iterator: Any, execution: Any, ctx: Any
    ) -> Any:
        require(role_of(execution), _START, execution["stateMachineArn"])
        return spread(state_def, raw_input, effective, iterator, execution, ctx)

    states._execute_task, states._call_lambda = execute, invoke
    states._run_distributed_map = run_map


def _ask_functions(rights: Rights) -> None:
    """Of an event that every retry could not finish: whether its role may keep it."""
    functions = load(LAMBDA)
    original = functions._route_async_failure

    def route(target_arn: str, func_name: str, event: Any, result: Any) -> None:
        role = functions._functions[func_name]["config"]["Role"]
        if rights.of_role(role, _SEND, target_arn):
            original(target_arn, func_name, event, result)
        else:
            logger.warning("%s may not keep an event of %s", role, func_name)

    functions._route_async_failure = route


def _ask_for_logs(rights: Rights) -> None:
    """A function that may not write its log runs, and nobody reads what it said."""
    functions = load(LAMBDA)
    original = functions._emit_lambda_logs

    def emit(
        func: Mapping[str, Any], request_id: str, log_text: str, error: bool, duration_ms: int, *,
        log_source: str | None = None,
    ) -> None:  # fmt: skip
        config = func.get("config") or func
        name = (config.get("LoggingConfig") or {}).get("LogGroup")
        place = ":".join(config["FunctionArn"].split(":")[3:5])
        group = f"arn:aws:logs:{place}:log-group:{name or '/aws/lambda/' + config['FunctionName']}"
        if all(
            rights.of_role(config["Role"], action, f"{group}:log-stream:own") for action in _LOG
        ):
            original(func, request_id, log_text, error, duration_ms, log_source=log_source)

    functions._emit_lambda_logs = emit


def _ask_schedules(rights: Rights) -> None:
    """A schedule calls as its own role; what it may not call goes where failures are kept."""
    events = load(_EVENTS)
    original = events._invoke_target

    def invoke(
        target: Mapping[str, Any], event: Mapping[str, Any], rule: Any, view: Any = None
    ) -> None:
        role, called = target.get("RoleArn"), target["Arn"]
        is_scheduled = event.get("Source") == "aws.scheduler" and ":lambda:" in called
        if not (is_scheduled and role) or rights.of_role(role, _INVOKE, called):
            original(target, event, rule, view)
            return
        logger.warning("%s may not call %s", role, called)
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if queue and rights.of_role(role, _SEND, queue):
            original({"Arn": queue, "Input": target.get("Input", "{}")}, event, rule, view)

    events._invoke_target = invoke


def _hide_what_is_not_there(rights: Rights) -> None:
    store, router = load(S3), load(_ROUTER)
    account_of = load("ministack.core.responses").get_account_id

    def guarded(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        def answer(
            bucket_name: str, key: str, headers: Any = None, query_params: Any = None
        ) -> Answer:
            found = ask(bucket_name, key, headers or {}, query_params or {})
            signer = router.extract_access_key_id(headers or {}, query_params or {})
            # What the emulator reads for itself is signed by nobody.
            if found[0] != HTTPStatus.NOT_FOUND or b"NoSuchBucket" in found[2] or not signer:
                return found
            bucket = f"arn:aws:s3:::{bucket_name}"
            if rights.of_caller(signer, account_of(), "s3:ListBucket", bucket):
                return found
            return _denied(store)

        return answer

    store._get_object, store._head_object = guarded(store._get_object), guarded(store._head_object)


def _denied(store: Any) -> Answer:
    found: Answer = store._error("AccessDenied", "Access Denied", HTTPStatus.FORBIDDEN.value)
    return found


def _name_alarms() -> None:
    """Who asks for one alarm needs the right to that one."""
    actions = load(ACTIONS)
    original = actions.extract_resource_arn

    def name(
        service: str, method: str, path: str, headers: Any, body: bytes, query_params: Any,
        region: str, account_id: str,
    ) -> str:  # fmt: skip
        if service == "monitoring" and (alarm := _only_alarm(body, query_params)):
            return f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{alarm}"
        found: str = original(
            service, method, path, headers, body, query_params, region, account_id
        )
        return found

    actions.extract_resource_arn = name


def _only_alarm(body: bytes, query_params: Mapping[str, Any]) -> str:
    """Of the names of a DescribeAlarms, as JSON or a form; empty for none or several."""
    try:
        names = json.loads(body).get("AlarmNames") or []
    except (ValueError, AttributeError):
        given = [name for name in query_params if name.startswith("AlarmNames.member.")]
        names = [value for name in given for value in query_params[name]]
    return str(names[0]) if len(names) == 1 else ""
