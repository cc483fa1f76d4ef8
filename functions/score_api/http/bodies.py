"""Request bodies: bounded, then strict JSON, then an object."""

import base64
import binascii
import json
import re
from http import HTTPStatus
from typing import Any, NoReturn, Protocol

from functions.score_api.http.problems import RequestRefused

MOST_BYTES = 64 * 1024
# An application is flat; deeper nesting only serves to exhaust the parser.
MOST_DEPTH = 8
# The largest double has so many; a longer integer is no number that anybody could mean.
MOST_DIGITS = 309

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


class NotStrictJson(ValueError):
    pass


class Sent(Protocol):
    """Of a request, what is read here."""

    @property
    def body(self) -> str: ...
    @property
    def is_base64(self) -> bool: ...


def read_json_object(sent: Sent, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The body as a JSON object.

    Raises RequestRefused: 413 above `most_bytes`, 400 for what is not JSON (RFC 8259: no NaN, no
    Infinity; and no key twice, because nobody knows which of the two counts) or not an object.
    """
    text = _read_text(sent.body, is_base64=sent.is_base64, most_bytes=most_bytes)
    try:
        content = _parse(text)
    except UnicodeEncodeError:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, "The body holds half of a surrogate pair: send Unicode text."
        ) from None
    except (ValueError, RecursionError):
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST,
            "The body is not strict JSON: send one object, every key once, finite numbers only.",
        ) from None
    if not isinstance(content, dict):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "The body is not a JSON object: send one.")
    return content


def _read_text(body: str, *, is_base64: bool, most_bytes: int) -> str:
    """Measured before anything is decoded: four characters of base64 are three bytes."""
    if len(body) > (most_bytes * 4 // 3 + 4 if is_base64 else most_bytes):
        raise _too_large(most_bytes)
    try:
        data = base64.b64decode(body, validate=True) if is_base64 else body.encode()
        if len(data) > most_bytes:
            raise _too_large(most_bytes)
        return data.decode()
    except (binascii.Error, UnicodeError):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "The body is not UTF-8 text.") from None


def _parse(text: str) -> Any:
    if _depth(text) > MOST_DEPTH:
        raise NotStrictJson
    content = json.loads(
        text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_integer
    )
    if "\\u" in text:
        # Escapes can spell what no text holds, and an answer that repeats it could not be sent.
        json.dumps(content, ensure_ascii=False).encode()
    return content


def _depth(text: str) -> int:
    """How deep brackets nest outside of strings; where they are few, as deep as they could."""
    if (most := text.count("[") + text.count("{")) <= MOST_DEPTH:
        return most
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise NotStrictJson
    return content


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise NotStrictJson
    return int(digits)


def _refuse_constant(_: str) -> NoReturn:
    raise NotStrictJson


def _too_large(most_bytes: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is larger than {most_bytes // 1024} KiB: send less at once.",
    )
