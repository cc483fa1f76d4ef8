"""The code that an authenticator app shows: RFC 6238, six digits, thirty seconds."""

import base64
import hashlib
import hmac
import struct
import time


def code_of(secret: str, at: float | None = None) -> str:
    """secret : in base 32, as Cognito gives it; at : Unix time, default now"""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.digest(key, step, hashlib.sha1)
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def is_code(secret: str, code: str) -> bool:
    """As Cognito takes it: also the one that the app showed until just now."""
    now = time.time()
    return code in (code_of(secret, now), code_of(secret, now - 30))
