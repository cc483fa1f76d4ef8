"""What every refusal says, and texts in two languages: no route's own."""

from credit_scoring.errors import PROBLEM_CAUSES

from functions.score_api.openapi.shapes import (
    Schema,
    list_of,
    object_of,
    one_of,
    reference,
    text,
)

FIELD_ERROR = object_of(
    {
        "field": text(),
        "value": text("What was sent, at most 80 characters of it."),
        "allowed": text(),
        "cause": one_of([*PROBLEM_CAUSES, "wrong_name"]),
        "message": text(),
    }
)
SCHEMAS: dict[str, Schema] = {
    "Bilingual": object_of({"fr": text(), "en": text()}),
    "FieldError": FIELD_ERROR,
    "Problem": object_of(
        {
            "type": text(),
            "title": text(),
            "status": {"type": "integer"},
            "detail": text("What to do about it."),
            "request_id": text(),
            "errors": list_of(reference("FieldError")),
        }
    ),
}
