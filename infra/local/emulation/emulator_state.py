"""What the emulator holds of each resource, read back through AWS's own APIs.

Every reader returns {property path as in the template: value}; a list counts as its length, and
None is what the emulator does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from infra.access import Access

Held = dict[str, Any]


def read_bucket(access: Access, name: str) -> Held:
    s3 = access.client("s3")
    return {
        "VersioningConfiguration.Status": s3.get_bucket_versioning(Bucket=name).get("Status"),
        "BucketEncryption.ServerSideEncryptionConfiguration": _ask(
            lambda: s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"][
                "Rules"
            ]
        ),
        "PublicAccessBlockConfiguration.BlockPublicPolicy": _ask(
            lambda: s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"][
                "BlockPublicPolicy"
            ]
        ),
        "LifecycleConfiguration.Rules": _ask(
            lambda: s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
        ),
        "CorsConfiguration.CorsRules": _ask(lambda: s3.get_bucket_cors(Bucket=name)["CORSRules"]),
        "LoggingConfiguration.LogFilePrefix": _ask(
            lambda: s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]["TargetPrefix"]
        ),
        "NotificationConfiguration.LambdaConfigurations": s3.get_bucket_notification_configuration(
            Bucket=name
        ).get("LambdaFunctionConfigurations"),
    }


def read_table(access: Access, name: str) -> Held:
    dynamodb = access.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return {
        "GlobalSecondaryIndexes": table.get("GlobalSecondaryIndexes"),
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode"),
        "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled"),
        "SSESpecification.SSEEnabled": table.get("SSEDescription", {}).get("Status") == "ENABLED",
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": (
            recovery.get("PointInTimeRecoveryStatus") == "ENABLED"
        ),
        "TimeToLiveSpecification.Enabled": expiry.get("TimeToLiveStatus") == "ENABLED",
    }


def read_function(access: Access, name: str) -> Held:
    client = access.client("lambda")
    config = client.get_function_configuration(FunctionName=name)
    concurrency = client.get_function_concurrency(FunctionName=name)
    return {
        "Handler": config.get("Handler"),
        "Timeout": config.get("Timeout"),
        "MemorySize": config.get("MemorySize"),
        "Layers": config.get("Layers"),
        "Architectures": config.get("Architectures"),
        "EphemeralStorage.Size": config.get("EphemeralStorage", {}).get("Size"),
        "TracingConfig.Mode": config.get("TracingConfig", {}).get("Mode"),
        "SnapStart.ApplyOn": config.get("SnapStart", {}).get("ApplyOn"),
        "ReservedConcurrentExecutions": concurrency.get("ReservedConcurrentExecutions"),
    }


def read_queue(access: Access, url: str) -> Held:
    attributes = access.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    held = attributes["Attributes"]
    return {
        "MessageRetentionPeriod": held.get("MessageRetentionPeriod"),
        "SqsManagedSseEnabled": held.get("SqsManagedSseEnabled"),
        "VisibilityTimeout": held.get("VisibilityTimeout"),
    }


def read_log_group(access: Access, name: str) -> Held:
    groups = access.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return {"RetentionInDays": groups[0].get("retentionInDays") if groups else None}


def read_alarm(access: Access, name: str) -> Held:
    alarms = access.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    fields = ("Threshold", "EvaluationPeriods", "ComparisonOperator", "TreatMissingData", "Period",
              "AlarmActions", "OKActions")  # fmt: skip
    return {field: alarms[0].get(field) if alarms else None for field in fields}


def read_user_pool(access: Access, pool: str) -> Held:
    held = access.client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
    policy = held.get("Policies", {}).get("PasswordPolicy", {})
    return {
        "Policies.PasswordPolicy.MinimumLength": policy.get("MinimumLength"),
        "MfaConfiguration": held.get("MfaConfiguration"),
        "DeletionProtection": held.get("DeletionProtection"),
        "AdminCreateUserConfig.AllowAdminCreateUserOnly": held.get("AdminCreateUserConfig", {}).get(
            "AllowAdminCreateUserOnly"
        ),
    }


def read_schedule(access: Access, name: str) -> Held:
    scheduler = access.client("scheduler")
    pages = scheduler.get_paginator("list_schedules").paginate(NamePrefix=name)
    known = [each for page in pages for each in page["Schedules"] if each["Name"] == name]
    group = known[0]["GroupName"] if known else "default"
    schedule = scheduler.get_schedule(Name=name, GroupName=group)
    return {
        "ScheduleExpression": schedule.get("ScheduleExpression"),
        "ScheduleExpressionTimezone": schedule.get("ScheduleExpressionTimezone"),
        "State": schedule.get("State"),
        "Target.RetryPolicy.MaximumRetryAttempts": schedule.get("Target", {})
        .get("RetryPolicy", {})
        .get("MaximumRetryAttempts"),
    }


def read_state_machine(access: Access, arn: str) -> Held:
    held = access.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    logging = held.get("loggingConfiguration", {})
    return {
        "StateMachineName": held.get("name"),
        "LoggingConfiguration.Level": logging.get("level"),
        "LoggingConfiguration.IncludeExecutionData": logging.get("includeExecutionData"),
        "TracingConfiguration.Enabled": held.get("tracingConfiguration", {}).get("enabled"),
    }


def read_rule(access: Access, name: str) -> Held:
    events, name = access.client("events"), name.rpartition("/")[2].rpartition("|")[2]
    rule = events.describe_rule(Name=name)
    return {
        "State": rule.get("State"),
        "Targets": events.list_targets_by_rule(Rule=name)["Targets"],
    }


def read_managed_policy(access: Access, arn: str) -> Held:
    policy = access.client("iam").get_policy(PolicyArn=arn)["Policy"]
    return {"Path": policy.get("Path"), "Description": policy.get("Description")}


READERS: Final[Mapping[str, Callable[[Access, str], Held]]] = {
    "AWS::S3::Bucket": read_bucket,
    "AWS::DynamoDB::Table": read_table,
    "AWS::Lambda::Function": read_function,
    "AWS::SQS::Queue": read_queue,
    "AWS::Logs::LogGroup": read_log_group,
    "AWS::CloudWatch::Alarm": read_alarm,
    "AWS::Cognito::UserPool": read_user_pool,
    "AWS::Scheduler::Schedule": read_schedule,
    "AWS::StepFunctions::StateMachine": read_state_machine,
    "AWS::Events::Rule": read_rule,
    "AWS::IAM::ManagedPolicy": read_managed_policy,
}


def _ask(question: Callable[[], Any]) -> Any:
    """The answer, or None where AWS answers "no such configuration" with an error."""
    try:
        return question()
    except (ClientError, KeyError):
        return None
