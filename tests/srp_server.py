"""The other side of a login by SRP, from RFC 5054, not from our clients: it verifies, or refuses.

It keeps a verifier instead of the password. The arithmetic is by bytes of hexadecimal text, as the
RFC's own examples are written, so that a mistake of our clients is not made here once more.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime

# RFC 3526, section 4.
PRIME = """
    FFFFFFFF FFFFFFFF C90FDAA2 2168C234 C4C6628B 80DC1CD1 29024E08 8A67CC74 020BBEA6 3B139B22
    514A0879 8E3404DD EF9519B3 CD3A431B 302B0A6D F25F1437 4FE1356D 6D51C245 E485B576 625E7EC6
    F44C42E9 A637ED6B 0BFF5CB6 F406B7ED EE386BFB 5A899FA5 AE9F2411 7C4B1FE6 49286651 ECE45B3D
    C2007CB8 A163BF05 98DA4836 1C55D39A 69163FA8 FD24CF5F 83655D23 DCA3AD96 1C62F356 208552BB
    9ED52907 7096966D 670C354E 4ABC9804 F1746C08 CA18217C 32905E46 2E36CE3B E39E772C 180E8603
    9B2783A2 EC07A28F B5C55DF0 6F4C52C9 DE2BCBF6 95581718 3995497C EA956AE5 15D22618 98FA0510
    15728E5A 8AAAC42D AD33170D 04507A33 A85521AB DF1CBA64 ECFB8504 58DBEF0A 8AEA7157 5D060C7D
    B3970F85 A6E1E4C7 ABF5AE8C DB0933D7 1E8C94E0 4A25619D CEE3D226 1AD2EE6B F12FFA06 D98A0864
    D8760273 3EC86A64 521F2B18 177B200C BBE11757 7A615D6C 770988C0 BAD946E2 08E24FA0 74E5AB31
    43DB5BFC E0FD108E 4B82D120 A93AD2CA FFFFFFFF FFFFFFFF"""
N = int("".join(PRIME.split()), 16)
TIME = re.compile(r"(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4})")


class NotProved(Exception):
    """Somebody does not know the password, or nobody of that name exists."""


def padded(value: int) -> str:
    """As Cognito pads: even, and never with its first bit set."""
    text = f"{value:x}"
    text = "0" * (len(text) % 2) + text
    return f"00{text}" if text[0] in "89abcdef" else text


def hashed(*texts: str) -> str:
    return hashlib.sha256(bytes.fromhex("".join(texts))).hexdigest()


class Verifier:
    """One user of one pool."""

    def __init__(self, pool: str, user: str, password: str) -> None:
        self.name = f"{pool.split('_')[1]}{user}"
        self.user, self.salt = user, secrets.randbits(128)
        identity = hashlib.sha256(f"{self.name}:{password}".encode()).hexdigest()
        self.verifier = pow(2, int(hashed(padded(self.salt), identity), 16), N)

    def challenge(self, public: str) -> "Asked":
        return Asked(self, int(public, 16))


class Asked:
    """One attempt of a login: what was sent, and whether the answer proves the password."""

    def __init__(self, known: Verifier, theirs: int) -> None:
        if theirs % N == 0:
            raise NotProved
        self.known, self.theirs, self.secret = known, theirs, secrets.randbits(256)
        k = int(hashed(padded(N), padded(2)), 16)
        self.own = (k * known.verifier + pow(2, self.secret, N)) % N
        self.block = base64.b64encode(secrets.token_bytes(64)).decode()

    @property
    def parameters(self) -> dict[str, str]:
        user = self.known.user
        return {"SALT": f"{self.known.salt:x}", "SRP_B": f"{self.own:x}", "USERNAME": user,
                "SECRET_BLOCK": self.block, "USER_ID_FOR_SRP": user}  # fmt: skip

    def verify(self, answers: dict[str, str]) -> None:
        """Raises NotProved."""
        stamp = answers["TIMESTAMP"]
        if not TIME.fullmatch(stamp) or answers["PASSWORD_CLAIM_SECRET_BLOCK"] != self.block:
            raise NotProved
        then = datetime.strptime(stamp, "%a %b %d %H:%M:%S UTC %Y").replace(tzinfo=UTC)
        if (
            abs((datetime.now(UTC) - then).total_seconds()) > 300
            or then.strftime("%a") != stamp[:3]
        ):
            raise NotProved
        signed = self.known.name.encode() + base64.b64decode(self.block) + stamp.encode()
        expected = hmac.new(self._key(), signed, hashlib.sha256).digest()
        given = base64.b64decode(answers["PASSWORD_CLAIM_SIGNATURE"], validate=True)
        if not hmac.compare_digest(expected, given):
            raise NotProved

    def _key(self) -> bytes:
        """RFC 5054: <premaster secret> = (A * v^u) ^ b % N; RFC 5869: HKDF, 16 bytes."""
        u = hashed(padded(self.theirs), padded(self.own))
        shared = pow(self.theirs * pow(self.known.verifier, int(u, 16), N), self.secret, N)
        salt, secret = bytes.fromhex(padded(int(u, 16))), bytes.fromhex(padded(shared))
        extracted = hmac.new(salt, secret, hashlib.sha256).digest()
        return hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
