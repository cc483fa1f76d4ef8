"""The pieces that JSON Schemas of answers and bodies are made of."""

from collections.abc import Iterable, Mapping
from typing import Any

from credit_scoring.reasons.families import FAMILIES

Schema = dict[str, Any]


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Mapping[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """Everything that is not optional is always there, and nothing else is."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def list_of(items: Schema, *, most: int | None = None) -> Schema:
    bound = {} if most is None else {"maxItems": most}
    return {"type": "array", "items": items} | bound


def page_of(items: Schema) -> Schema:
    """One page of a list; `cursor` asks for the next one."""
    return object_of({"items": list_of(items), "cursor": NEXT_PAGE})


def one_of(values: Iterable[str], description: str = "") -> Schema:
    return {"type": "string", "enum": list(values)} | _described(description)


def number(description: str = "") -> Schema:
    return {"type": "number"} | _described(description)


def probability(description: str = "") -> Schema:
    return number(description) | {"minimum": 0, "maximum": 1}


def text(description: str = "") -> Schema:
    return {"type": "string"} | _described(description)


def nullable(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


def _described(description: str) -> Schema:
    return {"description": description} if description else {}


COUNT: Schema = {"type": "integer", "minimum": 0}
ANYTHING: Schema = {"type": "object"}
BILINGUAL = reference("Bilingual")
FAMILY = one_of(FAMILIES)
VERSION = text("First twelve digits of the SHA-256 of the bundle's manifest.")
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
LOG_ODDS = "In log-odds; above zero it raises the probability of default."
NEXT_PAGE: Schema = {
    "type": ["string", "null"],
    "description": "What to send as `cursor` for what follows; null: this is all.",
}
