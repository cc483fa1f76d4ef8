"""Files: an object under uploads/ starts the batch function, which starts a state machine for a big
one; what fails stays in a queue, what ends is told.
"""

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stack_parts.batch_notices import BatchNotices
from infra.stack_parts.big_files import BigFiles, big_files_arn
from infra.stack_parts.lambda_functions import (
    Layers,
    keep_failures,
    make_dead_letter_queue,
    make_zip_function,
    publish,
)
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage

UPLOADS_PREFIX = "uploads/"
EVENT_BUS = "default"


class Batch(Construct):
    """function, alias; failures : events that three attempts could not score;
    big_files : the state machine; notices : who learns that a batch ended.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        layers: Layers,
        storage: Storage,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "BatchScorer",
            name="batch_scorer",
            settings=settings,
            layers=layers,
            # One whole vCPU is 1,769 MB; the columns of a chunk in memory need the rest.
            memory_mb=2048,
            # As long as Lambda allows: a file that is not big is scored in one invocation.
            timeout=Duration.minutes(15),
            environment={
                **environment,
                "STATE_MACHINE_ARN": big_files_arn(self),
                "EVENT_BUS": EVENT_BUS,
                "DEFAULT_LANGUAGE": settings.language,
            },
            reserved=settings.batch_reserved,
        )
        self.alias = publish(self.function)
        self.failures = make_dead_letter_queue(self, "Failures")
        keep_failures(self.alias, self.failures)
        self._notify(storage)
        self.big_files = BigFiles(
            self, "BigFiles", alias=self.alias, concurrency=settings.batch_concurrency
        )
        self.notices = BatchNotices(self, "Notices", email=settings.batch_email)

    def _notify(self, storage: Storage) -> None:
        """Set the bucket's own property: CDK's helper would add a function of its own to do it."""
        permission = lambda_.CfnPermission(
            self,
            "UploadsMayInvoke",
            action="lambda:InvokeFunction",
            function_name=self.alias.function_arn,
            principal=iam.ServicePrincipal("s3.amazonaws.com").service,
            source_account=Aws.ACCOUNT_ID,
            source_arn=storage.uploads_by_name.bucket_arn,
        )
        bucket = storage.uploads.node.default_child
        assert isinstance(bucket, s3.CfnBucket)
        bucket.notification_configuration = notify(self.alias.function_arn)
        bucket.add_resource_dependency(permission)


def notify(function_arn: str) -> s3.CfnBucket.NotificationConfigurationProperty:
    rule = s3.CfnBucket.FilterRuleProperty(name="prefix", value=UPLOADS_PREFIX)
    return s3.CfnBucket.NotificationConfigurationProperty(
        lambda_configurations=[
            s3.CfnBucket.LambdaConfigurationProperty(
                event="s3:ObjectCreated:*",
                function=function_arn,
                filter=s3.CfnBucket.NotificationFilterProperty(
                    s3_key=s3.CfnBucket.S3KeyFilterProperty(rules=[rule])
                ),
            )
        ]
    )
