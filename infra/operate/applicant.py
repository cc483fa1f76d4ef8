"""What is kept of one applicant: shown, or deleted as far as the law lets it be (GDPR 15 and 17).

    python -m infra.operate.applicant show 100002 --env prod
    python -m infra.operate.applicant forget 100002 --env prod

Deleted are the profile, the rows of lists, the case, and the scores of the drift monitor's records,
those set aside since they could not be read or delivered among them.
Decisions stay, because a lender must be able to account for them; files of branches, their results
and backups go by age. docs/operations.md tells when. Nothing is written anywhere of whom it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.aws.storage import S3Store
from credit_scoring.errors import CreditScoringError, StorageUnavailable
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.cases import Case
from credit_scoring.stored.profiles import Profile
from credit_scoring.stored.pseudonyms import Pseudonyms

from infra.access import Access
from infra.operate.deployed_stack import find_stack, name_stack

# Takes a pseudonym, as records keep it, out of them; how much that was, by kind.
type ForgetScores = Callable[[int], Mapping[str, int]]
LIVE: Final = "live"


class Dossier:
    """Everything that is found by one applicant's id."""

    def __init__(self, applicant_id: str, outputs: Mapping[str, str], access: Access) -> None:
        self.applicant_id = applicant_id
        self._outputs, self._access = outputs, access
        self._lists = ApplicantLists(
            S3Store(outputs["ResultsBucket"], "lists/", access.client("s3"))
        )

    @property
    def _tables(self) -> Any:
        return self._access.client("dynamodb")

    def profile(self) -> Profile | None:
        answer = self._tables.get_item(
            TableName=self._outputs["ProfilesTable"], Key=self._key, ConsistentRead=True
        )
        return Profile.from_item(answer["Item"]) if "Item" in answer else None

    def cases(self) -> list[Case]:
        """Of every branch that ever worked on it: whoever forgets may not trust an index."""
        pages = self._tables.get_paginator("scan").paginate(
            TableName=self._outputs["CasesTable"],
            FilterExpression="applicant_id = :id",
            ExpressionAttributeValues={":id": {"S": self.applicant_id}},
        )
        return [Case.from_item(item) for page in pages for item in page["Items"]]

    def decisions(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        table = self._outputs["DecisionsTable"]
        pages = self._tables.get_paginator("query").paginate(
            TableName=table,
            IndexName=BY_APPLICANT,
            KeyConditionExpression="applicant_id = :id",
            ExpressionAttributeValues={":id": {"S": self.applicant_id}},
        )
        keys = [item["decision_id"] for page in pages for item in page["Items"]]
        items = [self._tables.get_item(TableName=table, Key={"decision_id": key}) for key in keys]
        return [json.loads(answer["Item"]["content"]["S"]) for answer in items]

    def lists(self) -> list[str]:
        """The branches in whose lists a row of the applicant is."""
        return self._lists.branches_of(self.applicant_id)

    def show(self) -> dict[str, Any]:
        profile = self.profile()
        return {
            "applicant_id": self.applicant_id,
            "profile": profile.to_json() if profile else None,
            "listed_in": self.lists(),
            "cases": [asdict(case) for case in self.cases()],
            "decisions": self.decisions(),
        }

    def forget(self, pseudonyms: Pseudonyms, forget_scores: ForgetScores) -> dict[str, int]:
        """How much was deleted, by kind.

        Records first: a pseudonym needs the id, and who is stopped half-way starts again with it.
        """
        [pseudonym] = pseudonyms.of([self.applicant_id]).view("int64").tolist()
        records = forget_scores(pseudonym)
        cases = self.cases()
        for case in cases:
            key = {"branch": {"S": case.branch}, **self._key}
            self._tables.delete_item(TableName=self._outputs["CasesTable"], Key=key)
        lists = self._lists.remove(self.applicant_id)
        had_profile = self.profile() is not None
        self._tables.delete_item(TableName=self._outputs["ProfilesTable"], Key=self._key)
        tables = {"cases": len(cases), "lists": lists, "profiles": int(had_profile)}
        return {**records, **tables}

    @property
    def _key(self) -> dict[str, dict[str, str]]:
        return {"applicant_id": {"S": self.applicant_id}}


def ask_drift_monitor(function: str, lambda_: Any) -> ForgetScores:
    """Whose role alone may rewrite records. Raises StorageUnavailable when it fails."""

    def forget_scores(pseudonym: int) -> dict[str, int]:
        answer = lambda_.invoke(
            FunctionName=function, Qualifier=LIVE, Payload=json.dumps({"forget": pseudonym})
        )
        content = json.loads(answer["Payload"].read())
        if "FunctionError" in answer or "forgotten" not in content:
            raise StorageUnavailable("forget", str(content.get("errorType", "unknown")))
        return {"scores": content["forgotten"], "set_aside": content.get("set_aside", 0)}

    return forget_scores


def run(what: str, applicant_id: str, outputs: Mapping[str, str], access: Access) -> str:
    dossier = Dossier(applicant_id, outputs, access)
    if what == "show":
        return json.dumps(dossier.show(), ensure_ascii=False, indent=2)
    secret = access.client("secretsmanager").get_secret_value(
        SecretId=outputs["PseudonymSecretArn"]
    )
    monitor = ask_drift_monitor(outputs["DriftMonitorFunction"], access.client("lambda"))
    gone = dossier.forget(Pseudonyms(secret["SecretString"]), monitor)
    told = ", ".join(f"{count} {kind}" for kind, count in gone.items())
    return f"deleted: {told}. Kept by rule: {len(dossier.decisions())} decisions."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.applicant",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["show", "forget"])
    parser.add_argument("applicant_id")
    name_stack(parser)
    options = parser.parse_args(arguments)
    try:
        access, outputs = find_stack(options)
        print(run(options.what, options.applicant_id, outputs, access))
    except (CreditScoringError, FileNotFoundError, BotoCoreError, ClientError) as error:
        print(f"Not finished, start again: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
