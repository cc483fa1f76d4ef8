"""Decisions as they were taken, kept for good: what was known, what the model said, who decided.

A record holds everything needed to compute the score anew, years later, with the bundle that it
names. It is written once and never changed: the table refuses a second write under the same id,
and no role may update or delete.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import dynamodb
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES
from credit_scoring.errors import AlreadyExists, DecisionLogCorrupted, DecisionNotFound
from credit_scoring.scoring import Scores

OUTCOMES = ("accept", "refuse")
MOST_REASON_CHARACTERS = 1_000


@dataclass(frozen=True)
class StoredDecision:
    """One decision on one application.

    decision : what the advisor decided, of OUTCOMES; override_reason : why, where that is not what
        the model said, or the model left it to people
    inputs : the application and history by column name, missing values left out
    score : what `describe_score` says of the model's answer
    model_version, model_sha256 : the bundle that answered
    """

    decision_id: str
    created_at: str
    decided_by: str
    branch: str
    applicant_id: str
    decision: str
    override_reason: str
    inputs: dict[str, Any]
    score: dict[str, Any]
    model_version: str
    model_sha256: str

    @property
    def is_override(self) -> bool:
        """Whether it goes against the model; what the model leaves to people overrides nothing."""
        return self.score["decision"] in OUTCOMES and self.decision != self.score["decision"]

    @property
    def inputs_sha256(self) -> str:
        return _sha256(self.inputs)

    @property
    def sha256(self) -> str:
        """Of the whole record: what changed it can be told."""
        return _sha256(asdict(self))


def describe_score(scores: Scores, row: int) -> dict[str, Any]:
    """Every number of a score, by feature name, so that none depends on an order."""
    names = scores.model.schema.names
    return {
        "probability_of_default": float(scores.default_probabilities[row]),
        "margin": float(scores.margins[row]),
        "base_value": scores.model.explainer.base_value,
        "cutoff": scores.model.cutoff,
        "decision": scores.decision(row),
        "risk_band": scores.risk_band(row),
        # As they are grouped today: a letter of years ago keeps its own grouping.
        "families": {name: FEATURES[name].family for name in names},
        "features": dict(zip(names, _plain(scores.features[row]), strict=True)),
        "contributions": dict(zip(names, scores.contributions[row].tolist(), strict=True)),
    }


def raw_inputs(applicants: Applicants, row: int) -> dict[str, Any]:
    """What was scored, as `parse_record` takes it."""
    record = applicants.record(row)
    return {name: value for name, value in record.items() if value != ""}


@dataclass(frozen=True)
class TrailTable:
    """The trail in DynamoDB; its content is JSON text, so that a float comes back bit by bit."""

    name: str

    def append(self, decision: StoredDecision) -> None:
        """Raises AlreadyExists when the id is taken, whatever stands there."""
        content = json.dumps(asdict(decision), ensure_ascii=False, allow_nan=False)
        item = {
            "decision_id": decision.decision_id,
            "applicant_id": decision.applicant_id,
            "branch": decision.branch,
            "created_at": decision.created_at,
            "sha256": decision.sha256,
            "content": content,
        }
        with translated("append_decision", decision.decision_id):
            dynamodb(
                "put_item",
                TableName=self.name,
                Item={name: {"S": text} for name, text in item.items() if text},
                ConditionExpression="attribute_not_exists(decision_id)",
            )

    def get(self, decision_id: str) -> StoredDecision:
        """Raises DecisionNotFound, and DecisionLogCorrupted for a record that was changed."""
        with translated("get_decision", decision_id):
            answer = dynamodb(
                "get_item",
                TableName=self.name,
                Key={"decision_id": {"S": decision_id}},
                ConsistentRead=True,
            )
        if "Item" not in answer:
            raise DecisionNotFound(decision_id)
        return _parse(decision_id, {name: value["S"] for name, value in answer["Item"].items()})

    def append_once(self, decision: StoredDecision) -> StoredDecision:
        """Append, or find the record that an earlier try of the same request left.

        Raises AlreadyExists when the id belongs to another decision.
        """
        try:
            self.append(decision)
        except AlreadyExists:
            stored = self.get(decision.decision_id)
            if _what_was_asked(stored) != _what_was_asked(decision):
                raise
            return stored
        return decision


def _parse(decision_id: str, item: dict[str, str]) -> StoredDecision:
    try:
        decision = StoredDecision(**json.loads(item["content"]))
    except (KeyError, TypeError, ValueError):
        raise DecisionLogCorrupted(decision_id) from None
    if decision.sha256 != item.get("sha256"):
        raise DecisionLogCorrupted(decision_id)
    return decision


def _what_was_asked(decision: StoredDecision) -> tuple[str, ...]:
    return (
        decision.decided_by, decision.applicant_id, decision.decision, decision.override_reason,
        decision.inputs_sha256, decision.model_sha256,
    )  # fmt: skip


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    """JSON knows no NaN."""
    return [None if value != value else value for value in values.tolist()]


def _sha256(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
