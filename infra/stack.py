"""The whole system: which construct gets what, and who may do what. Nothing is made here."""

from aws_cdk import Aspects, Aws, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.environments import name_stack
from infra.stack_parts.alarms import Alarms
from infra.stack_parts.api import PREFIX, Api
from infra.stack_parts.batch import Batch
from infra.stack_parts.batch_notices import BigFileFailures
from infra.stack_parts.branches import BranchAccess
from infra.stack_parts.canary import Canary
from infra.stack_parts.drift import Drift
from infra.stack_parts.grants import (
    grant_api,
    grant_batch,
    grant_big_files,
    grant_counting,
    grant_drift,
)
from infra.stack_parts.identity import Identity
from infra.stack_parts.lambda_functions import Layers
from infra.stack_parts.lifetimes import GoneWithTheStack, KeptUnlessNeverUsed
from infra.stack_parts.operator_api import OperatorApi
from infra.stack_parts.origin import OriginSecret
from infra.stack_parts.promoter import Promoter
from infra.stack_parts.read_trail import ReadTrail
from infra.stack_parts.records import Records
from infra.stack_parts.releases import Releases
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.snapshot_renewer import SnapshotRenewer
from infra.stack_parts.storage import Storage
from infra.stack_parts.watching.dashboard import Dashboard
from infra.stack_parts.watching.settings import WatchSettings
from infra.stack_parts.watching.topics import Topics
from infra.stack_parts.website import Website

# What takes a release of the API back.
API_ALARMS = ("ScoreApiErrors", "ApiServerErrors", "ModelLoadFailures")


