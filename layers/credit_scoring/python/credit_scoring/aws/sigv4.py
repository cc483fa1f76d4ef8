"""Signature Version 4: by it AWS knows who sent a request, and that nobody changed it.

What botocore's signers do, without the 150 modules that come with them. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Credentials:
    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Request:
    """One request to a service of AWS in a region.

    host : with its port, unless that is the scheme's own
    path : quoted; query : not quoted yet
    """

    service: str
    region: str
    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """What is asked of the host."""
        return f"{self.path}?{self._query}" if self.query else self.path

    @property
    def _query(self) -> str:
        pairs = sorted(
            (quote(n, safe=""), quote(value, safe="")) for n, value in self.query.items()
        )
        return "&".join(f"{name}={value}" for name, value in pairs)

    def signed(self, credentials: Credentials, at: datetime) -> dict[str, str]:
        """The headers to send, the signature among them; at : now, in UTC."""
        time = at.strftime("%Y%m%dT%H%M%SZ")
        headers = {
            **{name.lower(): value.strip() for name, value in self.headers.items()},
            "host": self.host,
            "x-amz-content-sha256": hashlib.sha256(self.body).hexdigest(),
            "x-amz-date": time,
        }
        if credentials.token:
            headers["x-amz-security-token"] = credentials.token
        names = ";".join(sorted(headers))
        scope = f"{time[:8]}/{self.region}/{self.service}/aws4_request"
        asked = hashlib.sha256(self._canonical(headers, names).encode()).hexdigest()
        key = _signing_key(credentials.secret_key, scope)
        signature = _hmac(key, f"{_ALGORITHM}\n{time}\n{scope}\n{asked}").hex()
        who = f"{_ALGORITHM} Credential={credentials.access_key}/{scope}"
        return headers | {"authorization": f"{who}, SignedHeaders={names}, Signature={signature}"}

    def _canonical(self, headers: Mapping[str, str], names: str) -> str:
        lines = [f"{name}:{headers[name]}" for name in names.split(";")]
        parts = (self.method, self.path, self._query, *lines, "", names)
        return "\n".join((*parts, headers["x-amz-content-sha256"]))


@lru_cache(maxsize=8)
def _signing_key(secret: str, scope: str) -> bytes:
    """The same for a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
