"""GET and POST /acknowledgements."""

from credit_scoring.contract.columns import all_with_role

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import Schema, list_of, object_of, page_of, reference, text
from functions.score_api.routes.acknowledgements.handlers import (
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_COLUMNS,
    SHORTEST_REASON,
)

EXAMPLE = {
    "kind": "missing",
    "source": "paris-01",
    "columns": [all_with_role("external_score")[1]],
    "reason": "The branch's export was repaired; old files are still on their way.",
    "until": "2026-12-31",
}
TOLD = (
    "Until the end of that day the finding rings no alarm and sends no message; it is still told. "
    "Yesterday as the end takes an acknowledgement back."
)


def list_acknowledgements() -> Content:
    summary = "Findings that somebody knows of, the newest word of each"
    return operation("listAcknowledgements", summary, "Acknowledgements", 503)


def acknowledge() -> Content:
    described = operation(
        "acknowledgeFinding",
        "Call nobody for a finding, until a day",
        "Acknowledgement",
        *BODY_PROBLEMS,
        409,
        503,
    )
    return described | {"description": TOLD} | body("NewAcknowledgement", EXAMPLE)


def _bounded(least: int, most: int) -> Schema:
    return text() | {"minLength": least, "maxLength": most}


SAID: dict[str, Schema] = {
    "kind": _bounded(1, LONGEST_NAME),
    "source": text("A branch or program, empty for everywhere.") | {"maxLength": LONGEST_NAME},
    "columns": list_of(text(), most=MOST_COLUMNS),
    "reason": _bounded(SHORTEST_REASON, LONGEST_REASON),
    "until": text("The last day, at most 90 days from today.") | {"format": "date"},
}
SCHEMAS: dict[str, Schema] = {
    "NewAcknowledgement": object_of(SAID, optional=("source", "columns")),
    "Acknowledgement": object_of({**SAID, "by": text("Who."), "at": text("When, in UTC.")}),
    "Acknowledgements": page_of(reference("Acknowledgement")),
}
