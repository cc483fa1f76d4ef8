"""POST /uploads: an address to which a branch may send one CSV file."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.score_api import file_names
from functions.score_api.bodies import read_json_object
from functions.score_api.problems import RequestRefused
from functions.score_api.responses import json_response
from functions.score_api.service import Service

SECONDS_TO_UPLOAD = 15 * 60
CONTENT_TYPE = "text/csv"
RULES = {
    "branch": (
        file_names.is_branch,
        "1 to 32 letters, digits, dots, hyphens or underscores, a letter or digit first",
    ),
    "filename": (
        file_names.is_csv_name,
        f"a name that ends with .csv, at most {file_names.MOST_CHARACTERS} characters, no folder",
    ),
}


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.post("/uploads")
    def request_upload() -> Response[str]:
        branch, filename = read_upload(read_json_object(app.current_event))
        batch = f"{branch}/{file_names.unique_name(filename)}"
        key = f"uploads/{batch}"
        url = service.uploads.presigned_put(
            key, content_type=CONTENT_TYPE, seconds=SECONDS_TO_UPLOAD
        )
        headers = {"Content-Type": CONTENT_TYPE}
        content = {"url": url, "method": "PUT", "headers": headers, "key": key, "batch": batch}
        return json_response(content)


def read_upload(content: Mapping[str, Any]) -> tuple[str, str]:
    """Branch and filename. Raises RequestRefused (422) that names what is wrong."""
    errors = [
        _error(name, content.get(name), allowed)
        for name, (is_right, allowed) in RULES.items()
        if not (isinstance(content.get(name), str) and is_right(content[name]))
    ]
    if errors:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The file cannot be called like that: see errors, correct and send again.",
            title="Invalid upload",
            errors=errors,
        )
    return content["branch"], content["filename"]


def _error(name: str, value: object, allowed: str) -> dict[str, str]:
    cause = "missing" if value is None else "wrong_name"
    shown = "" if value is None else str(value)[:80]
    return {
        "field": name,
        "value": shown,
        "allowed": allowed,
        "cause": cause,
        "message": f"{name} must be {allowed}",
    }
