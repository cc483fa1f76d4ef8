"""Where the canary finds what it checks."""

from collections.abc import Mapping
from dataclasses import dataclass

from credit_scoring.aws.storage import S3Store, Store, open_store
from credit_scoring.lender_settings import LenderSettings

from functions.canary.business_hours import BusinessHours, read_business_hours


@dataclass(frozen=True)
class Places:
    """models : bundles; uploads, results : by key; api_url, token_url : as a machine knows them

    client_id, client_secret : of the canary's own client, the latter where it lies
    outage_alarm : that of an API that is down
    hours : when scores are expected; lender : its local time
    """

    models: Store
    uploads: S3Store
    results: Store
    api_url: str
    token_url: str
    client_id: str
    client_secret: str
    outage_alarm: str
    hours: BusinessHours
    lender: LenderSettings


def open_places(environment: Mapping[str, str]) -> Places:
    """Raises KeyError when the deployment forgot to name a place."""
    return Places(
        models=open_store(environment["MODELS_URL"]),
        uploads=S3Store(environment["UPLOADS_BUCKET"], ""),
        results=open_store(environment["RESULTS_URL"]),
        api_url=environment["API_URL"],
        token_url=environment["TOKEN_URL"],
        client_id=environment["CANARY_CLIENT_ID"],
        client_secret=environment["CANARY_SECRET"],
        outage_alarm=environment["OUTAGE_ALARM"],
        hours=read_business_hours(environment["BUSINESS_HOURS"], environment["CLOSED_DAYS"]),
        lender=LenderSettings.of_environment(environment),
    )
