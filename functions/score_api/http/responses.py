"""How an answer is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What is said of an applicant stays in no cache on the way.
HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Response:
    """An answer whose body is text."""

    status_code: int
    content_type: str
    body: str
    headers: Mapping[str, str]

    def for_gateway(self) -> dict[str, Any]:
        """As the HTTP API takes it (payload format 2.0).

        Text that is not Unicode would end the process, behind the handler: it is replaced.
        """
        return {
            "statusCode": int(self.status_code),
            "body": self.body.encode(errors="replace").decode(),
            "isBase64Encoded": False,
            "headers": {"Content-Type": self.content_type, **self.headers},
        }


def json_response(
    content: object,
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Floats are written with every digit that they need to be read back to the last bit."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(status, content_type, text, {**HEADERS, **(headers or {})})


def text_response(text: str, *, content_type: str, headers: Mapping[str, str]) -> Response:
    return Response(200, f"{content_type}; charset=utf-8", text, {**HEADERS, **headers})
