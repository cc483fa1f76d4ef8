"""Score records on their way: a delivery stream gathers those of the API.

An object a call would cost more than the call, and a night's reading would not end.
"""

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from constructs import Construct
from credit_scoring.stored.score_records import LINES

from infra.stack_parts.rules import allow
from infra.stack_parts.storage import Storage

PREFIX, ERRORS = f"records/{LINES}", "records/undelivered/"
WHY = "Objects are named by the stream and the hour."


class Records(Construct):
    """stream : takes a line a score, leaves an object a quarter of an hour or 64 MiB."""

    def __init__(self, scope: Construct, construct_id: str, *, storage: Storage) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("firehose.amazonaws.com"))
        actions = ["s3:PutObject", "s3:AbortMultipartUpload"]
        places = [storage.results.arn_for_objects(f"{p}*") for p in (PREFIX, ERRORS)]
        allow(role, actions, places, why=WHY)
        self.stream = firehose.DeliveryStream(
            self,
            "Stream",
            encryption=firehose.StreamEncryption.aws_owned_key(),
            destination=firehose.S3Bucket(
                storage.results,
                role=role,
                data_output_prefix=PREFIX,
                error_output_prefix=ERRORS,
                file_extension=".gz",
                compression=firehose.Compression.GZIP,
                buffering_interval=Duration.minutes(15),
                buffering_size=Size.mebibytes(64),
                logging_config=firehose.EnableLogging(self._make_logs()),
            ),
        )

    def _make_logs(self) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.DESTROY,
        )
