"""Who talks to which AWS: the real one, or an emulator at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@dataclass(frozen=True)
class Access:
    """`endpoint` None is AWS itself; keys None are found where boto3 usually finds them."""

    region: str
    endpoint: str | None = None
    access_key: str | None = None
    secret_key: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program of its own takes the same access."""
        named = {
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }
        return {name: value for name, value in named.items() if value is not None}

    def client(self, service: str) -> Any:
        """A boto3 client of one service; the same one each time, as making one is slow."""
        return _make_client(self, service)


@cache
def _make_client(access: Access, service: str) -> Any:
    session = boto3.Session(
        aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key,
        region_name=access.region,
    )
    return session.client(
        service,  # type: ignore[call-overload]  # the name is only known at run time
        endpoint_url=access.endpoint,
        config=Config(retries={"total_max_attempts": 3}, read_timeout=120),
    )
