"""Drift: a container-image function that a daily schedule starts."""

from collections.abc import Mapping

from aws_cdk import Duration, Size, TimeZone
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct
from credit_scoring.metrics import DRIFT_MONITOR

from infra.stack_parts.lambda_functions import (
    KEPT_VERSIONS,
    FunctionRole,
    keep_failures,
    make_dead_letter_queue,
    make_environment,
    make_log_group,
    publish,
)
from infra.stack_parts.settings import StackSettings

NAME = "drift_monitor"
# The metrics that the function writes and the alarms read.
IMAGE_PLATFORMS = {
    "arm64": ecr_assets.Platform.LINUX_ARM64,
    "x86_64": ecr_assets.Platform.LINUX_AMD64,
}


def name_base_image(settings: StackSettings) -> dict[str, str] | None:
    image = settings.drift_base_image
    return {"BASE_IMAGE": image} if image else None


class Drift(Construct):
    """function, alias; failures : runs that did not succeed; schedule : every night."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        schedules: scheduler.ScheduleGroup,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = self._make_function(settings, environment)
        self.alias = publish(self.function)
        self.failures = make_dead_letter_queue(self, "Failures")
        keep_failures(self.alias, self.failures)
        self.schedule = self._make_schedule(schedules)
        # CDK writes the group's name out, which makes no dependency.
        self.schedule.node.add_dependency(schedules)

    def _make_function(
        self, settings: StackSettings, environment: Mapping[str, str]
    ) -> lambda_.DockerImageFunction:
        """An image, because Evidently's packages are 635 MB and a zip may unpack to 250."""
        log_group = make_log_group(self, "Logs")
        return lambda_.DockerImageFunction(
            self,
            "DriftMonitor",
            code=lambda_.DockerImageCode.from_image_asset(
                settings.asset("images", NAME),
                platform=IMAGE_PLATFORMS[settings.architecture],
                build_args=name_base_image(settings),
            ),
            architecture=settings.lambda_architecture,
            # What a new account allows; two vCPUs shorten Evidently's imports and DuckDB's sorting.
            memory_size=3008,
            # A day's records, and what DuckDB puts aside of a week's.
            ephemeral_storage_size=Size.mebibytes(4096),
            timeout=Duration.minutes(15),
            environment=make_environment(DRIFT_MONITOR, environment),
            role=FunctionRole(self, "Role", log_group=log_group),
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE,
            current_version_options=KEPT_VERSIONS,
        )

    def _make_schedule(self, schedules: scheduler.ScheduleGroup) -> scheduler.Schedule:
        """At night, when yesterday's records are complete."""
        return scheduler.Schedule(
            self,
            "Daily",
            schedule=scheduler.ScheduleExpression.cron(
                hour="3", minute="0", time_zone=TimeZone.EUROPE_PARIS
            ),
            schedule_group=schedules,
            target=targets.LambdaInvoke(
                self.alias,
                dead_letter_queue=self.failures,
                retry_attempts=3,
                max_event_age=Duration.hours(2),
            ),
        )
