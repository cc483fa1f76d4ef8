"""A part of one version of an object: the emulator answers with all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

RangeResponse = tuple[int, dict[str, str], bytes]
Range = tuple[int, int]
_OK: Final = 200
_PARTIAL: Final = 206
_UNSATISFIABLE: Final = 416
# Of the whole object: no part would match.
_CHECKSUM: Final = "x-amz-checksum"


def cut_answer(
    answer: RangeResponse,
    headers: Mapping[str, Any],
    parse_range: Callable[[str, int], Range | None],
) -> RangeResponse:
    """What S3 answers to these request headers, from an answer that may hold too much.

    parse_range : (header, size) -> first and last byte, None where there is none
    """
    status, told, body = answer
    wanted = headers.get("range")
    if status != _OK or not wanted:
        return answer
    size = len(body)
    found = parse_range(wanted, size)
    if found is None:
        return _UNSATISFIABLE, {"Content-Range": f"bytes */{size}"}, b""
    first, last = found
    kept = {name: value for name, value in told.items() if not name.startswith(_CHECKSUM)}
    length = {"Content-Length": str(last - first + 1)}
    place = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return _PARTIAL, {**kept, **length, **place}, body[first : last + 1]
