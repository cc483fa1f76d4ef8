"""One chunk of a file: read, scored, its applicants kept, its part written."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

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


def score_chunk(plan: BatchPlan, number: int, resources: BatchResources) -> bool:
    """Make the part of one chunk, unless it is there; a damaged one is replaced.

    Returns whether there was anything to do. Whoever is killed before the part is written leaves
    nothing that the next try would not write again. Raises FileRefused when the upload was deleted
    meanwhile, StorageError.
    """
    digest = plan.upload.digest
    condition = write_condition(resources.work, digest, number)
    if condition is None:
        return False
    chunk = plan.chunks[number]
    part = _make_part(plan, chunk, resources)
    if keep_part(resources.work, digest, number, part, condition):
        resources.batches.add_done(batch_record(plan), rows=chunk.records)
    return True


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


def _make_part(plan: BatchPlan, chunk: Chunk, resources: BatchResources) -> Part:
    began = time.monotonic()
    scan = plan.scan
    assert scan is not None  # a plan without one has no chunk
    body = read_chunk_text(plan, chunk, resources)
    found = read_chunk(body, scan, chunk, read_duplicates(plan, chunk, resources.work))
    _check(found, chunk)
    part = Part(
        rejects=_reject_lines(found.refused, scan, plan),
        rejected_lines=tuple(refused.line for refused in found.refused),
        causes=_count_causes(found.refused),
        resolved=_by_batch((batch, line) for batch, line in found.resolves if batch),
        origins=_by_batch(origins(found.refused, scan)),
    )
    if len(found.applicants):
        part = _with_scores(part, plan, chunk, found, resources)
    return replace(part, seconds=round(time.monotonic() - began, 3))


def _check(found: ReadChunk, chunk: Chunk) -> None:
    """No row is lost without a noise."""
    rows = len(found.applicants) + len(found.refused)
    if rows != chunk.records:
        raise RowsUnaccounted(chunk.records, rows)


def _with_scores(
    part: Part, plan: BatchPlan, chunk: Chunk, found: ReadChunk, resources: BatchResources
) -> Part:
    ids = found.applicants.ids
    profiles = resources.profiles.get_many(ids)
    histories = open_histories(profiles, plan.upload.branch.__eq__)
    model = resources.model(plan.model.version, plan.model.sha256)
    completed = complete(found.applicants, histories)
    scores = score_applicants(model, completed)
    name = ChunkName(plan, chunk.number)
    units = keep_profiles(found.applicants, completed, scores, profiles, name, resources)
    keep_records(completed, scores, name, resources)
    return replace(
        part, scores=_score_lines(ids, scores, plan), scored=len(scores), write_units=units
    )


def _score_lines(ids: list[str], scores: Scores, plan: BatchPlan) -> bytes:
    assert plan.scan is not None
    return score_lines(ids, scores, plan.scan.dialect, plan.language)


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
