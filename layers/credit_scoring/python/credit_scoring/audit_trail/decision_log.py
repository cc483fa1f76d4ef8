"""Decisions as they were taken, kept for good: what was known, what the model said, who decided.

A record holds everything needed to compute the score anew, years later, with the bundle that it
names. It is written once and never changed: the table refuses a second write under the same id,
and no role may update or delete. Where a second person has to agree, what they say is a record of
its own, of which a decision has at most one.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
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
MOST_REASON_CHARACTERS, MOST_STATEMENT_CHARACTERS = 1_000, 2_000
# Index of the table: the decisions of an applicant, the oldest first.
BY_APPLICANT = "by_applicant"
MOST_LISTED = 50


@dataclass(frozen=True)
class StoredDecision:
    """One decision on one application.

    decision : what the advisor decided, of OUTCOMES; override_reason : why, where that is not what
        the model said, or the model left it to people
    inputs : the application and history by column name, missing values left out
    score : what `describe_score` says of the model's answer
    model_version, model_sha256 : the bundle that answered
    override_code : which of the lender's reasons; statement : the applicant's own words
    offer : the loan that was decided on in place of the one asked for, amount and annuity
    needs_confirmation : whether it stands only once a second person agrees
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
    override_code: str = ""
    statement: str = ""
    offer: dict[str, float] = field(default_factory=dict)
    needs_confirmation: bool = False

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
        return _sha256(self.content)

    @property
    def content(self) -> dict[str, Any]:
        """What is written; empty additions of later versions left out, so old hashes hold."""
        return {n: v for n, v in asdict(self).items() if v or n not in _ADDITIONS}


_ADDITIONS = ("override_code", "statement", "offer", "needs_confirmation")


@dataclass(frozen=True)
class Confirmation:
    """What a second person said of a decision; note : in their words."""

    decision_id: str
    created_at: str
    confirmed_by: str
    agrees: bool
    note: str

    @property
    def record_id(self) -> str:
        """Derived from the decision's: it cannot be confirmed twice."""
        return hashlib.sha256(f"confirmation of {self.decision_id}".encode()).hexdigest()[:32]

    @property
    def sha256(self) -> str:
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
        known = {
            "applicant_id": decision.applicant_id,
            "branch": decision.branch,
            "created_at": decision.created_at,
        }
        self._put(decision.decision_id, decision.content, decision.sha256, known)

    def get(self, decision_id: str) -> StoredDecision:
        """Raises DecisionNotFound, and DecisionLogCorrupted for a record that was changed."""
        return _parse(decision_id, self._get(decision_id), StoredDecision)

    def confirm(self, said: Confirmation) -> Confirmation:
        """What the second person said; where somebody was first, what they said."""
        try:
            self._put(said.record_id, asdict(said), said.sha256, {})
        except AlreadyExists:
            return _parse(said.decision_id, self._get(said.record_id), Confirmation)
        return said

    def confirmation(self, decision_id: str) -> Confirmation | None:
        """None: nobody looked at it yet."""
        record_id = Confirmation(decision_id, "", "", agrees=False, note="").record_id
        try:
            return _parse(decision_id, self._get(record_id), Confirmation)
        except DecisionNotFound:
            return None

    def of_applicant(self, applicant_id: str) -> list[StoredDecision]:
        """At most MOST_LISTED, the newest first; one of a second ago may be missing."""
        with translated("list_decisions", self.name):
            answer = dynamodb(
                "query",
                TableName=self.name,
                IndexName=BY_APPLICANT,
                KeyConditionExpression="applicant_id = :id",
                ExpressionAttributeValues={":id": {"S": applicant_id}},
                ScanIndexForward=False,
                Limit=MOST_LISTED,
            )
        return [self.get(item["decision_id"]["S"]) for item in answer["Items"]]

    def _put(
        self, record_id: str, content: dict[str, Any], sha256: str, known: dict[str, str]
    ) -> None:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False)
        item = {"decision_id": record_id, **known, "sha256": sha256, "content": text}
        with translated("append_decision", record_id):
            dynamodb(
                "put_item",
                TableName=self.name,
                Item={name: {"S": value} for name, value in item.items() if value},
                ConditionExpression="attribute_not_exists(decision_id)",
            )

    def _get(self, record_id: str) -> dict[str, str]:
        with translated("get_decision", record_id):
            answer = dynamodb(
                "get_item",
                TableName=self.name,
                Key={"decision_id": {"S": record_id}},
                ConsistentRead=True,
            )
        if "Item" not in answer:
            raise DecisionNotFound(record_id)
        return {name: value["S"] for name, value in answer["Item"].items()}

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


def _parse[Record: (StoredDecision, Confirmation)](
    decision_id: str, item: dict[str, str], kind: type[Record]
) -> Record:
    try:
        record = kind(**json.loads(item["content"]))
    except (KeyError, TypeError, ValueError):
        raise DecisionLogCorrupted(decision_id) from None
    if record.sha256 != item.get("sha256"):
        raise DecisionLogCorrupted(decision_id)
    return record


def _what_was_asked(decision: StoredDecision) -> tuple[str, ...]:
    return (
        decision.decided_by, decision.applicant_id, decision.decision, decision.override_reason,
        decision.override_code, decision.statement, decision.inputs_sha256, decision.model_sha256,
    )  # fmt: skip


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    """JSON knows no NaN."""
    return [None if value != value else value for value in values.tolist()]


def _sha256(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
