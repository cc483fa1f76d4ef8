"""Who may decide against the model: reasons from a list, limits, and what nobody may override.

The lender's rules are `decision_rules.json`: up to which amount and in which risk bands one person
may accept what the model does not, and which causes of review forbid to accept at all. Refusing
costs the lender little and needs a reason only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from credit_scoring.lender import read_json

BOTH = "both"
# The reason that says nothing by itself: the words beside it do.
OTHER = "other"


@dataclass(frozen=True)
class OverrideReason:
    """decides : what a decision that it explains may be, accept, refuse or both"""

    code: str
    decides: str
    label: dict[str, str]

    def explains(self, decision: str) -> bool:
        return self.decides in (BOTH, decision)


@dataclass(frozen=True)
class DecisionRules:
    """reasons : by code; most_amount, bands : within both, one person may accept alone
    never : causes of review that forbid to accept
    """

    reasons: dict[str, OverrideReason]
    most_amount: float
    bands: tuple[str, ...]
    never: tuple[str, ...]

    def is_forbidden(self, decision: str, causes: list[str]) -> bool:
        """Whether nobody may decide so while these causes hold."""
        return decision == "accept" and not set(causes).isdisjoint(self.never)

    def needs_second(self, decision: str, verdict: str, *, amount: float, band: str) -> bool:
        """Whether a second person has to confirm it.

        verdict : the model's; amount : of the credit
        """
        if decision != "accept" or verdict == "accept":
            return False
        return amount > self.most_amount or band not in self.bands


@cache
def decision_rules() -> DecisionRules:
    content: Mapping[str, Any] = read_json("decision_rules")
    reasons = [
        OverrideReason(one["code"], one["for"], {"fr": one["fr"], "en": one["en"]})
        for one in content["override_reasons"]
    ]
    alone = content["alone"]
    return DecisionRules(
        {reason.code: reason for reason in reasons},
        float(alone["most_amount"]),
        tuple(alone["bands"]),
        tuple(content["never"]),
    )
