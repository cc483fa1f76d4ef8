"""One chunk of a file: read, scored, its applicants kept, its part written."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from credit_scoring.errors import RowsUnaccounted
from credit_scoring.scoring import Scores, score_applicants
from credit_scoring.stored.batches import BatchRecord

from functions.batch_scorer.keeping import keep_profiles, keep_records, own_histories
from functions.batch_scorer.origins import origins
from functions.batch_scorer.part import Part, keep_part, vacancy
from functions.batch_scorer.places import Places
from functions.batch_scorer.plan import Plan, read_chunk_text, read_duplicates
from functions.batch_scorer.reading.chunk import ReadChunk, Refused, read_chunk
from functions.batch_scorer.reading.rejects import reject_line
from functions.batch_scorer.reading.survey import Chunk, Survey
from functions.batch_scorer.score_lines import score_lines


def score_chunk(plan: Plan, number: int, places: Places) -> bool:
    """Make the part of one chunk, unless it is there; a damaged one is replaced.

    Returns whether there was anything to do. Whoever is killed before the part is written leaves
    nothing that the next try would not write again. Raises FileRefused when the upload was deleted
    meanwhile, StorageError.
    """
    digest = plan.upload.digest
    condition = vacancy(places.work, digest, number)
    if condition is None:
        return False
    chunk = plan.chunks[number]
    part = _make_part(plan, chunk, places)
    if keep_part(places.work, digest, number, part, condition):
        places.batches.add_done(batch_record(plan), rows=chunk.records)
    return True


def batch_record(plan: Plan) -> BatchRecord:
    """How the batch stands before its first chunk."""
    upload = plan.upload
    return BatchRecord(
        branch=upload.branch,
        batch=upload.batch,
        received_at=upload.at.isoformat(),
        digest=upload.digest,
        rows=plan.survey.rows if plan.survey else 0,
        model_version=plan.model.version,
    )


def _make_part(plan: Plan, chunk: Chunk, places: Places) -> Part:
    began = time.monotonic()
    survey = plan.survey
    assert survey is not None  # a plan without one has no chunk
    body = read_chunk_text(plan, chunk, places)
    found = read_chunk(body, survey, chunk, read_duplicates(plan, chunk, places.work))
    _check(found, chunk)
    part = Part(
        rejects=_reject_lines(found.refused, survey, plan),
        rejected_lines=tuple(refused.line for refused in found.refused),
        causes=_count_causes(found.refused),
        resolved=_by_batch((batch, line) for batch, line in found.resolves if batch),
        origins=_by_batch(origins(found.refused, survey)),
    )
    if len(found.applicants):
        part = _with_scores(part, plan, chunk, found, places)
    return replace(part, seconds=round(time.monotonic() - began, 3))


def _check(found: ReadChunk, chunk: Chunk) -> None:
    """No row is lost without a noise."""
    rows = len(found.applicants) + len(found.refused)
    if rows != chunk.records:
        raise RowsUnaccounted(chunk.records, rows)


def _with_scores(part: Part, plan: Plan, chunk: Chunk, found: ReadChunk, places: Places) -> Part:
    ids = found.applicants.ids
    profiles = places.profiles.get_many(ids)
    histories = own_histories(profiles, plan.upload.branch)
    model = places.model(plan.model.version, plan.model.sha256)
    scores = score_applicants(model, found.applicants.with_history(histories))
    units = keep_profiles(found.applicants, profiles, plan.upload, places)
    keep_records(scores, plan.upload, chunk.number, places)
    return replace(
        part, scores=_score_lines(ids, scores, plan), scored=len(scores), write_units=units
    )


def _score_lines(ids: list[str], scores: Scores, plan: Plan) -> bytes:
    assert plan.survey is not None
    return score_lines(ids, scores, plan.survey.dialect, plan.language)


def _reject_lines(refused: Iterable[Refused], survey: Survey, plan: Plan) -> bytes:
    batch, language = plan.upload.batch, plan.language
    return b"".join(reject_line(survey, one, batch=batch, language=language) for one in refused)


def _count_causes(refused: Iterable[Refused]) -> tuple[tuple[str, str, int], ...]:
    firsts = Counter((one.problems[0].cause, one.problems[0].field) for one in refused)
    return tuple((cause, column, count) for (cause, column), count in sorted(firsts.items()))


def _by_batch[Line](pairs: Iterable[tuple[str, Line]]) -> dict[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    for batch, line in pairs:
        lines[batch].append(line)
    return dict(sorted(lines.items()))
