"""Log in to Cognito as the page does: the password is proved and never sent (USER_SRP_AUTH).

SRP-6a (RFC 5054) in the 3,072-bit group of RFC 3526 with generator 2; padding, names and the form
of the time are Cognito's own. `frontend/js/session/srp.js` is the same for a browser.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

N: Final = int(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e34"
    "04ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6"
    "f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a6916"
    "3fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c"
    "32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea95"
    "6ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea7157"
    "5d060c7db3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d876"
    "02733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e"
    "4b82d120a93ad2caffffffffffffffff",
    16,
)
G: Final = 2
SECRET_BITS: Final = 256
INFO: Final = b"Caldera Derived Key"
CHALLENGE: Final = "PASSWORD_VERIFIER"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

Answer = dict[str, Any]
# Action and body of a call of Cognito; whoever sends it raises what a refusal is there.
Ask = Callable[[str, Answer], Answer]


class NoProof(ValueError):
    """The login service did not ask for a proof, or asked in a way that would give secrets away."""


def headers_of(action: str) -> dict[str, str]:
    """Of a call of Cognito, whoever sends it."""
    return {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
    }


def log_in(ask: Ask, *, pool: str, client: str, username: str, password: str) -> Answer:
    """Tokens, or the next challenge, as Cognito answers. Raises NoProof, and what `ask` raises."""
    proof = Proof(pool)
    first = {"USERNAME": username, "SRP_A": f"{proof.public_value:x}"}
    content = {"ClientId": client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": first}
    asked = ask("InitiateAuth", content)
    if asked.get("ChallengeName") != CHALLENGE:
        raise NoProof("The login service asked for no proof of the password.")
    session = {"Session": asked["Session"]} if asked.get("Session") else {}
    content = {
        "ClientId": client,
        "ChallengeName": CHALLENGE,
        "ChallengeResponses": proof.answer(asked["ChallengeParameters"], password),
        **session,
    }
    return ask("RespondToAuthChallenge", content)


@dataclass(frozen=True)
class Proof:
    """One attempt. secret : of this attempt alone"""

    pool: str
    secret: int = field(default_factory=lambda: secrets.randbits(SECRET_BITS), repr=False)

    @property
    def public_value(self) -> int:
        return pow(G, self.secret, N)

    def answer(
        self, asked: Mapping[str, str], password: str, now: datetime | None = None
    ) -> dict[str, str]:
        """What the challenge with these parameters is answered with."""
        user = asked["USER_ID_FOR_SRP"]
        name = self.pool.rpartition("_")[2] + user
        key = self._shared_key(asked, f"{name}:{password}")
        time = time_of(now or datetime.now(UTC))
        message = name.encode() + base64.b64decode(asked["SECRET_BLOCK"]) + time.encode()
        return {
            "USERNAME": user,
            "PASSWORD_CLAIM_SECRET_BLOCK": asked["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(_mac(key, message)).decode(),
            "TIMESTAMP": time,
        }

    def _shared_key(self, asked: Mapping[str, str], identity: str) -> bytes:
        """S = (B - k * g^x) ^ (a + u * x), and the key that comes of it by HKDF."""
        theirs = int(asked["SRP_B"], 16)
        u = _number(_bytes(self.public_value), _bytes(theirs))
        if theirs % N == 0 or u == 0:  # RFC 5054, 2.6
            raise NoProof("The login service sent a value that proves nothing.")
        k = _number(_bytes(N), _bytes(G))
        inner = hashlib.sha256(identity.encode()).digest()
        x = _number(_bytes(int(asked["SALT"], 16)), inner)
        shared = pow(theirs - k * pow(G, x, N), self.secret + u * x, N)
        return _mac(_mac(_bytes(u), _bytes(shared)), INFO + b"\x01")[:16]


def time_of(now: datetime) -> str:
    """As in "Wed Jan 7 08:05:03 UTC 2026", whatever the language of the machine."""
    now = now.astimezone(UTC)
    day = f"{_DAYS[now.weekday()]} {_MONTHS[now.month - 1]} {now.day}"
    return f"{day} {now:%H:%M:%S} UTC {now.year}"


def _bytes(value: int) -> bytes:
    """Big-endian, as few as a signed number needs, so that no first bit is set."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
