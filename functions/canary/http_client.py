"""HTTP calls to the addresses that clients use; on an emulator, which has one host for all."""

import http.client
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SECONDS = 20.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Empty where the body is no JSON object."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Status 0 where nobody answered."""
    scheme, netloc, host = locate(url, os.environ.get("AWS_ENDPOINT_URL", ""))
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(netloc, timeout=SECONDS)
    try:
        connection.request("POST", urlsplit(url).path, body, {**headers, "Host": host})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())
    except (OSError, http.client.HTTPException):
        return Answer(0, b"")
    finally:
        connection.close()


def locate(url: str, endpoint: str) -> tuple[str, str, str]:
    """Scheme, where to connect, and the Host header.

    An emulator tells its distributions and APIs apart by the host's name, as AWS does.
    """
    address = urlsplit(url)
    if not endpoint:
        return address.scheme, address.netloc, address.netloc
    emulator = urlsplit(endpoint)
    is_distribution = address.netloc.endswith(".cloudfront.net")
    host = address.netloc if is_distribution else emulator.netloc
    return emulator.scheme, emulator.netloc, host
