"""Which files were received and how far each one is, in DynamoDB.

    branch, batch    the key; batch is "<file>/<version>"
    kind             "batch" for all, so that the index `recent` lists them by `received_at`;
                     "canary" for the canary's, which are in nobody's list

The record says how a batch stands, for people who wait; what a batch did is in its manifest.
"""

import base64
import json
import re
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.errors import AlreadyExists, BatchNotFound
from credit_scoring.stored.score_records import CANARY

# A branch's name is part of keys: no slash, and nothing that leads elsewhere.
BRANCH_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
BRANCH_ALLOWED = "1 to 32 letters, digits, dots, hyphens or underscores, a letter or digit first"
QUEUED, RUNNING, FINISHED, FAILED = "queued", "running", "finished", "failed"
INDEX, KIND = "recent", "batch"
SECONDS_KEPT = 400 * 86_400
# A branch that was quiet for long is looked for in so many pages; the cursor goes on from there.
MOST_PAGES = 10
_CURSOR = ("branch", "batch", "received_at")
# Before and after everything that `received_at` may be.
_EVER = ("0", "~")
_NUMBERS = ("rows", "rows_done", "scored", "rejected", "open_rejects")


def _kind(record: "BatchRecord") -> str:
    """The index lists files by it: the canary's stand elsewhere."""
    return CANARY if record.branch == CANARY else KIND


def is_branch(text: str) -> bool:
    return re.fullmatch(BRANCH_PATTERN, text) is not None


@dataclass(frozen=True)
class BatchRecord:
    """How one version of one file stands.

    batch : "<file>/<version>"; status : queued, running, finished or failed
    rows_done : rows of the parts that are kept; while a batch runs an estimate, as a worker may be
        killed between keeping a part and counting it
    open_rejects : rejected lines that no resent file has repaired so far
    detail : why the file as a whole failed
    """

    branch: str
    batch: str
    received_at: str
    digest: str = ""
    status: str = QUEUED
    rows: int = 0
    rows_done: int = 0
    scored: int = 0
    rejected: int = 0
    open_rejects: int = 0
    model_version: str = ""
    detail: str = ""
    updated_at: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in (FINISHED, FAILED)

    @classmethod
    def from_item(cls, item: Mapping[str, Mapping[str, str]]) -> "BatchRecord":
        known = {name: item[name] for name in cls.__dataclass_fields__ if name in item}
        values: dict[str, Any] = {name: next(iter(v.values())) for name, v in known.items()}
        values |= {name: int(values[name]) for name in _NUMBERS if name in values}
        if "rows" in values:
            values["rows_done"] = min(values.get("rows_done", 0), values["rows"])
        return cls(**values)


@dataclass(frozen=True)
class Wanted:
    """Which files are listed.

    branches : None: of all; status, name : "" for any; a name may be a part, in any case
    since, before : of `received_at`, ISO 8601 in UTC as far as it goes; open_only : with rejects
        that nothing has repaired
    """

    branches: Collection[str] | None = None
    status: str = ""
    name: str = ""
    since: str = ""
    before: str = ""
    open_only: bool = False

    @property
    def lists(self) -> dict[str, list[str]]:
        """What an attribute must be one of."""
        lists: dict[str, list[str]] = {}
        if self.branches is not None:
            lists["branch"] = sorted(self.branches)
        if self.status:
            lists["status"] = [self.status]
        return lists

    @property
    def narrows(self) -> bool:
        """Whether a page may hold less than what was looked at."""
        return bool(self.lists or self.name or self.open_only)

    def names(self, record: BatchRecord) -> bool:
        return self.name.casefold() in record.batch.partition("/")[0].casefold()


@dataclass(frozen=True)
class BatchPage:
    """items : newest first; cursor : where the next page begins, None at the end"""

    items: list[BatchRecord]
    cursor: str | None


