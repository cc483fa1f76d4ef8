"""A seal on the pointer: who may write to the bucket cannot say which version serves.

An HMAC under a key that KMS never gives away. One function's role may make it, all that read the
pointer may check it. A local folder has no seal.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import is_mac, make_mac
from credit_scoring.aws.storage import S3Store, Store

VARIABLE = "POINTER_KEY"


@dataclass(frozen=True)
class Seal:
    """key : ARN of the key; own_client : of KMS, for somebody else's account or address"""

    key: str
    own_client: Any = None

    def of(self, content: bytes) -> str:
        """In base64. Raises StorageError."""
        with translated("generate_mac", "pointer"):
            return make_mac(self.key, _message(content), self.own_client)

    def holds(self, content: bytes, mac: object) -> bool:
        """Raises StorageError when KMS does not answer."""
        return isinstance(mac, str) and _is_base64(mac) and _holds(self, content, mac)


@cache
def _holds(seal: Seal, content: bytes, mac: str) -> bool:
    """Asked once a pointer and process: it is read every half minute."""
    with translated("verify_mac", "pointer"):
        return is_mac(seal.key, _message(content), mac, seal.own_client)


def _message(content: bytes) -> bytes:
    """KMS takes 4,096 bytes at most, and a reason may be long."""
    return hashlib.sha256(content).digest()


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False


def seal_of(store: Store) -> Seal | None:
    """What the process's deployment names, for the bucket that it works with."""
    key = os.environ.get(VARIABLE, "")
    is_deployed = isinstance(store, S3Store) and store.own_client is None
    return Seal(key) if key and is_deployed else None
