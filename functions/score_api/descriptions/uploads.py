"""POST /uploads."""

from functions.score_api.descriptions.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.descriptions.shapes import ANYTHING, Schema, object_of, one_of, text
from functions.score_api.file_names import MOST_CHARACTERS

EXAMPLE = {"branch": "paris-01", "filename": "applicants.csv"}


def _request() -> Content:
    name = "requestUpload"
    return operation(name, "Get an address to upload to", "Upload", *BODY_PROBLEMS) | body(
        "UploadRequest", EXAMPLE
    )


PATHS: Content = {"/uploads": {"post": _request()}}
SCHEMAS: dict[str, Schema] = {
    "UploadRequest": {
        "type": "object",
        "properties": {
            "branch": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"},
            "filename": {
                "type": "string",
                "pattern": r"^[^/\\\u0000-\u001f\u007f]+\.[cC][sS][vV]$",
                "maxLength": MOST_CHARACTERS,
            },
        },
        "required": ["branch", "filename"],
    },
    "Upload": object_of(
        {
            "url": text("Send the file here within 15 minutes."),
            "method": one_of(("PUT",)),
            "headers": ANYTHING,
            "key": text(),
            "batch": text("What to ask /batches/{batch} for."),
        }
    ),
}
