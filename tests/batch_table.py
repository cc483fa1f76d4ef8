"""The table of batches as the stack makes it, in-process."""

from credit_scoring.aws.clients import client
from credit_scoring.stored.batches import INDEX


def create_batch_table(name: str = "batches") -> None:
    keys = {"branch": "HASH", "batch": "RANGE"}
    recent = {"kind": "HASH", "received_at": "RANGE"}
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=_schema(keys),
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in keys | recent
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": INDEX,
                "KeySchema": _schema(recent),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def _schema(keys: dict[str, str]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()]
