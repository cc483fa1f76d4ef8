"""What stays of the scored applicants: their profiles, and pseudonymous records for drift."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION, HISTORY
from credit_scoring.scoring import Scores
from credit_scoring.stored.profiles import Profile
from credit_scoring.stored.score_records import save_records

from functions.batch_scorer.batch_resources import BatchResources
from functions.batch_scorer.upload import Upload

# DynamoDB counts a write by the KB.
WRITE_UNIT_BYTES = 1024


def keep_profiles(
    applicants: Applicants, known: Mapping[str, Profile], upload: Upload, resources: BatchResources
) -> int:
    """Keep what was scored, so that the advisor sees the score that the branch got.

    A newer application stays: S3 may deliver an old event late. So does one of another branch,
    whose applicants no file can take over. Returns the write units that this took, about.
    """
    profiles = [
        profile
        for profile in _profiles(applicants, known, upload)
        if not _is_newer(known, than=profile) and not _is_elsewhere(known, profile)
    ]
    resources.profiles.put_many(profiles)
    return len(profiles) * _write_units(profiles[0]) if profiles else 0


def keep_records(
    ids: list[str], scores: Scores, upload: Upload, number: int, resources: BatchResources
) -> None:
    save_records(
        resources.records,
        scores,
        applicants=resources.pseudonyms.of(ids),
        source="batch",
        day=resources.lender.local(upload.at).date(),
        name=f"{upload.digest[:32]}-{number:05}",
    )


def _profiles(
    applicants: Applicants, known: Mapping[str, Profile], upload: Upload
) -> Iterator[Profile]:
    rows = zip(
        applicants.ids,
        applicants.records(APPLICATION),
        applicants.records(HISTORY),
        strict=True,
    )
    brought = applicants.columns.keys() & HISTORY.keys()
    for applicant_id, application, sent in rows:
        old = known.get(applicant_id)
        before = old.history if old else {}
        yield Profile(
            applicant_id=applicant_id,
            branch=upload.branch,
            application=application,
            # A column that the file does not bring says nothing against what was known.
            history={name: v for name, v in before.items() if name not in brought} | sent,
            updated_at=upload.at.isoformat(),
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


def _write_units(profile: Profile) -> int:
    item = profile.to_item()
    size = sum(len(name) + len(value["S"]) for name, value in item.items())
    return -(-size // WRITE_UNIT_BYTES)
