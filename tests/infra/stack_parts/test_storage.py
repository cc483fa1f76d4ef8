"""Buckets and the table: private, encrypted, over TLS, bounded."""

import pytest
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.stored.cases import CHANGED

from infra.stack_parts.storage import page_reads

BUCKETS = ["AccessLogs", "Models", "Results", "Uploads", "Website"]


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_is_private_and_encrypted(template, name) -> None:
    bucket = template.one("AWS::S3::Bucket", f"Storage{name}")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_there_is_no_other_bucket(template) -> None:
    assert len(template.ids("AWS::S3::Bucket")) == len(BUCKETS)


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_refuses_what_does_not_come_over_tls_1_2(template, name) -> None:
    bucket = template.id_of("AWS::S3::Bucket", f"Storage{name}")
    policies = template.all("AWS::S3::BucketPolicy").values()
    [policy] = [part for part in policies if part["Bucket"] == {"Ref": bucket}]
    conditions = [
        statement["Condition"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    ]
    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


@pytest.mark.parametrize("name", ["Models", "Results", "Uploads"])
def test_what_a_decision_rests_on_is_versioned(template, name) -> None:
    bucket = template.one("AWS::S3::Bucket", f"Storage{name}")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize("name", BUCKETS)
def test_unfinished_uploads_are_not_paid_for(template, name) -> None:
    rules = template.one("AWS::S3::Bucket", f"Storage{name}")["LifecycleConfiguration"]["Rules"]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)


def test_every_bucket_but_the_logs_own_logs_its_accesses(template) -> None:
    logs = template.id_of("AWS::S3::Bucket", "StorageAccessLogs")
    for name, bucket in template.all("AWS::S3::Bucket").items():
        if name != logs:
            assert bucket["LoggingConfiguration"]["DestinationBucketName"] == {"Ref": logs}


def test_data_outlives_the_stack(template) -> None:
    kinds = ("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Cognito::UserPool")
    for kind in kinds:
        for name in template.ids(kind):
            assert template.body["Resources"][name]["DeletionPolicy"] == "RetainExceptOnCreate", (
                name
            )
            assert template.body["Resources"][name]["UpdateReplacePolicy"] == "Retain", name


def test_what_a_batch_was_made_of_is_thrown_away_after_its_redrive_is_past(template) -> None:
    rules = template.one("AWS::S3::Bucket", "StorageResults")["LifecycleConfiguration"]["Rules"]
    [work] = [rule for rule in rules if rule.get("Prefix") == "work/"]
    queue = template.one("AWS::SQS::Queue", "Batch")
    assert work["ExpirationInDays"] * 86400 > queue["MessageRetentionPeriod"]


def test_results_are_kept_as_long_as_their_batch_is_known(template) -> None:
    rules = template.one("AWS::S3::Bucket", "StorageResults")["LifecycleConfiguration"]["Rules"]
    [scored] = [rule for rule in rules if rule.get("Prefix") == "scored/"]
    assert scored["ExpirationInDays"] == 400


def test_what_lists_were_before_a_merge_is_thrown_away(template) -> None:
    rules = template.one("AWS::S3::Bucket", "StorageResults")["LifecycleConfiguration"]["Rules"]
    [lists] = [rule for rule in rules if rule.get("Prefix") == "lists/"]
    assert lists["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert lists["ExpiredObjectDeleteMarker"] is True
    assert "ExpirationInDays" not in lists


def test_batches_are_found_by_branch_listed_by_age_and_forgotten(template) -> None:
    table = template.one("AWS::DynamoDB::Table", "StorageBatches")
    assert keys_of(table) == [("branch", "HASH"), ("batch", "RANGE")]
    [index] = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], keys_of(index)) == (
        "recent",
        [("kind", "HASH"), ("received_at", "RANGE")],
    )
    assert index["Projection"] == {"ProjectionType": "ALL"}
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    assert table["TimeToLiveSpecification"] == expiry
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_a_process_finds_what_changed_of_a_branch_s_cases_since_it_looked(template) -> None:
    table = template.one("AWS::DynamoDB::Table", "StorageCases")
    assert keys_of(table) == [("branch", "HASH"), ("applicant_id", "RANGE")]
    [index] = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], keys_of(index)) == (
        CHANGED,
        [("branch", "HASH"), ("changed_at", "RANGE")],
    )
    assert index["Projection"] == {"ProjectionType": "ALL"}
    numbers = [a for a in table["AttributeDefinitions"] if a["AttributeType"] == "N"]
    assert [number["AttributeName"] for number in numbers] == ["changed_at"]
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    assert table["TimeToLiveSpecification"] == expiry


def test_the_decisions_of_an_applicant_are_found_in_order_and_never_expire(template) -> None:
    table = template.one("AWS::DynamoDB::Table", "StorageDecisions")
    [index] = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], keys_of(index)) == (
        BY_APPLICANT,
        [("applicant_id", "HASH"), ("created_at", "RANGE")],
    )
    # What a decision says is read from the table alone, where its hash is checked.
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert "TimeToLiveSpecification" not in table


def test_profiles_are_found_by_id_alone(template) -> None:
    """Lists are files beside the table: an index would have one hot key a branch."""
    assert "GlobalSecondaryIndexes" not in template.one("AWS::DynamoDB::Table", "StorageProfiles")


def keys_of(part) -> list[tuple[str, str]]:
    return [(key["AttributeName"], key["KeyType"]) for key in part["KeySchema"]]


def test_the_browser_may_only_put_into_uploads(template) -> None:
    rules = template.one("AWS::S3::Bucket", "StorageUploads")["CorsConfiguration"]["CorsRules"]
    assert [rule["AllowedMethods"] for rule in rules] == [["PUT"]]


def test_the_browser_may_only_read_results(template) -> None:
    [rule] = template.one("AWS::S3::Bucket", "StorageResults")["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedMethods"], rule["AllowedOrigins"]) == (["GET"], ["*"])
    assert rule.get("AllowedHeaders", []) == []


def test_only_the_lenders_own_address_reads_results_where_it_has_one() -> None:
    assert page_reads("credit.example.com").allowed_origins == ["https://credit.example.com"]


@pytest.mark.parametrize(
    ("prefix", "keys"),
    [
        ("StorageProfiles", [("applicant_id", "HASH")]),
        ("StorageDecisions", [("decision_id", "HASH")]),
        ("StorageCases", [("branch", "HASH"), ("applicant_id", "RANGE")]),
    ],
)
def test_a_table_is_read_by_its_key_and_can_be_restored(template, prefix, keys) -> None:
    table = template.one("AWS::DynamoDB::Table", prefix)
    assert keys_of(table) == keys
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["DeletionProtectionEnabled"] is True


def test_what_the_canary_leaves_every_hour_is_deleted(template) -> None:
    rules = template.one("AWS::S3::Bucket", "StorageResults")["LifecycleConfiguration"]["Rules"]
    [rule] = [rule for rule in rules if rule.get("Prefix") == "scored/canary/"]
    assert rule["ExpirationInDays"] == 30
