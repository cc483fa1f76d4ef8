"""Who works on which application, and what was decided of it, in DynamoDB.

    branch, applicant_id   the key
    changed_at             of the index `changed`: a process reads what is new since its last look

The decisions themselves are in the log, for good; a case says where an application stands.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from credit_scoring.aws.clients import PARALLEL_CALLS, translated
from credit_scoring.aws.signed_calls import dynamodb
from credit_scoring.errors import AlreadyExists

CHANGED = "changed"
FINAL, TO_CONFIRM = "final", "to_confirm"
# As long as a talk with an applicant may take; whoever goes on working claims anew.
CLAIM_SECONDS = 15 * 60
SECONDS_KEPT = 400 * 86_400
# The index may lag behind, and clocks of two processes differ: each look goes back so far.
OVERLAP_MS = 30_000


@dataclass(frozen=True)
class Case:
    """One application.

    claimed_by, claimed_until : who works on it, until when (seconds since 1970); "" and 0: nobody
    decision, decided_by, decided_at : the last one, of OUTCOMES, when in milliseconds since 1970
    status : FINAL, or TO_CONFIRM while a second person has to look at it
    """

    branch: str
    applicant_id: str
    claimed_by: str = ""
    claimed_until: int = 0
    decision: str = ""
    decision_id: str = ""
    decided_by: str = ""
    decided_at: int = 0
    status: str = ""
    changed_at: int = 0

    def holder(self, now: float) -> str:
        """Who works on it at this moment, "" for nobody."""
        return self.claimed_by if self.claimed_until > now else ""

    @classmethod
    def from_item(cls, item: Mapping[str, Mapping[str, str]]) -> "Case":
        known = {name: item[name] for name in cls.__dataclass_fields__ if name in item}
        values: dict[str, Any] = {
            name: int(value["N"]) if "N" in value else value["S"] for name, value in known.items()
        }
        return cls(**values)


@dataclass(frozen=True)
class CaseTable:
    name: str

    def get(self, branch: str, applicant_id: str) -> Case:
        """An empty one where nobody looked at the application yet."""
        with translated("get_case", self.name):
            answer = dynamodb(
                "get_item",
                TableName=self.name,
                Key=_key(branch, applicant_id),
                ConsistentRead=True,
            )
        item = answer.get("Item")
        return Case.from_item(item) if item else Case(branch, applicant_id)

    def claim(self, branch: str, applicant_id: str, by: str) -> Case:
        """The claim that stands afterwards: `by`'s, unless somebody else works on it."""
        now = int(time.time())
        free = "attribute_not_exists(claimed_by) OR claimed_by = :by OR claimed_until <= :now"
        values = {":by": {"S": by}, ":now": _number(now)}
        changes = {"claimed_by": {"S": by}, "claimed_until": _number(now + CLAIM_SECONDS)}
        try:
            return self._update(branch, applicant_id, changes, condition=free, values=values)
        except AlreadyExists:
            return self.get(branch, applicant_id)

    def release(self, branch: str, applicant_id: str, by: str) -> None:
        """Only one's own; whoever holds nothing changes nothing."""
        changes = {"claimed_until": _number(0)}
        try:
            self._update(
                branch, applicant_id, changes,
                condition="claimed_by = :by", values={":by": {"S": by}},
            )  # fmt: skip
        except AlreadyExists:
            return

    def decide(self, case: Case) -> None:
        """Note a decision, and that nobody works on the application any more."""
        texts = {
            name: {"S": getattr(case, name)}
            for name in ("decision", "decision_id", "decided_by", "status")
        }
        changes = texts | {"decided_at": _number(case.decided_at), "claimed_until": _number(0)}
        self._update(case.branch, case.applicant_id, changes)

    def changed(self, branch: str, since: int) -> list[Case]:
        """Those of a branch that changed since then (milliseconds since 1970), and a few more."""
        query: dict[str, Any] = {
            "TableName": self.name,
            "IndexName": CHANGED,
            "KeyConditionExpression": "branch = :branch AND changed_at >= :since",
            "ExpressionAttributeValues": {
                ":branch": {"S": branch}, ":since": _number(max(0, since - OVERLAP_MS)),
            },
        }  # fmt: skip
        found: list[Case] = []
        with translated("list_cases", self.name):
            while True:
                answer = dynamodb("query", **query)
                found += [Case.from_item(item) for item in answer["Items"]]
                if not answer.get("LastEvaluatedKey"):
                    return found
                query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _update(
        self,
        branch: str,
        applicant_id: str,
        changes: Mapping[str, Any],
        *,
        condition: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> Case:
        """The case afterwards. Raises AlreadyExists where the condition does not hold."""
        now = time.time()
        given = dict(changes) | {
            "changed_at": _number(int(now * 1000)), "expires_at": _number(int(now) + SECONDS_KEPT),
        }  # fmt: skip
        request: dict[str, Any] = {
            "TableName": self.name,
            "Key": _key(branch, applicant_id),
            "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}_" for name in given),
            "ExpressionAttributeNames": {f"#{name}": name for name in given},
            "ExpressionAttributeValues": {f":{name}_": value for name, value in given.items()}
            | dict(values or {}),
            "ReturnValues": "ALL_NEW",
        }
        if condition:
            request["ConditionExpression"] = condition
        with translated("update_case", self.name):
            return Case.from_item(dynamodb("update_item", **request)["Attributes"])


@dataclass
class CachedCases:
    """What one process knows of the cases of each branch; each look reads what changed since."""

    table: CaseTable
    _branches: dict[str, dict[str, Case]] = field(default_factory=dict)
    _looked: dict[str, int] = field(default_factory=dict)

    def of_all(self, branches: Sequence[str]) -> dict[str, Case]:
        """Of all these branches, by applicant id; a caller of many waits as long as one of few."""
        if len(branches) == 1:  # the usual caller's: no thread
            return dict(self.of(branches[0]))
        found: dict[str, Case] = {}
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            for cases in pool.map(self.of, branches):
                found |= cases
        return found

    def of(self, branch: str) -> Mapping[str, Case]:
        """By applicant id."""
        known = self._branches.setdefault(branch, {})
        for case in self.table.changed(branch, self._looked.get(branch, 0)):
            known[case.applicant_id] = case
            self._looked[branch] = max(self._looked.get(branch, 0), case.changed_at)
        return known


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def _key(branch: str, applicant_id: str) -> dict[str, dict[str, str]]:
    return {"branch": {"S": branch}, "applicant_id": {"S": applicant_id}}