class CreditScoring(Stack):
    """Real-time scoring, batch scoring, drift monitoring, and the page."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        watching: WatchSettings,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=name_stack(settings.environment),
            description=f"Serverless credit scoring, {settings.environment}",
            tags={"application": "credit-scoring", "environment": settings.environment},
            termination_protection=settings.keeps_data,
        )
        Aspects.of(self).add(KeptUnlessNeverUsed() if settings.keeps_data else GoneWithTheStack())
        emails = {"email": settings.alarm_email, "page_email": watching.page_email}
        self.topics = Topics(self, "Topics", **emails)
        # A group of their own: failed schedules are counted by group.
        schedules = scheduler.ScheduleGroup(self, "Schedules", removal_policy=RemovalPolicy.DESTROY)
        self.storage = Storage(self, "Storage", settings=settings)
        self.records = Records(self, "Records", storage=self.storage)
        self.identity = Identity(self, "Identity", settings=settings)
        layers = Layers(self, "Layers", settings=settings)
        environment = name_places(self.storage) | settings.lender.environment
        self.api = Api(
            self,
            "Api",
            settings=settings,
            layers=layers,
            identity=self.identity,
            environment=environment,
        )
        self.batch = Batch(
            self,
            "Batch",
            settings=settings,
            layers=layers,
            storage=self.storage,
            environment=environment,
        )
        self.drift = Drift(
            self, "Drift", settings=settings, schedules=schedules, environment=environment
        )
        self.promoter = Promoter(
            self,
            "Promoter",
            settings=settings,
            layers=layers,
            storage=self.storage,
            environment=environment,
        )
        self.operators = OperatorApi(
            self,
            "Operators",
            settings=settings,
            layers=layers,
            storage=self.storage,
            batch=self.batch,
            drift=self.drift,
            promoter=self.promoter,
            topics=self.topics,
            api_id=self.api.http_api.api_id,
            environment=environment,
        )
        self.api.add_operators(self.operators.alias)
        self.origin = OriginSecret(self, "Origin")
        for function in (self.api.function, self.operators.function):
            self.origin.tell(function)
            grant_counting(function, self.storage, settings.calls)
        self.website = Website(
            self,
            "Website",
            storage=self.storage,
            api_domain=self.api.domain,
            api_headers=self.origin.headers,
            login_endpoint=self.identity.endpoint,
            edge=settings.edge,
        )
        self.canary = Canary(
            self,
            "Canary",
            settings=settings,
            watching=watching,
            layers=layers,
            identity=self.identity,
            storage=self.storage,
            schedules=schedules,
            api_url=f"{self.website.url}{PREFIX}",
            environment=environment,
        )
        self.renewer = SnapshotRenewer(
            self,
            "Renewer",
            settings=settings,
            layers=layers,
            storage=self.storage,
            scoring=self.api.function,
        )
        functions = {
            "ScoreApi": self.api.function,
            "OperatorApi": self.operators.function,
            "ModelPromoter": self.promoter.function,
            "BatchScorer": self.batch.function,
            "DriftMonitor": self.drift.function,
        }
        queues = {"BatchScorer": self.batch.failures, "DriftMonitor": self.drift.failures}
        self.alarms = Alarms(
            self,
            "Alarms",
            settings=watching,
            topics=self.topics,
            functions=functions,
            waiting={"Canary": self.canary.function, "SnapshotRenewer": self.renewer.function},
            queues=queues,
            storage=self.storage,
            schedules=schedules,
            api_id=self.api.http_api.api_id,
            access_log=self.api.access_log,
            state_machine=self.batch.big_files.state_machine,
            record_stream=self.records.name,
        )
        self.dashboard = Dashboard(
            self,
            "Dashboard",
            functions=functions,
            queues=queues,
            api_id=self.api.http_api.api_id,
            record_stream=self.records.name,
        )
        BigFileFailures(
            self,
            "BigFileFailures",
            state_machine=self.batch.big_files.state_machine,
            topic=self.topics.ticket,
        )
        self._release(settings)
        self.branches = BranchAccess(
            self, "Branches", storage=self.storage, principals=settings.branch_principals
        )
        if settings.trails_reads:
            ReadTrail(self, "Reads", storage=self.storage)
        grant_api(
            self.api.function,
            self.storage,
            records=self.records,
            queues={"BATCH": self.batch.failures, "DRIFT": self.drift.failures},
        )
        grant_batch(self.batch.function, self.storage)
        grant_big_files(self.batch.function)
        grant_drift(self.drift.function, self.storage)
        self.topics.let_publish(self.drift.function)
        self._write_outputs()

    def _release(self, settings: StackSettings) -> None:
        """The drift monitor runs once a night: no share of its calls would tell anything."""
        releases = Releases(self, "Releases", settings=settings)
        releases.watch(
            "ScoreApi",
            self.api.alias,
            alarms=[self.alarms.node.find_child(name) for name in API_ALARMS],
        )
        for name, alias in (
            ("OperatorApi", self.operators.alias),
            ("BatchScorer", self.batch.alias),
        ):
            errors = self.alarms.node.find_child(f"{name}Errors")
            releases.watch(name, alias, alarms=[errors])

    def _write_outputs(self) -> None:
        for name, value in self._list_outputs().items():
            CfnOutput(self, name, value=value)

    def _list_outputs(self) -> dict[str, str]:
        """What the page, a script or an operator needs to find."""
        return {
            "Region": self.region,
            "WebsiteUrl": self.website.url,
            "DistributionId": self.website.distribution.distribution_id,
            "ApiUrl": f"{self.website.url}{PREFIX}",
            "OriginSecretArn": self.origin.arn,
            "ApiId": self.api.http_api.api_id,
            "CognitoEndpoint": self.identity.endpoint,
            "UserPoolId": self.identity.user_pool.user_pool_id,
            "UserPoolClientId": self.identity.page_client.user_pool_client_id,
            "TokenEndpoint": self.identity.token_endpoint,
            "MachineClientIds": self._list_machines(),
            "ModelsBucket": self.storage.models.bucket_name,
            "ModelsUrl": f"s3://{self.storage.models.bucket_name}/models",
            "UploadsBucket": self.storage.uploads.bucket_name,
            "ResultsBucket": self.storage.results.bucket_name,
            "WebsiteBucket": self.storage.website.bucket_name,
            "AccessLogsBucket": self.storage.access_logs.bucket_name,
            "ProfilesTable": self.storage.profiles.table_name,
            "BatchesTable": self.storage.batches.table_name,
            "CallsTable": self.storage.calls.table_name,
            "CasesTable": self.storage.cases.table_name,
            "DecisionsTable": self.storage.decisions.table_name,
            "PointerKeyArn": self.storage.pointer_key.key_arn,
            "PseudonymSecretArn": self.storage.pseudonym_key_arn,
            "OperatorApiFunction": self.operators.function.function_name,
            "ModelPromoterFunction": self.promoter.function.function_name,
            "SnapshotRenewerFunction": self.renewer.function.function_name,
            "ScoreApiFunction": self.api.function.function_name,
            "BatchScorerFunction": self.batch.function.function_name,
            "DriftMonitorFunction": self.drift.function.function_name,
            "CanaryFunction": self.canary.function.function_name,
            "BatchFailuresQueueUrl": self.batch.failures.queue_url,
            "DriftFailuresQueueUrl": self.drift.failures.queue_url,
            "BigFilesArn": self.batch.big_files.state_machine.state_machine_arn,
            "BatchTopicArn": self.batch.notices.topic.topic_arn,
            "BranchPolicyArn": self.branches.policy.managed_policy_arn,
            "PageTopicArn": self.topics.page.topic_arn,
            "TicketTopicArn": self.topics.ticket.topic_arn,
            # Every alarm's name begins so.
            "DashboardName": self.dashboard.name,
            "AlarmPrefix": f"{Aws.STACK_NAME}-",
        }

    def _list_machines(self) -> str:
        """name=client id, of each; a machine's secret is asked of Cognito."""
        machines = self.identity.machines.items()
        named = (f"{name}={client.user_pool_client_id}" for name, client in machines)
        # An output may not be empty.
        return ",".join(named) or "none"


def name_places(storage: Storage) -> dict[str, str]:
    """The environment that every function reads to find its buckets and table."""
    results = storage.results.bucket_name
    return {
        "MODELS_URL": f"s3://{storage.models.bucket_name}/models",
        "POINTER_KEY": storage.pointer_key.key_arn,
        "PROFILES_TABLE": storage.profiles.table_name,
        "DECISIONS_TABLE": storage.decisions.table_name,
        "UPLOADS_BUCKET": storage.uploads_name,
        "RESULTS_BUCKET": results,
        "BATCHES_TABLE": storage.batches.table_name,
        "RESULTS_URL": f"s3://{results}/scored",
        "WORK_URL": f"s3://{results}/work",
        "RECORDS_URL": f"s3://{results}/records",
        "LISTS_URL": f"s3://{results}/lists",
        "CASES_TABLE": storage.cases.table_name,
        "PSEUDONYM_SECRET": storage.pseudonym_key_arn,
        "REPORTS_URL": f"s3://{results}/drift",
        "ACKNOWLEDGED_URL": f"s3://{results}/acknowledged",
    }
