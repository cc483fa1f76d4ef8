"""How this package talks to AWS: one client a service, and its errors in our words.

Through botocore, and only where a client is needed: `direct` sends what every score waits for.
What boto3 adds (resources, a transfer manager) is not used. Errors are translated here, once.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from credit_scoring.aws.http_calls import CallFailed, is_transient
from credit_scoring.errors import (
    AlreadyExists,
    ObjectNotFound,
    StorageError,
    StorageRefused,
    StorageUnavailable,
)

PARALLEL_CALLS = 8
_NOT_FOUND = {"NoSuchKey", "404", "NoSuchVersion"}
_CONFLICT = {
    "ConditionalCheckFailedException",
    "ExecutionAlreadyExists",
    "PreconditionFailed",
    "412",
}


@dataclass
class Watch:
    """around_call : what to do around each call of a client, such as tracing it"""

    around_call: Callable[[str], AbstractContextManager[Any]] = nullcontext


watch = Watch()


@cache
def client(service: str) -> Any:
    """One client a service and process; botocore retries what is transient, with jitter."""
    # S3's signed URLs must carry the regional address, or a new bucket answers with a redirect
    # that browsers do not follow; an emulator at an own endpoint has no such address.
    own_endpoint = bool(os.environ.get("AWS_ENDPOINT_URL"))
    config = import_module("botocore.config").Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=2 * PARALLEL_CALLS,
        signature_version="s3v4" if service == "s3" else None,
        # In us-east-1 botocore would still sign for S3's global address, which our page's security
        # policy does not name.
        s3={
            "addressing_style": "path" if own_endpoint else "virtual",
            "us_east_1_regional_endpoint": "regional",
        },
    )
    made = session().create_client(service, config=config)
    send = made._make_api_call

    def call(*given: Any) -> Any:
        with watch.around_call(service):
            return send(*given)

    made._make_api_call = call  # every method of a client calls it
    return made


@cache
def session() -> Any:
    """Botocore's, shared by all clients: credentials are then looked for once."""
    return import_module("botocore.session").get_session()


@contextmanager
def translated(operation: str, key: str) -> Iterator[None]:
    """Raises ObjectNotFound, AlreadyExists, StorageUnavailable or StorageRefused instead."""
    try:
        yield
    except CallFailed as error:
        unavailable = error.is_transient
        raise _failure(operation, key, error.code, unavailable=unavailable) from error
    except _botocore("ClientError") as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        unavailable = is_transient(code, status)
        raise _failure(operation, key, code, unavailable=unavailable) from error
    except _botocore("ConnectionError", "HTTPClientError", "IncompleteReadError") as error:
        raise StorageUnavailable(operation, type(error).__name__) from error
    except _botocore("BotoCoreError") as error:  # no credentials, no region, a malformed name
        raise StorageRefused(operation, type(error).__name__) from error


def _failure(operation: str, key: str, code: str, *, unavailable: bool) -> StorageError:
    if code in _NOT_FOUND:
        return ObjectNotFound(key)
    if code in _CONFLICT:
        return AlreadyExists(key)
    return (StorageUnavailable if unavailable else StorageRefused)(operation, code)


def _botocore(*names: str) -> Any:
    """Its exceptions, asked for when one of some kind passes by."""
    exceptions = import_module("botocore.exceptions")
    return tuple(getattr(exceptions, name) for name in names)
