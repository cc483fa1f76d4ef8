"""How this package talks to AWS: one client a service, and its errors in our words.

Through botocore: what boto3 adds to it (resources, a transfer manager) is not used, and would cost
every cold start. Errors of AWS are translated here, once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore import exceptions
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from credit_scoring.errors import (
    AlreadyExists,
    ObjectNotFound,
    StorageRefused,
    StorageUnavailable,
)

PARALLEL_CALLS = 8
_NOT_FOUND = {"NoSuchKey", "404", "NoSuchVersion"}
_CONFLICT = {
    "ConditionalCheckFailedException",
    "ConditionalRequestConflict",
    "PreconditionFailed",
    "412",
}
_TRANSIENT = {
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottlingException",
    "Throttling",
}
_INTERRUPTED = (
    exceptions.ConnectionError,
    exceptions.HTTPClientError,
    exceptions.IncompleteReadError,
)


@cache
def client(service: str) -> Any:
    """One client a service and process; botocore retries what is transient, with jitter."""
    # S3's signed URLs must carry the regional address, or a new bucket answers with a redirect
    # that browsers do not follow; an emulator at an own endpoint has no such address.
    own_endpoint = bool(os.environ.get("AWS_ENDPOINT_URL"))
    config = Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=2 * PARALLEL_CALLS,
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": "path" if own_endpoint else "virtual"},
    )
    return session().create_client(service, config=config)


@cache
def session() -> botocore.session.Session:
    """Shared by all clients: endpoints are then read and credentials looked for once."""
    return botocore.session.get_session()


@contextmanager
def translated(operation: str, key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _NOT_FOUND:
            raise ObjectNotFound(key) from None
        if code in _CONFLICT:
            raise AlreadyExists(key) from None
        if code in _TRANSIENT or status >= 500:
            raise StorageUnavailable(operation, code) from error
        raise StorageRefused(operation, code) from error
    except _INTERRUPTED as error:
        raise StorageUnavailable(operation, type(error).__name__) from error
    except BotoCoreError as error:  # no credentials, no region, a malformed name
        raise StorageRefused(operation, type(error).__name__) from error
