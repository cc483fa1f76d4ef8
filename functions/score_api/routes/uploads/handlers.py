"""POST /uploads: an address to which a branch may send one file of applications."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

from credit_scoring.aws.storage import ONCE
from credit_scoring.errors import Problem
from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.stored.batches import BRANCH_ALLOWED, is_branch

from functions.score_api.access import require_branch
from functions.score_api.answers import file_names
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.problems import RequestRefused, field_error
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

SECONDS_TO_UPLOAD = 15 * 60
# What S3 takes in one piece; what is scored may be larger, and then comes through the bucket.
MOST_BYTES = 5 * 2**30
# The storage keeps it with the file: it is the language of the results' sentences.
LANGUAGE_HEADER = "x-amz-meta-language"
RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "branch": (is_branch, BRANCH_ALLOWED),
    "filename": (
        file_names.is_table_name,
        f"a name that ends with {file_names.ALLOWED}, at most {file_names.MOST_CHARACTERS} "
        "characters, no folder",
    ),
    "language": (LANGUAGES.__contains__, " or ".join(LANGUAGES)),
}
OPTIONAL = {"language": ""}
FIELDS = (*RULES, "bytes")


def request_upload(request: Request, service: Service) -> Response:
    upload = read_upload(read_json_object(request))
    require_branch(request.caller, upload["branch"])
    batch = f"{upload['branch']}/{file_names.unique_name(upload['filename'])}"
    content = upload_content(batch, int(upload["bytes"]), upload["language"], service)
    return json_response(content)


def upload_content(batch: str, size: int, language: str, service: Service) -> dict[str, Any]:
    """Where and how to send the file; the address is valid with exactly these headers.

    Content-Length is signed as well, and not among them: whoever sends a file sets it.
    """
    key, content_type = f"uploads/{batch}", file_names.content_type(batch)
    url = service.uploads.presigned_put(
        key,
        content_type=content_type,
        size=size,
        seconds=SECONDS_TO_UPLOAD,
        metadata={"language": language} if language else {},
    )
    spoken = {LANGUAGE_HEADER: language} if language else {}
    headers = {"Content-Type": content_type} | ONCE | spoken
    return {"url": url, "method": "PUT", "headers": headers, "key": key, "batch": batch}


def read_upload(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an upload. Raises RequestRefused (422) that names what is wrong."""
    values = OPTIONAL | dict(content)
    errors = [_unknown(name) for name in content if name not in FIELDS]
    errors += [_error(name, values.get(name)) for name in RULES if not _is_right(name, values)]
    errors += [] if _is_size(size := values.get("bytes")) else [_size_error(size)]
    if errors:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The file cannot be sent like that: see errors, correct and send again.",
            title="Invalid upload",
            errors=errors,
        )
    return values


def _is_right(name: str, values: Mapping[str, Any]) -> bool:
    value = values.get(name)
    if name in OPTIONAL and value == OPTIONAL[name]:
        return True
    return isinstance(value, str) and RULES[name][0](value)


def _is_size(size: object) -> bool:
    """JSON knows one kind of number: 1.0 is whole."""
    is_number = isinstance(size, int | float) and not isinstance(size, bool)
    return is_number and 0 < cast(float, size) <= MOST_BYTES and cast(float, size) % 1 == 0


def _size_error(size: object) -> dict[str, str]:
    allowed = f"the size of the file in bytes, a whole number from 1 to {MOST_BYTES}"
    if isinstance(size, int | float) and size > MOST_BYTES:
        allowed += ": split the file, or put it into the bucket"
    cause, shown = ("missing", "") if size is None else ("out_of_range", str(size)[:80])
    return field_error(Problem("bytes", cause, shown, allowed), f"bytes must be {allowed}")


def _error(name: str, value: object) -> dict[str, str]:
    allowed = RULES[name][1]
    cause, shown = ("missing", "") if value is None else ("wrong_name", str(value)[:80])
    return field_error(Problem(name, cause, shown, allowed), f"{name} must be {allowed}")


def _unknown(name: str) -> dict[str, str]:
    problem = Problem(name[:80], "unknown_field", "", ", ".join(FIELDS))
    return field_error(problem, "an upload has no such field")
