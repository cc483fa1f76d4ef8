"""Whether a request came through CloudFront, before which limits and filters stand.

CloudFront sends a secret with each request; the API's own address, which anybody finds, does not.
Two values are good while one takes the other's place, and a process that was started before learns
of a new one when it first sees it.
"""

import hmac
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import secret_text

from functions.score_api.http.problems import RequestRefused

HEADER = "x-origin-secret"
# Whoever guesses makes one call in so long; a rotation waits longer before CloudFront changes.
SECONDS_BETWEEN_LOOKS = 10.0


@dataclass
class Origin:
    """secret_id : of the secret with {"current", "previous"}, the latter may be empty."""

    secret_id: str
    _values: tuple[str, ...] = field(default=(), repr=False)
    _looked_at: float = -math.inf

    def require(self, headers: Mapping[str, str]) -> None:
        """Raises RequestRefused (403), StorageError when the secret cannot be read."""
        sent = headers.get(HEADER) or ""
        if sent and not self._knows(sent) and time.time() - self._looked_at > SECONDS_BETWEEN_LOOKS:
            self._look()
        if not self._knows(sent):
            raise RequestRefused(
                HTTPStatus.FORBIDDEN, "Call the API at the page's address, with /api in front."
            )

    def _knows(self, sent: str) -> bool:
        """In the same time whatever was sent: all values are compared, each to its end."""
        same = [hmac.compare_digest(sent.encode(), one.encode()) for one in self._values]
        return any(same)

    def _look(self) -> None:
        self._looked_at = time.time()
        with translated("get_secret_value", "origin"):
            found = json.loads(secret_text(self.secret_id))
        self._values = tuple(filter(None, (found.get("current"), found.get("previous"))))
