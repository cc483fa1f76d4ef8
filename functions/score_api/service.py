"""What the routes work with: the model in use, and the places where things are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from credit_scoring.aws.storage import S3Store, Store, open_store
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.stored.profiles import ProfileTable
from credit_scoring.stored.pseudonyms import Pseudonyms, open_pseudonyms
from credit_scoring.stored.score_records import RecordStream

from functions.score_api.http.outcomes import note_model_failure
from functions.score_api.model.serving_model import ServingModel

if TYPE_CHECKING:
    from credit_scoring.audit_trail.decision_log import TrailTable
    from credit_scoring.stored.applicant_lists import CachedLists
    from credit_scoring.stored.batches import BatchTable
    from credit_scoring.stored.cases import CachedCases, CaseTable


@dataclass(frozen=True)
class Service:
    """models : bundles; uploads : the bucket that branches write to; results : scored files
    records : where scores are told for drift
    batches_table : of which files were received and how far each one is
    lists_store : files of the lists of applicants; cases_table : of who works on which
    decisions_table : of the trail; lender : who signs letters, and its local time
    pseudonyms : what stands for an applicant in a record
    reports : of drift; queues : addresses of those of what failed, by name
    recent : what was found out a moment ago, with when, by who asks
    """

    model: ServingModel
    models: Store
    profiles: ProfileTable
    uploads: S3Store
    results: S3Store
    records: RecordStream
    batches_table: str
    lists_store: Store
    cases_table: str
    decisions_table: str
    lender: LenderSettings
    pseudonyms: Pseudonyms
    reports: S3Store
    queues: Mapping[str, str]
    recent: dict[str, Any] = field(default_factory=dict)

    # Made, and their modules imported, when first asked for: no score needs them.

    @cached_property
    def lists(self) -> "CachedLists":
        """Of applicants, as columns."""
        from credit_scoring.stored.applicant_lists import (  # noqa: PLC0415
            ApplicantLists,
            CachedLists,
        )

        return CachedLists(ApplicantLists(self.lists_store))

    @cached_property
    def batches(self) -> "BatchTable":
        """Which files were received and how far each one is."""
        from credit_scoring.stored.batches import BatchTable  # noqa: PLC0415

        return BatchTable(self.batches_table)

    @cached_property
    def decisions(self) -> "TrailTable":
        """The trail."""
        from credit_scoring.audit_trail.decision_log import TrailTable  # noqa: PLC0415

        return TrailTable(self.decisions_table)

    @cached_property
    def cases(self) -> "CaseTable":
        """Who works on which application, and what was decided."""
        from credit_scoring.stored.cases import CaseTable  # noqa: PLC0415

        return CaseTable(self.cases_table)

    @cached_property
    def cases_seen(self) -> "CachedCases":
        """The same as far as lists need it: what this process knows of it."""
        from credit_scoring.stored.cases import CachedCases  # noqa: PLC0415

        return CachedCases(self.cases)


def open_service(environment: Mapping[str, str]) -> Service:
    """Raises KeyError when the deployment forgot to name a place."""
    models = open_store(environment["MODELS_URL"])
    return Service(
        model=ServingModel(models, on_failure=note_model_failure),
        models=models,
        profiles=ProfileTable(environment["PROFILES_TABLE"]),
        uploads=S3Store(environment["UPLOADS_BUCKET"], ""),
        results=_s3(environment["RESULTS_URL"]),
        records=RecordStream(environment["RECORD_STREAM"]),
        batches_table=environment["BATCHES_TABLE"],
        lists_store=open_store(environment["LISTS_URL"]),
        cases_table=environment["CASES_TABLE"],
        decisions_table=environment["DECISIONS_TABLE"],
        lender=LenderSettings.of_environment(environment),
        pseudonyms=open_pseudonyms(environment),
        reports=_s3(environment["REPORTS_URL"]),
        queues=_queues(environment),
    )


def _queues(environment: Mapping[str, str]) -> dict[str, str]:
    """Those that the deployment names: <NAME>_FAILURES_QUEUE, such as batch."""
    ending = "_FAILURES_QUEUE"
    named = [name for name in environment if name.endswith(ending)]
    return {name.removesuffix(ending).lower(): environment[name] for name in sorted(named)}


def _s3(url: str) -> S3Store:
    """A place whose files are also given out by address."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    return S3Store(bucket, f"{prefix}/")
