"""A stored decision computed once more, by the bundle that took it: identical, or what differs."""

from dataclasses import dataclass
from typing import Any

from credit_scoring.audit_trail.decision_log import StoredDecision, describe_score
from credit_scoring.contract.applicants import parse_record
from credit_scoring.errors import ArtifactMismatch, InvalidApplicant
from credit_scoring.scoring import Model, score_applicants

MOST_DIFFERENCES = 100
SCALARS = ("probability_of_default", "margin", "base_value", "cutoff", "decision", "risk_band")


@dataclass(frozen=True)
class ReplayMismatch:
    """what : a key of the score, with the feature behind a dot where there are many."""

    what: str
    stored: Any
    recomputed: Any


def replay(decision: StoredDecision, model: Model) -> list[ReplayMismatch]:
    """Score the stored inputs with the bundle that the decision names.

    Returns every number that has not the same bits, at most MOST_DIFFERENCES; none: identical.
    Raises ArtifactMismatch when `model` is another bundle.
    """
    if model.sha256 != decision.model_sha256:
        raise ArtifactMismatch(decision.model_version, decision.model_sha256, model.sha256)
    try:
        applicants = parse_record(decision.inputs)
    except InvalidApplicant as error:
        # The contract became stricter since: that is a difference to be told, not a failure.
        return [ReplayMismatch("inputs", p.value, p.allowed) for p in error.problems][
            :MOST_DIFFERENCES
        ]
    recomputed = describe_score(score_applicants(model, applicants), 0)
    return _compare(decision.score, recomputed)[:MOST_DIFFERENCES]


def _compare(stored: dict[str, Any], recomputed: dict[str, Any]) -> list[ReplayMismatch]:
    old, new = _flat(stored), _flat(recomputed)
    return [
        ReplayMismatch(what, old.get(what), new.get(what))
        for what in new | old
        if old.get(what) != new.get(what) or (what in old) != (what in new)
    ]


def _flat(score: dict[str, Any]) -> dict[str, Any]:
    """What `describe_score` tells, one name a number; a record may hold more beside it."""
    flat = {name: score.get(name) for name in SCALARS}
    for group in ("features", "contributions"):
        flat |= {f"{group}.{name}": value for name, value in score.get(group, {}).items()}
    return flat
