"""What the operators' routes work with: where alarms, drift and what was given up are found."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from credit_scoring.aws.storage import S3Store, Store, open_store


@dataclass(frozen=True)
class OperatorService:
    """models : bundles; reports : of drift; acknowledged : findings that somebody knows of
    alarm_prefix : how every alarm's name begins; page_topic : ARN of the topic of urgent ones
    api_id : whose traffic it is; dashboard : its name in CloudWatch
    batch_failures, drift_failures : addresses of the queues of what failed
    batch_function : what a batch's event is sent to again; big_files : the state machine's ARN
    promoter : the function that alone may say which version serves
    """

    models: Store
    reports: S3Store
    acknowledged: Store
    alarm_prefix: str
    page_topic: str
    api_id: str
    dashboard: str
    batch_failures: str
    drift_failures: str
    batch_function: str
    big_files: str
    promoter: str


def open_operator_service(environment: Mapping[str, str]) -> OperatorService:
    """Raises KeyError when the deployment forgot to name a place."""
    bucket, _, prefix = environment["REPORTS_URL"].removeprefix("s3://").partition("/")
    return OperatorService(
        models=open_store(environment["MODELS_URL"]),
        reports=S3Store(bucket, f"{prefix}/"),
        acknowledged=open_store(environment["ACKNOWLEDGED_URL"]),
        alarm_prefix=environment["ALARM_PREFIX"],
        page_topic=environment["PAGE_TOPIC"],
        api_id=environment["API_ID"],
        dashboard=environment["DASHBOARD"],
        batch_failures=environment["FAILED_BATCHES_QUEUE"],
        drift_failures=environment["FAILED_DRIFT_RUNS_QUEUE"],
        batch_function=environment["BATCH_FUNCTION"],
        big_files=environment["BIG_FILES"],
        promoter=environment["PROMOTER"],
    )


def cloudwatch_address(place: str) -> str | None:
    """Where AWS's console shows the same; None on an emulator, which has no console.

    place : as the console's own addresses name it, such as dashboards:name=credit-scoring
    """
    if os.environ.get("AWS_ENDPOINT_URL"):
        return None
    region = os.environ["AWS_REGION"]
    return f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#{place}"