@dataclass(frozen=True)
class BatchTable:
    name: str

    def get(self, branch: str, batch: str) -> BatchRecord:
        """Raises BatchNotFound."""
        with translated("get_batch", self.name):
            answer = client("dynamodb").get_item(
                TableName=self.name, Key=_key(branch, batch), ConsistentRead=True
            )
        if "Item" not in answer:
            raise BatchNotFound(batch)
        return BatchRecord.from_item(answer["Item"])

    def newest_version(self, branch: str, file: str) -> BatchRecord:
        """Of a file that was sent several times under one name. Raises BatchNotFound."""
        query = {
            "TableName": self.name,
            # "batch" is a word of DynamoDB's own.
            "KeyConditionExpression": "branch = :branch AND begins_with(#batch, :file)",
            "ExpressionAttributeNames": {"#batch": "batch"},
            "ExpressionAttributeValues": {":branch": _value(branch), ":file": _value(f"{file}/")},
            "ConsistentRead": True,
        }
        found: list[BatchRecord] = []
        with translated("get_batch", self.name):
            for page in client("dynamodb").get_paginator("query").paginate(**query):
                found += [BatchRecord.from_item(item) for item in page["Items"]]
        if not found:
            raise BatchNotFound(file)
        return max(found, key=lambda record: record.received_at)

    def put_queued(self, record: BatchRecord) -> None:
        """A file that was received; of one that is known nothing changes."""
        texts = {"branch", "batch", "received_at", "digest"}
        item = {name: _value(getattr(record, name)) for name in sorted(texts)}
        item |= {"kind": _value(_kind(record)), "status": _value(QUEUED), **_times()}
        with suppress(AlreadyExists), translated("put_batch", self.name):
            client("dynamodb").put_item(
                TableName=self.name,
                Item=item,
                ConditionExpression="attribute_not_exists(branch)",
            )

    def start(self, record: BatchRecord) -> None:
        """Running, with so many rows to score; one that is over stays so."""
        values = {"status": RUNNING, "rows": record.rows, "model_version": record.model_version}
        self._update_unless_over(record, _setting(values))

    def add_done(self, record: BatchRecord, *, rows: int) -> None:
        """More rows are done; only for who kept their part, so that none counts twice."""
        add = {
            "UpdateExpression": "ADD rows_done :rows SET updated_at = :now",
            "ExpressionAttributeValues": {":rows": _value(rows), ":now": _value(_now())},
        }
        self._update_unless_over(record, add)

    def finish(self, record: BatchRecord) -> None:
        """Over, with its counts; what was repaired meanwhile stays repaired."""
        names = ("status", "rows", "scored", "rejected", "model_version", "detail")
        values = {name: getattr(record, name) for name in names} | {"rows_done": record.rows}
        change = _setting(values | {"received_at": record.received_at, "digest": record.digest})
        change["UpdateExpression"] += (
            ", open_rejects = if_not_exists(open_rejects, :open), kind = :k"
        )
        change["ExpressionAttributeValues"] |= {
            ":open": _value(record.open_rejects),
            ":k": _value(_kind(record)),
        }
        self._update(record, change)

    def set_open_rejects(self, branch: str, batch: str, count: int) -> None:
        """After a resent file repaired some: only ever fewer, whoever comes last."""
        change = _setting({"open_rejects": count})
        change["ConditionExpression"] = (
            "attribute_exists(branch) AND "
            "(attribute_not_exists(#open_rejects) OR #open_rejects > :open_rejects)"
        )
        with suppress(AlreadyExists):
            self._update(BatchRecord(branch, batch, ""), change)

    def newest(
        self, wanted: Wanted | None = None, *, limit: int = 50, cursor: str | None = None
    ) -> BatchPage:
        """Batches that are wanted, newest first.

        A page may hold fewer than `limit` although more follow: only a missing cursor is the end.
        Raises ValueError for a cursor that this did not give.
        """
        wanted = wanted or Wanted()
        start: Any = _read_cursor(cursor) if cursor else None
        found: list[BatchRecord] = []
        if [] in wanted.lists.values():
            return BatchPage([], None)
        for _ in range(MOST_PAGES):
            items, start = self._page(wanted, limit, start)
            found += filter(wanted.names, map(BatchRecord.from_item, items))
            if len(found) > limit or (len(found) == limit and start):
                found = found[:limit]
                return BatchPage(found, _cursor(vars(found[-1])))
            if not start:
                return BatchPage(found, None)
        return BatchPage(found, _cursor({name: start[name]["S"] for name in _CURSOR}))

    def _page(self, wanted: Wanted, limit: int, start: Any) -> tuple[list[Any], Any]:
        since, before = wanted.since or _EVER[0], wanted.before or _EVER[1]
        if since > before:  # DynamoDB refuses such a range
            return [], None
        query: dict[str, Any] = {
            "TableName": self.name,
            "IndexName": INDEX,
            "KeyConditionExpression": "kind = :kind AND received_at BETWEEN :since AND :before",
            "ExpressionAttributeValues": {
                ":kind": _value(KIND),
                ":since": _value(since),
                ":before": _value(before),
            },
            "ScanIndexForward": False,
            # With a filter DynamoDB counts what it looks at, not what it returns.
            "Limit": max(limit, 200) if wanted.narrows else limit,
        }
        names, values, condition = _filtering(wanted)
        if condition:
            query["FilterExpression"] = condition
            query["ExpressionAttributeValues"] |= values
        if names:
            query["ExpressionAttributeNames"] = names
        if start:
            query["ExclusiveStartKey"] = start
        with translated("list_batches", self.name):
            answer = client("dynamodb").query(**query)
        return answer["Items"], answer.get("LastEvaluatedKey")

    def _update_unless_over(self, record: BatchRecord, change: dict[str, Any]) -> None:
        change["ConditionExpression"] = "NOT #over IN (:finished, :failed)"
        names, values = (
            change.setdefault("ExpressionAttributeNames", {}),
            "ExpressionAttributeValues",
        )
        names["#over"] = "status"
        change[values] |= {":finished": _value(FINISHED), ":failed": _value(FAILED)}
        with suppress(AlreadyExists):
            self._update(record, change)

    def _update(self, record: BatchRecord, change: dict[str, Any]) -> None:
        with translated("update_batch", self.name):
            client("dynamodb").update_item(
                TableName=self.name, Key=_key(record.branch, record.batch), **change
            )


