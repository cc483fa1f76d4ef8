"""Files that are really scored behind the stand-in: the batch function over the same storage.

The page sends them to the storage itself, on another origin, as it does to S3; what came is scored
before the next question about files is answered.
"""

import math
import os
from datetime import UTC, datetime

from credit_scoring.aws.clients import client

from tests.browser.service import Service
from tests.profile_table import make_profile_table

OWNER, BRANCH = "real.office", "paris-01"
# Applicants of these files are in no list of the stand-in's: other tests count those.
PLACES = {
    "WORK_URL": "s3://results/work",
    "EVENT_BUS": "",
    "LISTS_URL": "s3://results/real-lists",
    "PROFILES_TABLE": "real-profiles",
}


class RealFiles:
    """What lies in the uploads of a service, and what became of it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.scored: set[tuple[str, str]] = set()  # key and ETag
        versions = {"Status": "Enabled"}
        client("s3").put_bucket_versioning(Bucket="uploads", VersioningConfiguration=versions)
        make_profile_table(PLACES["PROFILES_TABLE"])

    def score_what_came(self) -> None:
        with self.service.turn:
            for kept in client("s3").list_objects_v2(Bucket="uploads").get("Contents", []):
                version = (kept["Key"], kept["ETag"])
                if version not in self.scored:
                    self.scored.add(version)
                    self._score(kept["Key"])

    def send(self, name: str, body: bytes, *, language: str = "en") -> str:
        """As a branch's own system does; returns what the page calls the file."""
        key = f"uploads/{BRANCH}/{name}"
        client("s3").put_object(
            Bucket="uploads", Key=key, Body=body, Metadata={"language": language}
        )
        self.score_what_came()
        version = client("s3").head_object(Bucket="uploads", Key=key)["VersionId"]
        return f"{BRANCH}/{name}/{version}"

    def content(self, key: str) -> bytes:
        content: bytes = client("s3").get_object(Bucket="uploads", Key=key)["Body"].read()
        return content

    def _score(self, key: str) -> None:
        # Later than the handler's own import: the stand-in starts without a scorer of files.
        from functions.batch_scorer.batch_resources import open_resources
        from functions.batch_scorer.run import score_upload
        from functions.batch_scorer.upload import Upload

        _, branch, filename = key.split("/", 2)
        version = client("s3").head_object(Bucket="uploads", Key=key)["VersionId"]
        upload = Upload("uploads", key, version, branch, filename, datetime.now(UTC))
        score_upload(upload, open_resources(os.environ | PLACES), lambda: math.inf)
