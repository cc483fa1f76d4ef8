"""Straight through the storage, as a branch's own system with AWS credentials does."""

import json
from dataclasses import dataclass
from typing import BinaryIO

from credit_scoring.aws.storage import ONCE, S3Store
from credit_scoring.errors import CreditScoringError, ObjectNotFound

from functions.score_api.answers.file_names import content_type, unique_name
from infra.upload import web
from infra.upload.errors import ServiceRefused
from infra.upload.transports import RESULTS, BatchStanding, Parcel

SECONDS = 3600
# S3's name for the only version that a bucket without versions keeps.
UNVERSIONED = "null"


@dataclass(frozen=True)
class StorageCarrier:
    """uploads, results : the buckets; the credentials are the environment's"""

    uploads: S3Store
    results: S3Store

    def prepare(self) -> None:
        """Credentials are looked for when they are needed."""

    def send(self, parcel: Parcel, body: BinaryIO) -> str:
        """By an address that is signed here: what sends it is then the same for everybody."""
        name = unique_name(parcel.path.name)
        key, kind = f"uploads/{parcel.branch}/{name}", content_type(name)
        metadata = {"language": parcel.language} if parcel.language else {}
        try:
            url = self.uploads.presigned_put(
                key, content_type=kind, size=parcel.size, seconds=SECONDS, metadata=metadata
            )
        except CreditScoringError as error:
            raise _refused(error) from None
        signed = {f"x-amz-meta-{name}": value for name, value in metadata.items()}
        answer = web.put(url, {"Content-Type": kind, **ONCE, **signed}, body, size=parcel.size)
        return f"{parcel.branch}/{name}/{answer.headers.get('x-amz-version-id', UNVERSIONED)}"

    def look(self, batch: str) -> BatchStanding:
        """How far a batch is stands in a table that branches do not read: it is waited for."""
        try:
            manifest = json.loads(self.results.read(f"{batch}/{RESULTS['manifest']}"))
        except ObjectNotFound:
            return BatchStanding("waiting")
        except CreditScoringError as error:
            raise _refused(error) from None
        is_finished = manifest["status"] == "finished"
        links = {
            name: self._link(f"{batch}/{file}")
            for name, file in RESULTS.items()
            if is_finished or name == "manifest"
        }
        return BatchStanding(manifest["status"], manifest=manifest, links=links)

    def fetch(self, link: str, into: BinaryIO) -> None:
        web.fetch(link, into)

    def _link(self, key: str) -> str:
        name = key.rpartition("/")[2]
        return self.results.presigned_get(key, filename=name, seconds=SECONDS)


def _refused(error: Exception) -> ServiceRefused:
    return ServiceRefused(f"The storage refused: {error}. Are the AWS credentials the branch's?")
