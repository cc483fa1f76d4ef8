"""Whether a stack answers as it must, seen from outside with no account of its own.

    python -m infra.release.smoke --outputs build/outputs.json

Reads nothing that belongs to anybody: the page, its settings, the health of the API, and that a
stranger is refused.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from infra.operate.publish import read_outputs
from infra.release.errors import SmokeFailed

PATIENCE = 300.0  # seconds: a new distribution reaches its last edge some minutes after its stack
PAUSE = 5.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(method: str, url: str, body: bytes | None = None) -> Answer:
    """status 0 : nobody answered"""
    request = Request(url, data=body, method=method, headers={"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=30) as reply:  # noqa: S310
            return Answer(reply.status, dict(reply.headers.items()), reply.read())
    except HTTPError as error:
        return Answer(error.code, dict(error.headers.items()), error.read())
    except (URLError, TimeoutError, http.client.HTTPException):
        return Answer(0, {}, b"")


def check_page(address: str) -> str | None:
    page = ask("GET", f"{address}/")
    if page.status != 200:
        return f"the page answers {page.status}"
    headers = {name.lower(): value for name, value in page.headers.items()}
    if "script-src 'self'" not in headers.get("content-security-policy", ""):
        return "the page has no security policy"
    return None


def check_settings(address: str) -> str | None:
    settings = ask("GET", f"{address}/config.json")
    try:
        named = json.loads(settings.body)
    except ValueError:
        named = {}
    return None if named.get("userPoolClientId") else "the page does not know where to log in"


def check_health(address: str) -> str | None:
    health = ask("GET", f"{address}/api/health")
    return None if health.status == 200 else f"GET /api/health answers {health.status}"


def check_strangers(address: str) -> str | None:
    for method, path in (("POST", "/api/predict"), ("GET", "/api/applicants")):
        status = ask(method, f"{address}{path}", b"{}" if method == "POST" else None).status
        if status != 401:
            return f"{method} {path} answers {status} without a token, not 401"
    return None


CHECKS: tuple[Callable[[str], str | None], ...] = (
    check_page,
    check_settings,
    check_health,
    check_strangers,
)


def smoke(address: str, *, patience: float = PATIENCE) -> None:
    """Raises SmokeFailed with everything that was still wrong at the end of our patience."""
    end = time.monotonic() + patience
    while wrong := [said for check in CHECKS if (said := check(address.rstrip("/")))]:
        if time.monotonic() + PAUSE > end:
            raise SmokeFailed(wrong)
        time.sleep(PAUSE)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.release.smoke",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--outputs", type=Path, help="the stack's outputs (JSON)")
    where.add_argument("--url", help="the page's address")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds (default: 300)")
    options = parser.parse_args()
    address = options.url or read_outputs(options.outputs)["WebsiteUrl"]
    try:
        smoke(address, patience=options.patience)
    except SmokeFailed as error:
        print(f"infra.release.smoke: {error}", file=sys.stderr)
        return 1
    print(f"{address} answers as it must")
    return 0


if __name__ == "__main__":
    sys.exit(main())
