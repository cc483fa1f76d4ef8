"""What is kept: five buckets; tables of profiles, cases, decisions, batches and calls."""

from aws_cdk import Aws, Duration, Fn, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.stored.cases import CHANGED
from credit_scoring.stored.score_records import CANARY

from infra.stack_parts.rules import acknowledge
from infra.stack_parts.settings import StackSettings


class Storage(Construct):
    """models, uploads, results, website, access_logs : buckets; profiles, cases, decisions,
    batches, calls : tables.

    Encryption is SSE-S3: one account owns and reads everything, access is decided by each
    function's role, and a KMS key would add a call and its price to every one of the millions of
    small objects without taking a reader away. The access logs could not use a key anyway.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: StackSettings) -> None:
        super().__init__(scope, construct_id)
        self.access_logs = self._make_log_bucket()
        self.models = self._make_bucket("Models", versioned=True)
        tell_events(self.models)
        self.results = self._make_bucket(
            "Results",
            versioned=True,
            cors=[page_reads(settings.edge.domain)],
            rules=[
                *record_rules(settings.record_months),
                SCORED,
                WORK,
                LISTS,
                CANARY_RESULTS,
                OLD_VERSIONS,
            ],
        )
        self.website = self._make_bucket("Website", rules=[])
        # S3 checks the notified function when the bucket is made, and the function's role names
        # the bucket: a name known beforehand is what breaks that circle.
        self.uploads_name = name_after_stack("credit-uploads")
        self.uploads = self._make_bucket(
            "Uploads",
            name=self.uploads_name,
            versioned=True,
            rules=[UPLOADS, OLD_VERSIONS],
            cors=[PAGE_UPLOADS],
        )
        self.uploads_by_name = s3.Bucket.from_bucket_name(self, "UploadsName", self.uploads_name)
        # By id alone: lists are files beside it, so no index has one hot key a branch.
        self.profiles = self._make_table(
            "Profiles", key="applicant_id", warm_writes=settings.warm_writes
        )
        self.cases = self._make_cases()
        self.decisions = self._make_decisions()
        self.batches = self._make_batches()
        self.calls = self._make_table("Calls", key="caller", time_to_live_attribute="expires_at")
        self.pseudonym_key_arn = self._make_pseudonym_key()
        self.pointer_key = self._make_pointer_key()

    def _make_pointer_key(self) -> kms.Key:
        """Seals the pointer to the champion: writing to the bucket is not enough to promote."""
        return kms.Key(
            self,
            "PointerKey",
            description="Seals the pointer to the champion",
            key_spec=kms.KeySpec.HMAC_256,
            key_usage=kms.KeyUsage.GENERATE_VERIFY_MAC,
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _make_pseudonym_key(self) -> str:
        """Without it nobody can tell from a score record whose it is. Returns its ARN."""
        secret = secretsmanager.Secret(
            self,
            "PseudonymKey",
            description="Makes applicants' pseudonyms in score records",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(secret, "SMG4", "Under another key the same applicant would be another one.")
        key = secret.node.default_child
        assert isinstance(key, secretsmanager.CfnSecret)
        return key.attr_id  # not its Ref, which an emulator takes for the name

    def _make_bucket(
        self,
        construct_id: str,
        *,
        rules: list[s3.LifecycleRule] | None = None,
        name: str | None = None,
        versioned: bool = False,
        cors: list[s3.CorsRule] | None = None,
    ) -> s3.Bucket:
        return s3.Bucket(
            self,
            construct_id,
            bucket_name=name,
            versioned=versioned,
            cors=cors,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"s3/{construct_id.lower()}/",
            lifecycle_rules=[*(rules if rules is not None else [OLD_VERSIONS]), UNFINISHED],
            removal_policy=RemovalPolicy.RETAIN,
        )

    def _make_log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # CloudFront's standard logs are written with an ACL.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90)), UNFINISHED],
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(bucket, "S1", "It holds the access logs: logging itself would never end.")
        return bucket

    def _make_cases(self) -> dynamodb.Table:
        """One item an application that somebody worked on; the index tells what changed since."""
        table = self._make_table(
            "Cases", key="branch", sort_key="applicant_id", time_to_live_attribute="expires_at"
        )
        table.add_global_secondary_index(
            index_name=CHANGED,
            partition_key=text_attribute("branch"),
            sort_key=dynamodb.Attribute(name="changed_at", type=dynamodb.AttributeType.NUMBER),
        )
        return table

    def _make_decisions(self) -> dynamodb.Table:
        """Written once and never changed: nobody may update or delete, whatever their role says."""
        table = self._make_table("Decisions", key="decision_id")
        resource = table.node.default_child
        assert isinstance(resource, dynamodb.CfnTable)
        resource.resource_policy = dynamodb.CfnTable.ResourcePolicyProperty(
            policy_document=iam.PolicyDocument(statements=[refuse_changes()])
        )
        table.add_global_secondary_index(
            index_name=BY_APPLICANT,
            partition_key=text_attribute("applicant_id"),
            sort_key=text_attribute("created_at"),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        return table

    def _make_batches(self) -> dynamodb.Table:
        """One item a file: found by branch and batch, or listed by when it arrived."""
        table = self._make_table(
            "Batches", key="branch", sort_key="batch", time_to_live_attribute="expires_at"
        )
        table.add_global_secondary_index(
            index_name=RECENT_BATCHES,
            partition_key=text_attribute("kind"),
            sort_key=text_attribute("received_at"),
        )
        return table

    def _make_table(
        self,
        construct_id: str,
        *,
        key: str,
        sort_key: str | None = None,
        time_to_live_attribute: str | None = None,
        warm_writes: int | None = None,
    ) -> dynamodb.Table:
        warm = dynamodb.WarmThroughput(write_units_per_second=warm_writes) if warm_writes else None
        return dynamodb.Table(
            self,
            construct_id,
            partition_key=text_attribute(key),
            sort_key=text_attribute(sort_key) if sort_key else None,
            time_to_live_attribute=time_to_live_attribute,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            warm_throughput=warm,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )


def tell_events(bucket: s3.Bucket) -> None:
    """What is written is told on the account's bus, without CDK's helper, a function of its own."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
            event_bridge_enabled=True
        )
    )


