"""GET /alarms and /alarms/{name}/history."""

from functions.score_api.openapi.operations import Content, in_path, in_query, operation
from functions.score_api.openapi.shapes import (
    Schema,
    nullable,
    number,
    object_of,
    one_of,
    page_of,
    text,
)
from functions.score_api.routes.alarms.handlers import NAME_PATTERN, PAGE, STATES, TICKET

STATE = one_of(STATES)


def list_alarms() -> Content:
    return operation("listAlarms", "Alarms, those that ring first", "Alarms", 503)


def get_history() -> Content:
    described = operation("getAlarmHistory", "When an alarm changed", "AlarmHistory", 400, 404, 503)
    cursor = in_query("cursor", "`cursor` of the answer before.", {"type": "string"})
    return described | {"parameters": [cursor]}


def name() -> Content:
    return in_path(
        "name", "`name` of the list.", {"type": "string", "pattern": f"^{NAME_PATTERN}$"}
    )


SCHEMAS: dict[str, Schema] = {
    "Alarms": page_of(
        object_of(
            {
                "name": text(),
                "state": STATE,
                "since": text("When it last changed, in UTC."),
                "urgency": one_of((PAGE, TICKET), "page wakes somebody, ticket waits for morning."),
                "meaning": text("One sentence."),
                "runbook": nullable(text("Address of what to do.")),
                "metric": text(),
                "threshold": number(),
                "console_url": nullable(text("Null on an emulator.")),
            }
        )
    ),
    "AlarmHistory": page_of(
        object_of({"at": text("In UTC."), "before": nullable(STATE), "after": nullable(STATE)})
    ),
}
