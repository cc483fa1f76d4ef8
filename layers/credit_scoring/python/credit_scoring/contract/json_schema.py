"""The contract as JSON Schema (2020-12): what `parse_record` takes, said to other programs.

A record validates against this schema exactly when `parse_record` accepts it. Both hold that null
and blank text are missing, that spaces around a text do not count, and that a number must fit into
64 bits. One difference is left, which JSON Schema cannot say: an id written 5.0 is refused.
"""

import math
import re
import sys
from collections.abc import Mapping
from typing import Any

from credit_scoring.contract.applicants import ID_TEXT
from credit_scoring.contract.columns import INPUTS, Column

Schema = dict[str, Any]

LARGEST = sys.float_info.max
# \s of ECMA 262 and of Python differ in characters that nobody types.
BLANK = r"^\s*$"
ID_SCHEMA = rf"^\s*({ID_TEXT})?\s*$"
# The ids that are whole numbers: 32 digits, or a sign and 31.
ID_BOUNDS = {"minimum": 1 - 10**31, "maximum": 10**32 - 1}
_SYNTAX = re.compile(r"[\^$\\.*+?()\[\]{}|/]")


def record_schema(columns: Mapping[str, Column] = INPUTS) -> Schema:
    """The schema of one application as a flat JSON object.

    An id is required in a CSV only: a caller of the API scores whom it likes.
    """
    return {
        "type": "object",
        "properties": {name: column_schema(column) for name, column in columns.items()},
        "required": [n for n, column in columns.items() if column.required and column.type != "id"],
        "additionalProperties": False,
    }


def column_schema(column: Column) -> Schema:
    """What one field may hold, with its label, unit and meaning."""
    return {"title": column.label_en, "description": describe(column)} | _values(column)


def describe(column: Column) -> str:
    """English meaning, what is allowed, unit, and the French label."""
    unit = f" Unit: {column.unit}." if column.unit else ""
    return f"{column.description} Allowed: {column.allowed}.{unit} (fr: {column.label_fr})"


def _values(column: Column) -> Schema:
    if column.type == "id":
        return {"type": ["string", "integer", "null"], "pattern": ID_SCHEMA} | ID_BOUNDS
    if column.is_category:
        return _category(column)
    return _number(column)


def _category(column: Column) -> Schema:
    """The categories as a list for people and generators; spaces around them are tolerated."""
    words = "|".join(_SYNTAX.sub(r"\\\g<0>", text) for text in column.categories)
    if column.required:
        return {"anyOf": [_enum(*column.categories), _text(rf"^\s*(?:{words})\s*$")]}
    return {"anyOf": [_enum(*column.categories, None), _text(rf"^\s*(?:{words})?\s*$")]}


def _enum(*values: str | None) -> Schema:
    return {"enum": list(values)}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _number(column: Column) -> Schema:
    """A keyword only speaks to its own type: bounds to numbers, the pattern to texts."""
    kind = "number" if column.type == "number" else "integer"
    types = {"type": kind} if column.required else {"type": [kind, "null", "string"]}
    blank = {} if column.required else {"pattern": BLANK}
    bounds = {"minimum": _bound(column.minimum), "maximum": _bound(column.maximum)}
    if column.sentinel is None:
        return types | blank | bounds
    return types | blank | {"anyOf": [bounds, {"const": _plain(column.sentinel)}]}


def _bound(limit: float) -> float | int:
    return _plain(limit) if math.isfinite(limit) else math.copysign(LARGEST, limit)


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
