"""Ids of what is made once, however often the same request is sent."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus

from functions.score_api.http.problems import RequestRefused

HEADER = "Idempotency-Key"
PATTERN = "[!-~]{1,128}"


def read_key(headers: Mapping[str, str]) -> str | None:
    """The user's own, None where there is none. Raises RequestRefused (400) for one that is none.

    headers : by names in small letters
    """
    key = headers.get(HEADER.lower())
    if key is not None and not re.fullmatch(PATTERN, key):
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, f"{HEADER} must be 1 to 128 visible ASCII characters."
        )
    return key


def new_id(headers: Mapping[str, str], user: str) -> str:
    """Of the user's own key, if there is one: the same request sent again finds what it made.

    Thirty-two hexadecimal digits.
    """
    key = read_key(headers)
    if key is None:
        return secrets.token_hex(16)
    return hashlib.sha256(f"{user}\n{key}".encode()).hexdigest()[:32]