def record_rules(months: int) -> list[s3.LifecycleRule]:
    """Scores themselves stay until their outcomes are known; nothing replaced stays for long.

    What has arrived is compacted every night: what is left of it waits for a monitor that fails.
    """
    folders = ("incoming/", "values/", "damaged/", "undelivered/", "date=")  # the last: older ones'
    of_days = dict.fromkeys(folders, VALUE_DAYS)
    kept = of_days | dict.fromkeys(("scores/", "refusals/"), months * 31)
    expiring = [
        s3.LifecycleRule(prefix=f"records/{folder}", expiration=Duration.days(days))
        for folder, days in kept.items()
    ]
    replaced = s3.LifecycleRule(
        prefix="records/", noncurrent_version_expiration=Duration.days(REPLACED_RECORD_DAYS)
    )
    return [*expiring, replaced]


def refuse_changes() -> iam.PolicyStatement:
    """A refusal of the table's own stands above every permission, an administrator's included.

    What it cannot tell apart is a first PutItem from one over a record that is there: of the one
    role that may put, the code sets that condition.
    """
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.StarPrincipal()],
        actions=[f"dynamodb:{action}" for action in CHANGES],
        # The table itself; its name is not known while it is made.
        resources=["*"],
    )


def text_attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def name_after_stack(prefix: str) -> str:
    """A bucket name that two stacks or two accounts never share."""
    stack = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
    return f"{prefix}-{Aws.ACCOUNT_ID}-{stack}"


def page_reads(domain: str | None) -> s3.CorsRule:
    """The page shows rejected rows in a table: it reads them itself, from a presigned URL.

    A route could not: rejects may be many times what a function may answer. Of the lender's own
    address alone; CloudFront's is known only after the policy that names this bucket, and the URL,
    not an origin, is the permission.
    """
    return s3.CorsRule(
        allowed_methods=[s3.HttpMethods.GET],
        allowed_origins=[f"https://{domain}" if domain else "*"],
        allowed_headers=[],
        max_age=3600,
    )


RECENT_BATCHES = "recent"
CHANGES = (
    "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete",
)  # fmt: skip
UNFINISHED = s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7))
OLD_VERSIONS = s3.LifecycleRule(noncurrent_version_expiration=Duration.days(90))
# A branch's file is worth nothing once its results are read; the profiles keep what is needed.
UPLOADS = s3.LifecycleRule(prefix="uploads/", expiration=Duration.days(90))
# What scores rest on feeds the drift monitor, whose longest window is a quarter of a year ago.
VALUE_DAYS = 400
# Long enough to go back to after a mistake, short enough for whoever asks to be forgotten.
REPLACED_RECORD_DAYS = 7
# As long as the table of batches tells of a file.
SCORED = s3.LifecycleRule(prefix="scored/", expiration=Duration.days(400))
# A batch's parts are read once more at its end; a failed one may be redriven for 14 days.
WORK = s3.LifecycleRule(
    prefix="work/",
    expiration=Duration.days(30),
    noncurrent_version_expiration=Duration.days(1),
)
# Three objects an hour that nobody asks for again.
CANARY_RESULTS = s3.LifecycleRule(prefix=f"scored/{CANARY}/", expiration=Duration.days(30))
# A base is written anew all day, and merged parts leave markers that a listing would step over.
LISTS = s3.LifecycleRule(
    prefix="lists/",
    noncurrent_version_expiration=Duration.days(1),
    expired_object_delete_marker=True,
)
# The presigned URL is the permission and no cookie goes with it, so an origin adds nothing; the
# page's address is known only after this bucket exists.
PAGE_UPLOADS = s3.CorsRule(
    allowed_methods=[s3.HttpMethods.PUT],
    allowed_origins=["*"],
    allowed_headers=["*"],
    exposed_headers=["ETag", "x-amz-version-id"],
    max_age=3600,
)
