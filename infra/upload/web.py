"""HTTP as an upload needs it: bodies that are files, and failures in words."""

import http.client
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from infra.upload.errors import ServiceRefused, ServiceUnreachable

TIMEOUT = 60  # seconds, for one block
BLOCK = 256 * 1024


@dataclass(frozen=True)
class WebResponse:
    """headers : by name, in small letters"""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        """Empty for what is no JSON object."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def words(self) -> str:
        """What the answer itself says of a refusal, fields included."""
        content = self.json()
        told = [content.get("detail") or content.get("message") or ""]
        told += [error.get("message", "") for error in content.get("errors") or ()]
        return " ".join(filter(None, told)) or f"status {self.status}"


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | BinaryIO | None = None,
) -> WebResponse:
    """One request; an answer of any status is an answer. Raises ServiceUnreachable."""
    with _requested(method, url, headers, body) as response:
        named = {name.lower(): value for name, value in response.getheaders()}
        return WebResponse(response.status, response.read(), named)


def put(url: str, headers: Mapping[str, str], body: BinaryIO, *, size: int) -> WebResponse:
    """Send a file to a presigned address, which takes one once. Raises ServiceRefused."""
    answer = call("PUT", url, headers={**headers, "Content-Length": str(size)}, body=body)
    if answer.status != http.client.OK:
        raise ServiceRefused(f"The storage refused the file (status {answer.status}).")
    return answer


def fetch(url: str, into: BinaryIO) -> None:
    """Copy what is there, a block at a time. Raises ServiceRefused."""
    with _requested("GET", url, None, None) as response:
        if response.status != http.client.OK:
            raise ServiceRefused(f"A result could not be downloaded (status {response.status}).")
        shutil.copyfileobj(response, into, BLOCK)


@contextmanager
def _requested(
    method: str, url: str, headers: Mapping[str, str] | None, body: bytes | BinaryIO | None
) -> Iterator[http.client.HTTPResponse]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT, blocksize=BLOCK)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, dict(headers or {}))
        yield connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise ServiceUnreachable(f"{parts.scheme}://{parts.netloc}", why=_why(error)) from None
    finally:
        connection.close()


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers there"
    return str(error) or "the connection was lost"