def _filtering(wanted: Wanted) -> tuple[dict[str, str], dict[str, dict[str, str]], str]:
    """Names and values by placeholder, and the condition; DynamoDB takes 100 values in one IN."""
    lists = wanted.lists
    names = {f"#{name}": name for name in lists}
    places = {name: [f":{name}{n}" for n in range(len(lists[name]))] for name in lists}
    values = {
        place: _value(value)
        for name in lists
        for place, value in zip(places[name], lists[name], strict=True)
    }
    conditions = [f"#{name} IN ({', '.join(places[name])})" for name in lists]
    if wanted.open_only:
        conditions.append("open_rejects > :none")
        values[":none"] = _value(0)
    return names, values, " AND ".join(conditions)


def _setting(values: Mapping[str, Any]) -> dict[str, Any]:
    """An update that sets these attributes; names by placeholder, as some are reserved words."""
    given = {name: _value(value) for name, value in values.items()} | _times()
    return {
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in given),
        "ExpressionAttributeNames": {f"#{name}": name for name in given},
        "ExpressionAttributeValues": {f":{name}": value for name, value in given.items()},
    }


def _times() -> dict[str, dict[str, str]]:
    return {
        "updated_at": _value(_now()),
        "expires_at": _value(int(time.time()) + SECONDS_KEPT),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _value(value: str | int) -> dict[str, str]:
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def _key(branch: str, batch: str) -> dict[str, dict[str, str]]:
    return {"branch": _value(branch), "batch": _value(batch)}


def _cursor(place: Mapping[str, Any]) -> str:
    content = json.dumps([place[name] for name in _CURSOR], ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode()


def _read_cursor(cursor: str) -> dict[str, dict[str, str]]:
    place = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    if not (isinstance(place, list) and len(place) == len(_CURSOR)):
        raise ValueError("no cursor of a list of batches")
    if not all(isinstance(text, str) and 0 < len(text) <= 2_048 for text in place):
        raise ValueError("no cursor of a list of batches")
    return {name: _value(text) for name, text in zip(_CURSOR, place, strict=True)} | {
        "kind": _value(KIND)
    }
