"""How an answer is written."""

import json
from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response

# What is said of an applicant stays in no cache on the way.
HEADERS = {"Cache-Control": "no-store"}


def json_response(
    content: object,
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """Floats are written with every digit that they need to be read back to the last bit."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(status, content_type, text, {**HEADERS, **(headers or {})})


def text_response(text: str, *, content_type: str, headers: Mapping[str, str]) -> Response[str]:
    return Response(200, f"{content_type}; charset=utf-8", text, {**HEADERS, **headers})
