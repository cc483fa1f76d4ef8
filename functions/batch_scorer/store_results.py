"""What stays of the scored applicants: profiles, their place in lists, and records for drift."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION, HISTORY
from credit_scoring.scoring import Scores
from credit_scoring.stored.listed_scores import list_rows
from credit_scoring.stored.packed_rows import pack_applicants
from credit_scoring.stored.profiles import Profile
from credit_scoring.stored.score_records import (
    CANARY,
    Origin,
    Purpose,
    save_chunk,
    save_refusals,
)

from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.plan import BatchPlan
from functions.batch_scorer.upload import Upload

# DynamoDB counts a write by the KB.
WRITE_UNIT_BYTES = 1024


@dataclass(frozen=True)
class ChunkName:
    """Under which what is kept of a chunk is written, and written again after a kill."""

    plan: BatchPlan
    number: int

    @property
    def upload(self) -> Upload:
        return self.plan.upload

    @property
    def name(self) -> str:
        return f"{self.upload.digest[:32]}-{self.number:05}"


def keep_profiles(
    applicants: Applicants,
    completed: Applicants,
    scores: Scores,
    known: Mapping[str, Profile],
    chunk: ChunkName,
    resources: BatchResources,
) -> int:
    """Keep what was sent, and what is known of past credits, so that the advisor sees the score
    that the branch got.

    A newer application stays: S3 may deliver an old event late. So does one of another branch,
    whose applicants no file can take over; the canary's are nobody. Returns the write units
    that this took, about.
    """
    upload = chunk.upload
    if upload.is_canary:
        return 0
    profiles = list(_profiles(applicants, completed, upload))
    kept = [
        row
        for row, profile in enumerate(profiles)
        if not _is_newer(known, than=profile) and not _is_elsewhere(known, profile)
    ]
    resources.profiles.put_many([profiles[row] for row in kept])
    rows = list_rows(
        applicants,
        scores,
        branches=[upload.branch] * len(applicants),
        updated=[upload.at] * len(applicants),
        scored=datetime.now(UTC),
    )
    ids = np.array([applicants.ids[row].encode() for row in kept] or [b""])
    resources.lists.add(upload.branch, chunk.name, rows.take(np.isin(rows.ids, ids)))
    return _write_units([profiles[row] for row in kept])


def keep_records(
    applicants: Applicants, scores: Scores, chunk: ChunkName, resources: BatchResources
) -> None:
    """applicants : completed, as they were scored"""
    save_chunk(
        resources.records,
        applicants,
        scores,
        origin_of(chunk.plan, resources),
        pseudonyms=resources.pseudonyms.of(applicants.ids),
        name=chunk.name,
    )


def keep_refusals(
    causes: Counter[tuple[str, str]], plan: BatchPlan, resources: BatchResources
) -> None:
    """causes : (cause, column) of rejected lines, and how often"""
    refused = [(*key, count) for key, count in sorted(causes.items())]
    origin, name = origin_of(plan, resources), plan.upload.digest[:32]
    save_refusals(resources.records, refused, origin, name=name)


def origin_of(plan: BatchPlan, resources: BatchResources) -> Origin:
    upload = plan.upload
    return Origin(
        at=resources.lender.local(upload.at),
        source="batch",
        purpose=Purpose.CANARY if upload.branch == CANARY else Purpose.BATCH,
        branch=upload.branch,
        file=upload.digest[:32],
        content=plan.content,
    )


def _profiles(applicants: Applicants, completed: Applicants, upload: Upload) -> Iterator[Profile]:
    """What past credits tell is kept as it completed the row: the file's own columns, and of the
    others what was known before.
    """
    rows = zip(
        applicants.ids,
        pack_applicants(applicants, APPLICATION),
        pack_applicants(completed, HISTORY),
        strict=True,
    )
    updated_at = upload.at.isoformat()
    for applicant_id, application, history in rows:
        yield Profile(
            applicant_id=applicant_id,
            branch=upload.branch,
            application=application,
            history=history,
            updated_at=updated_at,
            source_file=upload.filename,
        )


def _is_elsewhere(known: Mapping[str, Profile], profile: Profile) -> bool:
    old = known.get(profile.applicant_id)
    return old is not None and old.branch not in ("", profile.branch)


def _is_newer(known: Mapping[str, Profile], *, than: Profile) -> bool:
    """Whether the table holds a later application; a history alone is none."""
    old = known.get(than.applicant_id)
    if old is None or not old.application:
        return False
    return datetime.fromisoformat(old.updated_at) > datetime.fromisoformat(than.updated_at)


def _write_units(profiles: Sequence[Profile]) -> int:
    """Items of a chunk are of two sizes: with past credits, and without."""
    examples = {bool(profile.history): profile for profile in profiles}
    units = {kind: -(-_item_size(each) // WRITE_UNIT_BYTES) for kind, each in examples.items()}
    return sum(units[bool(profile.history)] for profile in profiles)


def _item_size(profile: Profile) -> int:
    return sum(len(name) + len(*value.values()) for name, value in profile.to_item().items())
