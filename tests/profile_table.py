"""The table of profiles as the stack makes it."""

from credit_scoring.aws.clients import client
from credit_scoring.stored.applicant_index import BY_BRANCH


def make_profile_table(name: str) -> None:
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "applicant_id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("applicant_id", "branch")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": BY_BRANCH,
                "KeySchema": [
                    {"AttributeName": "branch", "KeyType": "HASH"},
                    {"AttributeName": "applicant_id", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
