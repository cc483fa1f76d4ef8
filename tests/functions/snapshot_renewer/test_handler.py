"""A pointer that nobody follows renews nothing: what serves goes on serving."""

import json
from types import SimpleNamespace

import boto3
import pytest
from credit_scoring.aws.clients import client
from credit_scoring.registry.champion import CHAMPION

from functions.snapshot_renewer import renewal
from tests.functions.snapshot_renewer.test_renewal import ALIAS, FUNCTION, make_function, serving

SHA256 = "0123456789ab" + 52 * "0"
GOOD = {
    "version": SHA256[:12], "sha256": SHA256, "promoted_at": "2026-11-28T00:00:00+00:00",
    "promoted_by": "a", "reason": "b",
}  # fmt: skip
EVENT = {"detail": {"object": {"etag": "0123456789abcdef"}}}
CONTEXT = SimpleNamespace(
    get_remaining_time_in_millis=lambda: 30_000, function_name="renewer", memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-3:1:function:renewer", aws_request_id="1",
)  # fmt: skip


@pytest.fixture
def lambda_(aws_account):
    return make_function()


@pytest.fixture
def answer(lambda_, monkeypatch):
    for name, value in (
        ("POWERTOOLS_TRACE_DISABLED", "true"), ("SCORING_FUNCTION", FUNCTION),
        ("SCORING_ALIAS", ALIAS), ("MODELS_URL", "s3://models/models"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(renewal, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.delenv("POINTER_KEY", raising=False)
    client.cache_clear()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="models", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    from functions.snapshot_renewer.handler import handler

    def to(content: bytes) -> dict[str, str]:
        s3.put_object(Bucket="models", Key=f"models/{CHAMPION}", Body=content)
        return handler(EVENT, CONTEXT)

    yield to
    client.cache_clear()


def test_a_promotion_moves_the_alias(answer, lambda_) -> None:
    assert answer(json.dumps(GOOD).encode()) == {"version": "2"}
    assert serving(lambda_) == "2"


@pytest.mark.parametrize("content", [b"[1]", b"", json.dumps(GOOD | {"version": "x"}).encode()])
def test_a_damaged_pointer_moves_nothing(answer, lambda_, content) -> None:
    assert answer(content) == {}
    assert serving(lambda_) == "1"
