"""The function behind the operators' routes: alarms, drift and queues, and nobody's application."""

from collections.abc import Mapping

from aws_cdk import ArnFormat, Aws, Duration, Stack
from constructs import Construct
from credit_scoring.metrics import OPERATOR_API

from infra.stack_parts.batch import Batch
from infra.stack_parts.big_files import arn_of, big_files_name
from infra.stack_parts.drift import Drift
from infra.stack_parts.grants import REPORTS, read_models, role_of
from infra.stack_parts.lambda_functions import Layers, make_zip_function, publish
from infra.stack_parts.promoter import Promoter
from infra.stack_parts.rules import allow
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage
from infra.stack_parts.watching.dashboard import DASHBOARD_NAME
from infra.stack_parts.watching.topics import Topics


class OperatorApi(Construct):
    """function, alias"""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        layers: Layers,
        storage: Storage,
        batch: Batch,
        drift: Drift,
        promoter: Promoter,
        topics: Topics,
        api_id: str,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "OperatorApi",
            name="score_api",
            handler="operator_handler",
            service=OPERATOR_API,
            settings=settings,
            layers=layers,
            memory_mb=512,
            timeout=Duration.seconds(29),
            environment={
                **environment,
                "ALARM_PREFIX": f"{Aws.STACK_NAME}-",
                "PAGE_TOPIC": topics.page.topic_arn,
                "DASHBOARD": DASHBOARD_NAME,
                "API_ID": api_id,
                "FAILED_BATCHES_QUEUE": batch.failures.queue_url,
                "FAILED_DRIFT_RUNS_QUEUE": drift.failures.queue_url,
                "BATCH_FUNCTION": batch.alias.function_arn,
                "PROMOTER": promoter.alias.function_arn,
                "BIG_FILES": batch.big_files.state_machine.state_machine_arn,
            },
        )
        self.alias = publish(self.function)
        self._grant(storage, batch, drift, promoter)

    def _grant(self, storage: Storage, batch: Batch, drift: Drift, promoter: Promoter) -> None:
        role, results = role_of(self.function), storage.results
        read_models(role, storage)
        allow(role, ["s3:GetObject"], [results.arn_for_objects("drift/*")], why=REPORTS)
        said = [results.arn_for_objects("acknowledged/*")]
        allow(role, ["s3:GetObject", "s3:PutObject"], said, why="Named by finding and time.")
        allow(role, ["s3:ListBucket"], [results.bucket_arn], why="Key names only.")
        queues = [batch.failures.queue_arn, drift.failures.queue_arn]
        allow(role, ["sqs:GetQueueAttributes"], queues, why="Their depth, no message.")
        taken = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
        allow(role, taken, [batch.failures.queue_arn], why="One queue: what is sent again.")
        called = [batch.alias.function_arn, promoter.alias.function_arn]
        allow(role, ["lambda:InvokeFunction"], called, why="Two aliases.")
        self._grant_executions(batch)
        self._grant_alarms()

    def _grant_alarms(self) -> None:
        role = role_of(self.function)
        # Neither metrics nor alarms that are listed have an ARN.
        actions = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"]
        allow(role, actions, ["*"], why="States and counts, of nobody.")
        history = Stack.of(self).format_arn(
            service="cloudwatch",
            resource="alarm",
            resource_name=f"{Aws.STACK_NAME}-*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        allow(role, ["cloudwatch:DescribeAlarmHistory"], [history], why="This stack's alarms.")

    def _grant_executions(self, batch: Batch) -> None:
        role = role_of(self.function)
        machine = [batch.big_files.state_machine.state_machine_arn]
        allow(role, ["states:ListExecutions", "states:StartExecution"], machine, why="One machine.")
        executions = arn_of(self, "execution", f"{big_files_name()}:*")
        actions = ["states:DescribeExecution", "states:RedriveExecution"]
        allow(role, actions, [executions], why="Executions of one machine.")
