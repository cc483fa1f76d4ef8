"""GET /alarms and /alarms/{name}/history: as CloudWatch keeps them, without the stack's prefix."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from credit_scoring.aws.clients import client, translated

from functions.score_api.http.parameters import Parameters, no_such_page
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService, cloudwatch_address
from functions.score_api.request import Request

NAME_PATTERN = r"[A-Za-z0-9_-]{1,128}"
HISTORY_PAGE = 50
# How the stack writes a description: what it means, then the runbook's address.
_DESCRIPTION = re.compile(r"(?P<meaning>.*?)\s*(?P<runbook>\S+#\S+)?", re.DOTALL)
# Those that ring first, then those of which nothing is known.
STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")
PAGE, TICKET = "page", "ticket"


def list_alarms(_: Request, service: OperatorService) -> Response:
    alarms = [_alarm(found, service) for found in _describe(service)]
    # The newest change first among those of one state.
    alarms.sort(key=lambda alarm: alarm["since"], reverse=True)
    alarms.sort(key=lambda alarm: (STATES.index(alarm["state"]), alarm["urgency"]))
    return json_response({"items": alarms, "cursor": None})


def get_history(request: Request, service: OperatorService) -> Response:
    """Newest first. Raises RequestRefused (404) for an alarm that the stack does not have."""
    name = request.parts["name"]
    if not re.fullmatch(NAME_PATTERN, name):
        raise _unknown()
    asked = {
        "AlarmName": f"{service.alarm_prefix}{name}",
        "HistoryItemType": "StateUpdate",
        "ScanBy": "TimestampDescending",
        "MaxRecords": HISTORY_PAGE,
    }
    cursor = Parameters(request.query).text("cursor")
    cloudwatch = client("cloudwatch")
    with translated("describe_alarms", ""):
        if not cloudwatch.describe_alarms(AlarmNames=[asked["AlarmName"]])["MetricAlarms"]:
            raise _unknown()
        try:
            page = cloudwatch.describe_alarm_history(
                **asked, **({"NextToken": cursor} if cursor else {})
            )
        except cloudwatch.exceptions.InvalidNextToken:
            raise no_such_page() from None
    items = [_change(item) for item in page["AlarmHistoryItems"]]
    return json_response({"items": items, "cursor": page.get("NextToken") or None})


def _describe(service: OperatorService) -> Iterator[Mapping[str, Any]]:
    paginator = client("cloudwatch").get_paginator("describe_alarms")
    with translated("describe_alarms", ""):
        for page in paginator.paginate(
            AlarmNamePrefix=service.alarm_prefix, AlarmTypes=["MetricAlarm"]
        ):
            yield from page["MetricAlarms"]


def _alarm(found: Mapping[str, Any], service: OperatorService) -> dict[str, Any]:
    told = _DESCRIPTION.fullmatch(found.get("AlarmDescription") or "")
    assert told
    return {
        "name": found["AlarmName"].removeprefix(service.alarm_prefix),
        "state": found["StateValue"],
        "since": _time(found["StateUpdatedTimestamp"]),
        "urgency": PAGE if service.page_topic in found.get("AlarmActions", []) else TICKET,
        "meaning": told["meaning"],
        "runbook": told["runbook"],
        "metric": found["MetricName"],
        "threshold": found["Threshold"],
        "console_url": cloudwatch_address(f"alarmsV2:alarm/{quote(found['AlarmName'])}"),
    }


def _change(item: Mapping[str, Any]) -> dict[str, Any]:
    data = json.loads(item.get("HistoryData") or "{}")
    states = [data.get(side, {}).get("stateValue") for side in ("oldState", "newState")]
    return {"at": _time(item["Timestamp"]), "before": states[0], "after": states[1]}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _unknown() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.NOT_FOUND,
        "There is no such alarm: GET /alarms lists them.",
        title="Alarm not found",
    )
