"""Who read the tables of people, past the API as well: CloudTrail's data events, by a switch.

The API's own log tells which employee asked for whom (`make readers`); here the same read is the
function's role. What only this trail tells is a person or program with rights of their own.
"""

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stack_parts.storage import Storage

# As long as the table of batches tells of a file.
DAYS = 400

Field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty


class ReadTrail(Construct):
    """bucket : where the events lie"""

    def __init__(self, scope: Construct, construct_id: str, *, storage: Storage) -> None:
        super().__init__(scope, construct_id)
        name = f"{Aws.STACK_NAME}-reads"
        self.bucket = self._make_bucket(storage, name)
        tables = (storage.profiles, storage.cases, storage.decisions)
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=name,
            is_logging=True,
            s3_bucket_name=self.bucket.bucket_name,
            enable_log_file_validation=True,
            advanced_event_selectors=[
                cloudtrail.CfnTrail.AdvancedEventSelectorProperty(
                    name="Reads of applicants",
                    field_selectors=[
                        Field(field="eventCategory", equal_to=["Data"]),
                        Field(field="resources.type", equal_to=["AWS::DynamoDB::Table"]),
                        Field(
                            field="resources.ARN",
                            equal_to=[table.table_arn for table in tables],
                        ),
                        # Files write by the million, and tell of it themselves.
                        Field(field="readOnly", equal_to=["true"]),
                    ],
                )
            ],
        )
        assert self.bucket.policy is not None
        trail.node.add_dependency(self.bucket.policy)

    def _make_bucket(self, storage: Storage, trail: str) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Events",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            server_access_logs_bucket=storage.access_logs,
            server_access_logs_prefix="s3/reads/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(DAYS),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
        source = Stack.of(self).format_arn(
            service="cloudtrail", resource="trail", resource_name=trail
        )
        own = bucket.arn_for_objects(f"AWSLogs/{Aws.ACCOUNT_ID}/*")
        for action, resource in (("s3:GetBucketAcl", bucket.bucket_arn), ("s3:PutObject", own)):
            bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
                    actions=[action],
                    resources=[resource],
                    conditions={"StringEquals": {"aws:SourceArn": source}},
                )
            )
        return bucket
