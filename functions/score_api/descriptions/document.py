"""GET /openapi.json."""

from functions.score_api.descriptions.operations import OPEN, Content, operation
from functions.score_api.descriptions.shapes import Schema

PATHS: Content = {
    "/openapi.json": {"get": operation("describeApi", "This document", None) | OPEN},
}
SCHEMAS: dict[str, Schema] = {}
