"""Score records on their way: a delivery stream gathers those of the API.

An object a call would cost more than the call, and a night's reading would not end.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from constructs import Construct
from credit_scoring.stored.score_records import LINES

from infra.stack_parts.rules import allow
from infra.stack_parts.storage import Storage

PREFIX, ERRORS = f"records/{LINES}", "records/undelivered/"
WHY = "Objects are named by the stream and the hour."
# An object a quarter of an hour, or as soon as there is so much.
SECONDS, MEBIBYTES = 900, 64


class Records(Construct):
    """name, arn : of the stream that takes a line a score.

    Made of its plain resource: the construct of its kind would let it read and delete, too.
    """

    def __init__(self, scope: Construct, construct_id: str, *, storage: Storage) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
        log_stream = logs.LogStream(
            self, "LogStream", log_group=log_group, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("firehose.amazonaws.com"))
        places = [storage.results.arn_for_objects(f"{p}*") for p in (PREFIX, ERRORS)]
        allow(role, ["s3:PutObject", "s3:AbortMultipartUpload"], places, why=WHY)
        allow(role, ["logs:PutLogEvents"], [log_group.log_group_arn], why="Its own log group.")
        stream = firehose.CfnDeliveryStream(
            self,
            "Stream",
            delivery_stream_type="DirectPut",
            delivery_stream_encryption_configuration_input={"keyType": "AWS_OWNED_CMK"},
            extended_s3_destination_configuration={
                "bucketArn": storage.results.bucket_arn,
                "roleArn": role.role_arn,
                "prefix": PREFIX,
                "errorOutputPrefix": ERRORS,
                "fileExtension": ".gz",
                "compressionFormat": "GZIP",
                "bufferingHints": {"intervalInSeconds": SECONDS, "sizeInMBs": MEBIBYTES},
                "cloudWatchLoggingOptions": {
                    "enabled": True,
                    "logGroupName": log_group.log_group_name,
                    "logStreamName": log_stream.log_stream_name,
                },
            },
        )
        stream.node.add_dependency(role)  # its first object may not come before its right
        self.name, self.arn = stream.ref, stream.attr_arn
