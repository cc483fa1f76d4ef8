"""The delivery stream of score records as the stack makes it, in-process."""

import gzip
import json
from typing import Any

from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.stored.score_records import LINES


def make_record_stream(name: str, *, bucket: str, firehose: Any = None) -> None:
    """firehose : a client; None: the process's"""
    (firehose or client("firehose")).create_delivery_stream(
        DeliveryStreamName=name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/records",
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "Prefix": f"records/{LINES}",
        },
    )


def delivered_lines(bucket: str) -> list[dict[str, Any]]:
    """What the stream has delivered, whatever it packed it in."""
    store = open_store(f"s3://{bucket}/records/{LINES}")
    found = [store.read(key) for key in store.list("")]
    texts = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in found]
    return [json.loads(line) for text in texts for line in text.splitlines()]
