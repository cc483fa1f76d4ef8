"""What a promoter is asked, read as strictly as if anybody could ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from functions.model_promoter.refusal import Refused

PROMOTE, ROLL_BACK, APPROVE, WITHDRAW = "promote", "roll_back", "approve", "withdraw"
ACTIONS = (PROMOTE, ROLL_BACK, APPROVE, WITHDRAW)
SHORTEST_REASON, LONGEST_REASON = 3, 1_000
_VERSION, _PROPOSAL = re.compile(r"[0-9a-f]{12}"), re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True)
class Asked:
    """action : one of ACTIONS; by, reason : who and why
    version : which should serve, over : which served when they looked; for PROMOTE and ROLL_BACK
    proposal : its id; for APPROVE and WITHDRAW
    key : of the intention, so that a retry is the same proposal
    """

    action: str
    by: str
    reason: str
    version: str = ""
    over: str = ""
    proposal: str = ""
    key: str = ""


def read_request(event: Mapping[str, Any]) -> Asked:
    """Raises Refused (422) with the first thing that is wrong."""
    action = event.get("action")
    if action not in ACTIONS:
        raise _wrong("action", f"one of: {', '.join(ACTIONS)}")
    by, reason = event.get("by"), event.get("reason")
    if not isinstance(by, str) or not 1 <= len(by) <= 128:
        raise _wrong("by", "whoever asks")
    if not isinstance(reason, str) or not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise _wrong("reason", f"text of {SHORTEST_REASON} to {LONGEST_REASON} characters")
    asked = {"action": action, "by": by, "reason": reason.strip()}
    if action in (APPROVE, WITHDRAW):
        return Asked(**asked, proposal=_matching(event, "proposal", _PROPOSAL, "a proposal's id"))
    return Asked(
        **asked,
        version=_matching(event, "version", _VERSION, "the twelve digits of a version"),
        over=_matching(event, "over", _VERSION, "the version that serves"),
        key=_matching(event, "key", _KEY, "a key of this intention"),
    )


def _matching(event: Mapping[str, Any], name: str, pattern: re.Pattern[str], allowed: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(name, allowed)
    return value


def _wrong(name: str, allowed: str) -> Refused:
    detail = f"`{name}` must be {allowed}."
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", detail)
