"""Headers that requests may carry."""

from functions.score_api.http.idempotency import HEADER, PATTERN
from functions.score_api.openapi.operations import Content


def idempotency_key(of: str) -> Content:
    """of : what is made once, such as `decision`"""
    return {
        "name": HEADER,
        "in": "header",
        "description": f"Anything that is unique to this {of}; send it again when in doubt.",
        "schema": {"type": "string", "pattern": f"^{PATTERN}$"},
    }
