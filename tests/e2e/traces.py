"""Every trace of one applicant in a deployed stack, found without the code that deletes them."""

import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from infra.local.demo.target import DeployedStack

TABLES = ("ProfilesTable", "CasesTable", "DecisionsTable", "BatchesTable")
BUCKETS = ("ModelsBucket", "UploadsBucket", "ResultsBucket", "WebsiteBucket", "AccessLogsBucket")


class Traces:
    """applicant_id : whose; pseudonym : uint64, theirs in the records

    What a score rests on is kept under the score's own id: `remember_scores` before they are gone.
    """

    def __init__(self, target: DeployedStack, applicant_id: str, pseudonym: int) -> None:
        self._target = target
        self._signed = pseudonym - 2**64 if pseudonym >= 2**63 else pseudonym
        numbers = {str(pseudonym).encode(), str(self._signed).encode()}
        self._words = {applicant_id.encode(), pseudonym.to_bytes(8, "little"), *numbers}

    def remember_scores(self) -> int:
        found: set[bytes] = set()
        for key, _, _, data in self._objects("ResultsBucket"):
            if key.startswith("records/scores/"):
                ids = read_parquet(data, f"SELECT score_id WHERE applicant = {self._signed}")
                found |= {score_id.encode() for (score_id,) in ids}
        self._words |= found
        return len(found)

    def find(self) -> set[str]:
        """Places: a table, a folder of a bucket, "old" before a folder whose object was replaced,
        a log group.
        """
        return {*self._in_tables(), *self._in_buckets(), *self._in_logs()}

    def _in_tables(self) -> Iterator[str]:
        tables = self._target.access.client("dynamodb")
        for name in TABLES:
            pages = tables.get_paginator("scan").paginate(TableName=self._target.outputs[name])
            if any(self._hold(str(item).encode()) for page in pages for item in page["Items"]):
                yield name.removesuffix("Table").lower()

    def _in_buckets(self) -> Iterator[str]:
        for name in BUCKETS:
            for key, folder, is_latest, data in self._objects(name):
                if key.endswith(".parquet") or self._hold(unpack(data)):
                    if key.endswith(".parquet") and not self._hold_rows(data):
                        continue
                    yield folder if is_latest else f"old {folder}"

    def _objects(self, bucket: str) -> Iterator[tuple[str, str, bool, bytes]]:
        """Key, first part of it, whether it is what is read now, content: of each version."""
        s3, name = self._target.access.client("s3"), self._target.outputs[bucket]
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for item in page.get("Versions", []):
                key, version = item["Key"], item["VersionId"]
                named = {} if version == "null" else {"VersionId": version}
                data = s3.get_object(Bucket=name, Key=key, **named)["Body"].read()
                yield key, key.split("/")[0], item["IsLatest"], data

    def _in_logs(self) -> Iterator[str]:
        logs = self._target.access.client("logs")
        for page in logs.get_paginator("describe_log_groups").paginate():
            for group in page["logGroups"]:
                name = group["logGroupName"]
                events = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
                messages = (e["message"].encode() for found in events for e in found["events"])
                if any(map(self._hold, messages)):
                    yield name

    def _hold(self, data: bytes) -> bool:
        return any(word in data for word in self._words)

    def _hold_rows(self, data: bytes) -> bool:
        rows = read_parquet(data, "SELECT *")
        return any(self._hold(str(row).encode()) for row in rows)


def unpack(data: bytes) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    return data


def read_parquet(data: bytes, select: str) -> list[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        path.write_bytes(data)
        columns, _, condition = select.partition(" WHERE ")
        where = f" WHERE {condition}" if condition else ""
        return duckdb.sql(f"{columns} FROM read_parquet('{path}'){where}").fetchall()
