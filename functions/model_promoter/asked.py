"""What a promoter is asked, read as strictly as if anybody could ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeGuard

from functions.model_promoter.refusal import Refused

PROMOTE, ROLL_BACK, APPROVE, WITHDRAW = "promote", "roll_back", "approve", "withdraw"
ACTIONS = (PROMOTE, ROLL_BACK, APPROVE, WITHDRAW)
FIELDS = ("action", "by", "reason", "version", "over", "proposal", "key")
SHORTEST_REASON, LONGEST_REASON, LONGEST_NAME = 3, 1_000, 128
_VERSION, _PROPOSAL = re.compile(r"[0-9a-f]{12}"), re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True)
class Asked:
    """action : one of ACTIONS; by, reason : who and why
    version : which should serve, over : which served when they looked, "" for none; for PROMOTE and
        ROLL_BACK
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


def read_request(event: object) -> Asked:
    """Raises Refused (422) with the first thing that is wrong."""
    if not isinstance(event, Mapping):
        raise _wrong("event", "an object")
    unknown = [str(name)[:80] for name in event if name not in FIELDS]
    if unknown:
        raise _wrong(unknown[0], "left out")
    action = event.get("action")
    if action not in ACTIONS:
        raise _wrong("action", f"one of: {', '.join(ACTIONS)}")
    by, reason = event.get("by"), event.get("reason")
    if not _is_line(by, 1, LONGEST_NAME):
        raise _wrong("by", "whoever asks")
    if not _is_line(reason, SHORTEST_REASON, LONGEST_REASON):
        allowed = f"one line of {SHORTEST_REASON} to {LONGEST_REASON} characters that are seen"
        raise _wrong("reason", allowed)
    asked = {"action": action, "by": by, "reason": reason.strip()}
    if action in (APPROVE, WITHDRAW):
        return Asked(**asked, proposal=_matching(event, "proposal", _PROPOSAL, "a proposal's id"))
    serves = event.get("over") is not None
    return Asked(
        **asked,
        version=_matching(event, "version", _VERSION, "the twelve digits of a version"),
        over=_matching(event, "over", _VERSION, "the version that serves") if serves else "",
        key=_matching(event, "key", _KEY, "a key of this intention"),
    )


def _is_line(text: object, least: int, most: int) -> TypeGuard[str]:
    """Whether it can forge no second line in the history, nor hide one."""
    if not isinstance(text, str) or not text.isprintable():
        return False
    return least <= len(text.strip()) <= most


def _matching(event: Mapping[str, Any], name: str, pattern: re.Pattern[str], allowed: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(name, allowed)
    return value


def _wrong(name: str, allowed: str) -> Refused:
    detail = f"`{name}` must be {allowed}."
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", detail)
