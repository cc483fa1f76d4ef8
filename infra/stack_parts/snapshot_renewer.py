"""After each promotion the scoring function is published anew, so that snapshots hold the model."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.stack_parts.grants import role_of
from infra.stack_parts.lambda_functions import ALIAS, Layers, make_zip_function, publish
from infra.stack_parts.rules import allow
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage

POINTER, SUPERSEDED = "models/champion.json", "models/superseded/*"
ONE_FUNCTION = "Versions and alias of one function."


class SnapshotRenewer(Construct):
    """function, alias; started by whoever writes the pointer, from the page or a command."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        layers: Layers,
        storage: Storage,
        scoring: lambda_.Function,
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "Renewer",
            name="snapshot_renewer",
            settings=settings,
            layers=layers,
            memory_mb=256,
            # It waits: for a release that moves the same alias, and for AWS to make the snapshot.
            timeout=Duration.minutes(15),
            environment={
                "SCORING_FUNCTION": scoring.function_name,
                "SCORING_ALIAS": ALIAS,
                "MODELS_URL": f"s3://{storage.models.bucket_name}/models",
                "POINTER_KEY": storage.pointer_key.key_arn,
            },
            # Once a promotion: a snapshot of its own would cost more than all its starts.
            from_snapshot=False,
        )
        self.alias = publish(self.function)
        self._grant(scoring, storage)
        events.Rule(
            self,
            "Promoted",
            description="The pointer to the champion was written",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [storage.models.bucket_name]},
                    "object": {"key": [POINTER]},
                },
            ),
            targets=[targets.LambdaFunction(self.alias)],
        )

    def _grant(self, scoring: lambda_.Function, storage: Storage) -> None:
        """No `iam:PassRole`, so the function keeps its role; nothing is deleted, no code changed.

        What serves is found at the function's name and, its version and alias, behind it.
        """
        role, function = role_of(self.function), scoring.function_arn
        places = [storage.models.arn_for_objects(name) for name in (POINTER, SUPERSEDED)]
        allow(role, ["s3:GetObject"], places, why="The pointer, and whether it counts.")
        # So that what was not superseded is 404, and not an access denied.
        allow(role, ["s3:ListBucket"], [storage.models.bucket_arn], why="Key names only.")
        allow(role, ["kms:VerifyMac"], [storage.pointer_key.key_arn], why="One key.")
        changes = ["lambda:UpdateFunctionConfiguration", "lambda:PublishVersion"]
        allow(role, changes, [function], why=ONE_FUNCTION)
        moves = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetFunctionConfiguration"]
        allow(role, moves, [function, f"{function}:*"], why=ONE_FUNCTION)
