"""The tables of people as the stack makes them, and applicants as an upload leaves them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.aws.clients import client
from credit_scoring.scoring import Model, judge_applicants
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.cases import CHANGED
from credit_scoring.stored.listed_scores import list_rows
from credit_scoring.stored.profiles import Profile, ProfileTable
from credit_scoring.what_if.stacking import stack


def make_profile_table(name: str) -> None:
    _make_table(name, {"applicant_id": "HASH"})


def make_case_table(name: str) -> None:
    _make_table(
        name,
        {"branch": "HASH", "applicant_id": "RANGE"},
        index=(CHANGED, {"branch": "HASH", "changed_at": "RANGE"}, "ALL"),
    )


def make_decision_table(name: str) -> None:
    _make_table(
        name,
        {"decision_id": "HASH"},
        index=(BY_APPLICANT, {"applicant_id": "HASH", "created_at": "RANGE"}, "KEYS_ONLY"),
    )


def make_call_table(name: str) -> None:
    _make_table(name, {"caller": "HASH"})


def put_listed(
    profiles: ProfileTable, lists: ApplicantLists, model: Model, given: Sequence[Profile]
) -> None:
    """Keep profiles, and what lists show of them."""
    profiles.put_many(given)
    applicants = stack([profile.parse() for profile in given])
    rows = list_rows(
        applicants,
        judge_applicants(model, applicants),
        branches=[profile.branch for profile in given],
        updated=[datetime.fromisoformat(profile.updated_at) for profile in given],
        scored=datetime.now(UTC),
    )
    for branch in {profile.branch for profile in given if profile.branch}:
        part = rows.take(rows.branches == branch.encode())
        lists.add(branch, uuid4().hex, part)


def _make_table(name, keys, *, index=None) -> None:
    indexed = index[1] if index else {}
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=_schema(keys),
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "N" if key == "changed_at" else "S"}
            for key in keys | indexed
        ],
        BillingMode="PAY_PER_REQUEST",
        **(
            {
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": index[0],
                        "KeySchema": _schema(indexed),
                        "Projection": {"ProjectionType": index[2]},
                    }
                ]
            }
            if index
            else {}
        ),
    )


def _schema(keys: dict[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()]
