"""How everything on this machine reaches the local cloud: one account, one key, one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config

ACCOUNT: Final = "000000000000"
REGION: Final = "eu-west-3"
# The root key of an emulator that listens on 127.0.0.1 only; it opens nothing else.
ROOT_KEY: Final = "credit-scoring-local"
ROOT_SECRET: Final = "not-a-secret-local-emulator-only"  # noqa: S105


@dataclass(frozen=True)
class Access:
    """Where an AWS API is and who asks; `endpoint` None is the real AWS.

    Keys None leave boto3 to find the usual credentials of a deployed stack's operator.
    """

    endpoint: str | None = None
    region: str = REGION
    access_key: str | None = None
    secret_key: str | None = None

    def client(self, service: str) -> Any:
        """A boto3 client of one service."""
        return self._session().client(
            service,  # type: ignore[call-overload]  # the name is only known at run time
            endpoint_url=self.endpoint,
            config=Config(retries={"total_max_attempts": 3}, read_timeout=120),
        )

    def _session(self) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
        )


def local_access(port: int, *, region: str = REGION) -> Access:
    """Root of the local cloud on this port."""
    return Access(
        endpoint=f"http://127.0.0.1:{port}",
        region=region,
        access_key=ROOT_KEY,
        secret_key=ROOT_SECRET,
    )
