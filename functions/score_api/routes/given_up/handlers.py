"""GET /given-up, POST /given-up/redrive: what nobody finished, and another try of all of it.

Repair the cause first. Every step of a batch is kept as it is done, so what runs again does only
what is missing; a message is deleted when Lambda has taken its event, and not before.
"""

from typing import Any

from credit_scoring.aws import clients
from credit_scoring.aws.clients import translated
from credit_scoring.stored.queues import Queue

from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request
from functions.score_api.routes.given_up.failed_events import (
    FailedEvent,
    name_files,
    read_failed_events,
    release,
    send_again,
)
from functions.score_api.routes.given_up.failed_executions import (
    FailedExecution,
    list_failed_executions,
    run_again,
)

# What one answer can hold and one call can send again in its time.
MOST_EVENTS = 100


def list_given_up(_: Request, service: OperatorService) -> Response:
    """Reading hides a message from others for a moment: it is given back at once."""
    with translated("list_given_up", ""):
        events = _read(service)
        release(events, queue=service.batch_failures, clients=clients)
        executions = list_failed_executions(service.big_files, clients)
    return json_response(
        {
            "events": [_event(event) for event in events],
            "executions": [_execution(execution) for execution in executions],
            "waiting": {
                "batch": max(Queue(service.batch_failures).depth(), len(events)),
                "drift": Queue(service.drift_failures).depth(),
            },
        }
    )


def redrive(request: Request, service: OperatorService) -> Response:
    """Everything, so the body is an object without fields."""
    BodyFields(read_json_object(request), ()).check()
    with translated("redrive", ""):
        events = _read(service)
        try:
            sent = [event for event in events if _send_again(event, service)]
        finally:
            left = [event for event in events if not event.deleted]
            release(left, queue=service.batch_failures, clients=clients)
        executions = list_failed_executions(service.big_files, clients)
        for execution in executions:
            run_again(execution, clients)
    request.outcome.note(redriven=len(sent) + len(executions))
    return json_response(
        {"events_sent": len(sent), "events_left": len(left), "executions_run": len(executions)}
    )


def _read(service: OperatorService) -> list[FailedEvent]:
    """All of them first: what fails once more comes back, and is for the next time."""
    found: list[FailedEvent] = []
    for event in read_failed_events(service.batch_failures, clients):
        found.append(event)
        if len(found) == MOST_EVENTS:
            break
    return found


def _send_again(event: FailedEvent, service: OperatorService) -> bool:
    function, queue = service.batch_function, service.batch_failures
    return send_again(event, function=function, queue=queue, clients=clients)


def _event(event: FailedEvent) -> dict[str, Any]:
    return {"id": event.message_id, "files": name_files(event.payload), "error": event.error}


def _execution(execution: FailedExecution) -> dict[str, Any]:
    return {
        "upload": execution.digest[:12],
        "status": execution.status,
        "attempts": execution.attempt + 1,
    }
