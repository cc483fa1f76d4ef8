"""How everything on this machine reaches the local cloud: one account, one key, one place."""

from __future__ import annotations

from typing import Final

from infra.access import Access

ACCOUNT: Final = "000000000000"
REGION: Final = "eu-west-3"
# The root key of an emulator that listens on 127.0.0.1 only; it opens nothing else.
ROOT_KEY: Final = "credit-scoring-local"
ROOT_SECRET: Final = "not-a-secret-local-emulator-only"  # noqa: S105


def local_access(port: int, *, region: str = REGION) -> Access:
    """Root of the local cloud on this port."""
    return Access(
        region=region,
        endpoint=f"http://127.0.0.1:{port}",
        access_key=ROOT_KEY,
        secret_key=ROOT_SECRET,
    )
