"""POST /uploads."""

from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.stored.batches import BRANCH_PATTERN

from functions.score_api.answers.file_names import MOST_CHARACTERS, NAME_PATTERN
from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import ANYTHING, Schema, object_of, one_of, text
from functions.score_api.routes.uploads.handlers import MOST_BYTES

EXAMPLE = {"branch": "paris-01", "filename": "applicants.csv", "bytes": 52_113, "language": "fr"}


def request_upload() -> Content:
    name = "requestUpload"
    return operation(name, "Get an address to upload to", "Upload", *BODY_PROBLEMS) | body(
        "UploadRequest", EXAMPLE
    )


SCHEMAS: dict[str, Schema] = {
    "UploadRequest": object_of(
        {
            "branch": {"type": "string", "pattern": f"^{BRANCH_PATTERN}$"},
            "filename": {
                "type": "string",
                "pattern": f"^{NAME_PATTERN}$",
                "maxLength": MOST_CHARACTERS,
            },
            "bytes": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_BYTES,
                "description": "Of the file; the address takes no other size.",
            },
            "language": one_of(
                ("", *LANGUAGES), "Of the sentences in the results; empty: the house's own."
            ),
        },
        optional=("language",),
    ),
    "Upload": object_of(
        {
            "url": text("Send the file here, once, within 15 minutes."),
            "method": one_of(("PUT",)),
            "headers": ANYTHING | {"description": "Signed with the address: send exactly these."},
            "key": text(),
            "batch": text("What to ask /batches/{batch} for."),
        }
    ),
}
