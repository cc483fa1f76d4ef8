"""GET and POST /acknowledgements: who knows of a finding, why, and until when nobody is called.

An end in the past takes an acknowledgement back; what was said before stays in its history.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from credit_scoring.errors import ObjectNotFound
from credit_scoring.stored.acknowledgements import (
    LONGEST_DAYS,
    Acknowledgement,
    finding_key,
    read_acknowledgements,
    write_acknowledgement,
)

from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request
from functions.score_api.routes.drift.handlers import LATEST_REPORT

FIELDS = ("kind", "source", "columns", "reason", "until")
SHORTEST_REASON, LONGEST_REASON, LONGEST_NAME, MOST_COLUMNS = 3, 500, 128, 64
ONE_DAY = timedelta(days=1)


def list_acknowledgements(_: Request, service: OperatorService) -> Response:
    items = [_content(made) for made in read_acknowledgements(service.acknowledged)]
    return json_response({"items": items, "cursor": None})


def acknowledge(request: Request, service: OperatorService) -> Response:
    """Raises InvalidApplicant (422), RequestRefused (409) for what the newest run did not find."""
    made = _read(request, datetime.now(UTC))
    known = {
        finding_key(found["kind"], found["source"], tuple(found["columns"]))
        for found in _latest(service).get("findings", ())
    }
    if made.key not in known:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            "The newest run did not find this: reload the findings, then choose one of them.",
            title="Not found by the newest run",
        )
    write_acknowledgement(service.acknowledged, made)
    request.outcome.note(action="acknowledge")
    return json_response(_content(made))


def _read(request: Request, now: datetime) -> Acknowledgement:
    fields = BodyFields(read_json_object(request), FIELDS)
    today = now.date()
    made = Acknowledgement(
        kind=fields.text("kind", most=LONGEST_NAME),
        source=fields.text("source", least=0, most=LONGEST_NAME),
        columns=tuple(_columns(fields)),
        reason=fields.text("reason", least=SHORTEST_REASON, most=LONGEST_REASON),
        by=request.caller.name,
        at=now.isoformat(timespec="microseconds"),
        # Yesterday takes it back.
        until=fields.day("until"),
    )
    fields.check()
    if not today - ONE_DAY <= made.until <= today + LONGEST_DAYS * ONE_DAY:
        raise RequestRefused(
            HTTPStatus.CONFLICT,
            f"`until` must be a day from yesterday to {LONGEST_DAYS} days from now.",
            title="Day out of reach",
        )
    return made


def _columns(fields: BodyFields) -> list[str]:
    """A finding of all columns names none; what is no name at all was not found either."""
    return [str(column)[:LONGEST_NAME] for column in fields.items("columns", most=MOST_COLUMNS)]


def _latest(service: OperatorService) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(service.reports.read(LATEST_REPORT))
    except ObjectNotFound:
        return {}
    return found


def _content(made: Acknowledgement) -> dict[str, Any]:
    return asdict(made) | {"columns": list(made.columns), "until": made.until.isoformat()}
