"""What every request passes before its route: where it comes from, who calls, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from credit_scoring.stored.score_records import CANARY

from functions.score_api.access import Caller, Rule, read_caller, require_right
from functions.score_api.http.outcomes import Outcome

if TYPE_CHECKING:
    from functions.score_api.call_limits import CallLimits
    from functions.score_api.origin import Origin


@dataclass(frozen=True)
class Entrance:
    """origin : through which requests must have come; limits : of one caller. None: any."""

    origin: "Origin | None" = None
    limits: "CallLimits | None" = None

    def admit(self, rule: Rule | None, event: Mapping[str, Any], outcome: Outcome) -> Caller | None:
        """Raises RequestRefused: 403 past CloudFront, 401 without an access token's claims, 403
        without the right, 429 too often.
        """
        if rule is None:  # what is open to everybody asks nothing of any service
            return None
        if self.origin:
            self.origin.require(event.get("headers") or {})
        caller = read_caller(_claims(event))
        outcome.note(client=caller.client)
        outcome.is_canary = caller.branches == frozenset({CANARY})
        require_right(caller, rule)
        if self.limits:
            self.limits.require(caller)
        return caller


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    authorizer = event["requestContext"].get("authorizer") or {}
    claims: Mapping[str, Any] = (authorizer.get("jwt") or {}).get("claims") or {}
    return claims


def open_entrance(environment: Mapping[str, str]) -> Entrance:
    """As the deployment says; tests of what is behind it say nothing."""
    origin = limits = None
    if "ORIGIN_SECRET" in environment:
        from functions.score_api.origin import Origin  # noqa: PLC0415

        origin = Origin(environment["ORIGIN_SECRET"])
    if "CALLS_TABLE" in environment:
        from functions.score_api.call_limits import open_call_limits  # noqa: PLC0415

        limits = open_call_limits(environment)
    return Entrance(origin, limits)
