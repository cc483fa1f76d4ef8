"""A file on this machine, scored as the cloud scores it, without any cloud.

    python -m functions.batch_scorer FILE --models DIR --out DIR [--language fr|en] [--branch NAME]

Results, receipts and records lie under OUT as they do in the results bucket. A rejects file that
was repaired and is scored with the same OUT completes the receipt of its original.
"""

import argparse
import hashlib
import math
import os
import secrets
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from credit_scoring.aws.storage import FolderStore
from credit_scoring.errors import BatchNotFound, CreditScoringError
from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.registry.champion import Champion, read_champion
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.batches import BRANCH_ALLOWED, BatchRecord, BatchTable, is_branch
from credit_scoring.stored.profiles import Profile, ProfileTable
from credit_scoring.stored.pseudonyms import Pseudonyms
from tqdm import tqdm

from functions.batch_scorer.batch_resources import LANGUAGE, BatchResources
from functions.batch_scorer.run import score_upload
from functions.batch_scorer.upload import Upload


class NoProfiles(ProfileTable):
    """Knows nobody and keeps nobody."""

    def get_many(self, applicant_ids: Sequence[str]) -> dict[str, Profile]:  # noqa: ARG002
        return {}

    def put_many(self, profiles: Sequence[Profile]) -> None:
        """Nothing of an applicant stays on this machine but the results."""


@dataclass(frozen=True)
class ProgressBar(BatchTable):
    """Shows what the table of batches would be told."""

    bar: Any = field(default_factory=lambda: tqdm(unit=" rows", file=sys.stderr))

    def get(self, branch: str, batch: str) -> BatchRecord:  # noqa: ARG002
        raise BatchNotFound(batch)

    def put_queued(self, record: BatchRecord) -> None:
        pass

    def start(self, record: BatchRecord) -> None:
        self.bar.total = record.rows
        self.bar.refresh()

    def add_done(self, record: BatchRecord, *, rows: int) -> None:  # noqa: ARG002
        self.bar.update(rows)

    def finish(self, record: BatchRecord) -> None:
        self.bar.update(record.rows - self.bar.n)  # what an earlier try had done
        self.bar.close()

    def set_open_rejects(self, branch: str, batch: str, count: int) -> None:  # noqa: ARG002
        tqdm.write(f"{batch}: {count} rejected lines are still open", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    models = FolderStore(asked.models)
    try:
        upload = _as_upload(asked.file, asked.branch, asked.language, read_champion(models))
        manifest = _score(upload, models, asked)
    except CreditScoringError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{asked.out} cannot take the results: {error.strerror}.", file=sys.stderr)
        return 1
    print(_told(manifest, asked.out / "scored" / upload.folder))
    return 0 if manifest["status"] == "finished" else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m functions.batch_scorer", description="Score a file on this machine."
    )
    parser.add_argument("file", type=Path, help="a CSV as a branch sends it, packed or not")
    parser.add_argument("--models", type=Path, required=True, help="folder with a champion")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGE)
    parser.add_argument("--branch", type=_branch, default="local", help="whose file it is")
    return parser


def _branch(text: str) -> str:
    if not is_branch(text):
        raise argparse.ArgumentTypeError(f"give {BRANCH_ALLOWED}")
    return text


def _score(upload: Upload, models: FolderStore, asked: argparse.Namespace) -> dict[str, Any]:
    work = asked.out / "work"
    with ExitStack() as stack:
        table = ProgressBar("")
        stack.callback(table.bar.close)
        resources = BatchResources(
            uploads=FolderStore(asked.file.parent),
            results=FolderStore(asked.out / "scored"),
            records=FolderStore(asked.out / "records"),
            lists=ApplicantLists(FolderStore(work / upload.digest / "lists")),
            work=FolderStore(work),
            models=models,
            profiles=NoProfiles(""),
            batches=table,
            language=asked.language,
            # Nobody outside this run can link its records.
            pseudonyms=Pseudonyms(secrets.token_hex()),
            memory_mb=0,
        )
        manifest = score_upload(upload, resources, lambda: math.inf)
    shutil.rmtree(work / upload.digest, ignore_errors=True)
    assert manifest is not None  # nothing but a state machine goes on elsewhere
    return manifest


def _as_upload(file: Path, branch: str, language: str, champion: Champion) -> Upload:
    """The version is the content, the model and the language: other ones have other results."""
    try:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            at = os.fstat(content.fileno()).st_mtime
    except OSError as error:
        sys.exit(f"{file}: {error.strerror}")
    return Upload(
        bucket="",
        key=file.name,
        version_id=f"{digest[:12]}-{champion.version}-{language}",
        branch=branch,
        filename=file.name,
        at=datetime.fromtimestamp(at, UTC),
    )


def _told(manifest: dict[str, Any], folder: Path) -> str:
    if manifest["status"] == "failed":
        return f"Not scored: {manifest['detail'][manifest['language']]}"
    seconds = manifest["durations"]["total"]
    ignored = manifest["ignored_columns"]
    counted = f"\nIgnored, because the contract does not know them: {', '.join(ignored)}"
    return (
        f"{manifest['rows']:,} rows: {manifest['scored']:,} scored, {manifest['rejected']:,} "
        f"rejected, in {seconds:.1f} s{counted if ignored else ''}\n{folder}"
    )


if __name__ == "__main__":
    sys.exit(main())
