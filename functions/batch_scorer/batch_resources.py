"""Where a batch comes from, and where it leaves what it makes."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.aws.storage import S3Store, Store, open_store
from credit_scoring.errors import AlreadyExists, StorageUnavailable
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.registry.bundle import load_model
from credit_scoring.scoring import Model
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.batches import BatchTable
from credit_scoring.stored.profiles import ProfileTable
from credit_scoring.stored.pseudonyms import Pseudonyms, open_pseudonyms

from functions.batch_scorer.upload import Upload

MEMORY_MB = 2048
LANGUAGE = "fr"
# What a chunk's columns and results take stays within a few dozen MB.
CHUNK_ROWS, CHUNK_BYTES = 5_000, 16 * 2**20
# A few minutes of one processor; more chunks are worth more processors.
INLINE_CHUNKS = 40


@dataclass(frozen=True)
class BatchResources:
    """results, work, records, models : files by key; profiles, batches : tables

    lists : what the page's list of applicants reads
    pseudonyms : what stands for applicants in records
    uploads : where files come from; None: the bucket that an event names
    event_bus : who is told of the end ("": nobody); state_machine : who drives a big file ("": we)
    language : of files that do not name theirs; lender : its local time
    memory_mb : what an invocation pays for, 0 for none
    chunk_rows : most rows that are scored together; inline_chunks : what one invocation takes on
    """

    results: Store
    work: Store
    records: Store
    lists: ApplicantLists
    models: Store
    profiles: ProfileTable
    batches: BatchTable
    pseudonyms: Pseudonyms
    uploads: Store | None = None
    event_bus: str = ""
    state_machine: str = ""
    language: str = LANGUAGE
    lender: LenderSettings = field(default_factory=LenderSettings)
    memory_mb: int = MEMORY_MB
    chunk_rows: int = CHUNK_ROWS
    inline_chunks: int = INLINE_CHUNKS

    def uploads_of(self, upload: Upload) -> Store:
        return self.uploads or S3Store(upload.bucket, "")

    def model(self, version: str, sha256: str) -> Model:
        return _load(self.models, version, sha256)  # type: ignore[arg-type]  # can be hashed

    def tell(self, kind: str, detail: Mapping[str, Any]) -> None:
        """Put an event on the bus. Raises StorageError."""
        if self.event_bus:
            _put_event(self.event_bus, kind, detail)

    def start_machine(self, name: str, task: Mapping[str, Any]) -> None:
        """Hand a task to the state machine; one that has it already goes on."""
        content = json.dumps(task, separators=(",", ":"))  # at most 262,144 bytes are taken
        with suppress(AlreadyExists), translated("start_execution", self.state_machine):
            client("stepfunctions").start_execution(
                stateMachineArn=self.state_machine, name=name, input=content
            )


def open_resources(environment: Mapping[str, str]) -> BatchResources:
    """Raises KeyError when the deployment forgot to name a place.

    STATE_MACHINE_ARN may be missing: then every file is scored where its event arrives.
    BATCH_CHUNK_ROWS and BATCH_INLINE_CHUNKS are for tests, whose files are small.
    """
    return BatchResources(
        results=open_store(environment["RESULTS_URL"]),
        work=open_store(environment["WORK_URL"]),
        records=open_store(environment["RECORDS_URL"]),
        lists=ApplicantLists(open_store(environment["LISTS_URL"])),
        models=open_store(environment["MODELS_URL"]),
        profiles=ProfileTable(environment["PROFILES_TABLE"]),
        batches=BatchTable(environment["BATCHES_TABLE"]),
        event_bus=environment["EVENT_BUS"],
        state_machine=environment.get("STATE_MACHINE_ARN", ""),
        language=environment.get("DEFAULT_LANGUAGE", LANGUAGE),
        lender=LenderSettings.of_environment(environment),
        pseudonyms=open_pseudonyms(environment),
        memory_mb=int(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY_MB)),
        chunk_rows=int(environment.get("BATCH_CHUNK_ROWS", CHUNK_ROWS)),
        inline_chunks=int(environment.get("BATCH_INLINE_CHUNKS", INLINE_CHUNKS)),
    )


@lru_cache(maxsize=2)
def _load(models: Store, version: str, sha256: str) -> Model:
    return load_model(models, version, sha256=sha256)


def _put_event(bus: str, kind: str, detail: Mapping[str, Any]) -> None:
    entry = {
        "EventBusName": bus,
        "Source": "credit-scoring",
        "DetailType": kind,
        "Detail": json.dumps(detail, ensure_ascii=False),
    }
    with translated("put_events", bus):
        answer = client("events").put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        raise StorageUnavailable("put_events", answer["Entries"][0].get("ErrorCode", "unknown"))
