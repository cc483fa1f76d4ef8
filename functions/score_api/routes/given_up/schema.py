"""GET /given-up and POST /given-up/redrive."""

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import COUNT, Schema, list_of, object_of, text


def list_given_up() -> Content:
    return operation("listGivenUp", "What every retry could not finish", "GivenUp", 503)


def redrive() -> Content:
    described = operation("redriveGivenUp", "Try all of it again", "Redriven", *BODY_PROBLEMS, 503)
    return described | body("Nothing", {})


EVENT = object_of(
    {
        "id": text("Of the message."),
        "files": text("Keys of the uploads, else what kind of event it is."),
        "error": text("Class of the last error."),
    }
)
EXECUTION = object_of(
    {
        "upload": text("First twelve digits of the upload's digest."),
        "status": text("FAILED, TIMED_OUT or ABORTED."),
        "attempts": COUNT,
    }
)
SCHEMAS: dict[str, Schema] = {
    "Nothing": object_of({}),
    "GivenUp": object_of(
        {
            "events": list_of(EVENT),
            "executions": list_of(EXECUTION),
            "waiting": object_of({"batch": COUNT, "drift": COUNT}),
        }
    ),
    "Redriven": object_of({"events_sent": COUNT, "events_left": COUNT, "executions_run": COUNT}),
}
