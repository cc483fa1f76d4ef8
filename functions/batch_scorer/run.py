"""One file from its arrival to its end, in as many invocations as that takes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from credit_scoring.errors import BatchNotFound, OutOfTime
from credit_scoring.reading.file_refused import FileRefused
from credit_scoring.stored.batches import BatchRecord

from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.finish import announce, finish, read_manifest
from functions.batch_scorer.manifest import is_big
from functions.batch_scorer.plan import BatchPlan, plan_upload
from functions.batch_scorer.score_chunk import ChunkUnderway, batch_record, begin_chunk
from functions.batch_scorer.upload import Upload

# What assembling the results of a file that one invocation scores takes at most.
MARGIN_MS = 60_000


def score_upload(
    upload: Upload, resources: BatchResources, remaining_ms: Callable[[], float]
) -> dict[str, Any] | None:
    """Bring one upload to its end, from wherever an earlier invocation left it.

    Returns the receipt; None when the batch was over before, or a state machine goes on with it.
    Raises CreditScoringError: OutOfTime and what storage says; the event is then tried again.
    """
    if _is_over(upload, resources):
        return None
    if manifest := read_manifest(upload, resources):
        announce(manifest, upload, resources)
        return manifest
    plan = plan_upload(upload, resources)
    resources.batches.start(batch_record(plan))
    if is_big(plan, resources):
        resources.start_machine(upload.digest, machine_task(plan))
        return None
    score_chunks(plan, resources, remaining_ms)
    return finish(plan, resources)


def machine_task(plan: BatchPlan) -> dict[str, Any]:
    """What the state machine is told."""
    numbers = [chunk.number for chunk in plan.chunks]
    return {"digest": plan.upload.digest, "upload": plan.upload.to_json(), "chunks": numbers}


def score_chunks(
    plan: BatchPlan, resources: BatchResources, remaining_ms: Callable[[], float]
) -> None:
    """Every chunk that is not scored yet, at least one. Raises OutOfTime between two chunks.

    While what stays of one is written, the next one is scored: neither waits for the other.
    """
    underway: ChunkUnderway | None = None
    worked = False
    # The upload may be deleted meanwhile; finishing will tell.
    with suppress(FileRefused), ThreadPoolExecutor(1) as keeper:
        try:
            for chunk in plan.chunks:
                if worked and remaining_ms() < MARGIN_MS:
                    raise OutOfTime(len(plan.chunks) - chunk.number)
                before, underway = underway, begin_chunk(plan, chunk.number, resources, keeper)
                worked |= underway is not None
                if before:
                    before.finish(resources)
        finally:
            if underway:
                underway.finish(resources)


def _is_over(upload: Upload, resources: BatchResources) -> bool:
    try:
        return resources.batches.get(upload.branch, upload.batch).is_over
    except BatchNotFound:
        received_at = upload.at.isoformat()
        record = BatchRecord(upload.branch, upload.batch, received_at, digest=upload.digest)
        resources.batches.put_queued(record)
        return False
