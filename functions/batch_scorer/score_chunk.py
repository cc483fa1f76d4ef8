"""One chunk of a file: read, scored, its applicants kept, its part written."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from credit_scoring.aws.http_calls import within_limit
from credit_scoring.contract.completion import complete
from credit_scoring.errors import RowsUnaccounted
from credit_scoring.reading.chunk import ReadChunk, Refused, read_chunk
from credit_scoring.reading.rejects import reject_line
from credit_scoring.reading.scan import Chunk, Scan
from credit_scoring.scoring import Scores, score_applicants
from credit_scoring.stored.batches import BatchRecord
from credit_scoring.stored.profiles import open_histories

from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.origins import origins
from functions.batch_scorer.part import Part, keep_part, write_condition
from functions.batch_scorer.plan import BatchPlan, read_chunk_text, read_duplicates
from functions.batch_scorer.score_lines import score_lines
from functions.batch_scorer.store_results import ChunkName, keep_profiles, keep_records


@dataclass(frozen=True)
class ChunkUnderway:
    """A chunk that is scored, while what stays of its applicants is being written.

    condition : under which its part may be; kept : the write units that the profiles take
    """

    plan: BatchPlan
    chunk: Chunk
    part: Part
    condition: Mapping[str, Any]
    kept: Future[int]

    def finish(self, resources: BatchResources) -> None:
        """Write the part, the last of all. Raises StorageError, for what was being written too."""
        began = time.monotonic()
        units = self.kept.result()
        seconds = self.part.seconds + time.monotonic() - began
        part = replace(self.part, write_units=units, seconds=round(seconds, 3))
        digest = self.plan.upload.digest
        if keep_part(resources.work, digest, self.chunk.number, part, self.condition):
            resources.batches.add_done(batch_record(self.plan), rows=self.chunk.records)


def score_chunk(plan: BatchPlan, number: int, resources: BatchResources) -> None:
    """Make the part of one chunk, unless it is there; a damaged one is replaced.

    Whoever is killed before the part is written leaves nothing that the next try would not write
    again. Raises FileRefused when the upload was deleted meanwhile, StorageError.
    """
    with ThreadPoolExecutor(1) as keeper:
        if underway := begin_chunk(plan, number, resources, keeper):
            underway.finish(resources)


def begin_chunk(
    plan: BatchPlan, number: int, resources: BatchResources, keeper: Executor
) -> ChunkUnderway | None:
    """Score one chunk; None when its part is there. Raises as `score_chunk` does.

    keeper : writes what stays of the applicants, meanwhile
    """
    condition = write_condition(resources.work, plan.upload.digest, number)
    if condition is None:
        return None
    began = time.monotonic()
    scan, chunk = plan.scan, plan.chunks[number]
    assert scan is not None  # a plan without one has no chunk
    body = read_chunk_text(plan, chunk, resources)
    found = read_chunk(body, scan, chunk, read_duplicates(plan, chunk, resources.work))
    _check(found, chunk)
    scores, kept = _score(plan, chunk, found, resources, keeper)
    part = Part(
        scores=score_lines(found.applicants.ids, scores, scan.dialect, plan.language),
        rejects=_reject_lines(found.refused, scan, plan),
        scored=len(scores),
        rejected_lines=tuple(refused.line for refused in found.refused),
        causes=_count_causes(found.refused),
        resolved=_by_batch((batch, line) for batch, line in found.resolves if batch),
        origins=_by_batch(origins(found.refused, scan)),
        seconds=time.monotonic() - began,
    )
    return ChunkUnderway(plan, chunk, part, condition, kept)


def batch_record(plan: BatchPlan) -> BatchRecord:
    """How the batch stands before its first chunk."""
    upload = plan.upload
    return BatchRecord(
        branch=upload.branch,
        batch=upload.batch,
        received_at=upload.at.isoformat(),
        digest=upload.digest,
        rows=plan.scan.rows if plan.scan else 0,
        model_version=plan.model.version,
    )


def _check(found: ReadChunk, chunk: Chunk) -> None:
    """No row is lost without a noise."""
    rows = len(found.applicants) + len(found.refused)
    if rows != chunk.records:
        raise RowsUnaccounted(chunk.records, rows)


def _score(
    plan: BatchPlan, chunk: Chunk, found: ReadChunk, resources: BatchResources, keeper: Executor
) -> tuple[Scores, Future[int]]:
    profiles = resources.profiles.get_many(found.applicants.ids)
    histories = open_histories(profiles, plan.upload.branch.__eq__)
    completed = complete(found.applicants, histories)
    model = resources.model(plan.model.version, plan.model.sha256)
    name = ChunkName(plan, chunk.number)

    def keep(scores: Scores) -> int:
        if not len(scores):
            return 0
        keep_records(completed, scores, name, resources)
        return keep_profiles(found.applicants, completed, scores, profiles, name, resources)

    scores = score_applicants(model, completed)
    return scores, keeper.submit(within_limit(keep), scores)


def _reject_lines(refused: Iterable[Refused], scan: Scan, plan: BatchPlan) -> bytes:
    batch, language = plan.upload.batch, plan.language
    return b"".join(reject_line(scan, one, batch=batch, language=language) for one in refused)


def _count_causes(refused: Iterable[Refused]) -> tuple[tuple[str, str, int], ...]:
    firsts = Counter((one.problems[0].cause, one.problems[0].field) for one in refused)
    return tuple((cause, column, count) for (cause, column), count in sorted(firsts.items()))


def _by_batch[Line](pairs: Iterable[tuple[str, Line]]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    for batch, line in pairs:
        lines[batch].append(line)
    return dict(sorted(lines.items()))
