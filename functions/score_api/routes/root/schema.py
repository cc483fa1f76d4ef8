"""GET /, /docs and /openapi.json."""

from functions.score_api.openapi.operations import OPEN, Content, operation
from functions.score_api.openapi.shapes import Schema, object_of, text


def get_docs() -> Content:
    described = operation("getDocs", "This document, to read and to try", None) | OPEN
    page = {"description": "Where the page is.", "schema": text()}
    del described["responses"]["200"]
    described["responses"]["302"] = {"description": "There.", "headers": {"Location": page}}
    return described


def get_root() -> Content:
    return operation("getRoot", "What this is", "Root") | OPEN


def describe_api() -> Content:
    return operation("describeApi", "This document", None) | OPEN


SCHEMAS: dict[str, Schema] = {
    "Root": object_of(
        {
            "name": text(),
            "version": text(),
            "links": object_of({"description": text(), "docs": text(), "health": text()}),
        }
    ),
}
