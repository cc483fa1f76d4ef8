"""Searches the lists of applicants as a process of the API does; the bench starts it.

python -m tests.bench.lists_worker BUCKET CALLS

Where S3 is, and who asks, is in the environment. Cases are in memory already, one applicant in
CASES_EVERY decided: what DynamoDB takes to tell them is not measured.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from credit_scoring.aws.storage import S3Store
from credit_scoring.stored.applicant_lists import ApplicantLists, ApplicantRows, CachedLists
from credit_scoring.stored.cases import FINAL, Case

from functions.score_api.access import Caller
from functions.score_api.http.outcomes import Outcome
from functions.score_api.request import Request
from functions.score_api.routes.applicants.listing import find_applicants
from functions.score_api.service import Service

type Query = Mapping[str, str]

BY_PD = {"sort": "probability_of_default", "order": "desc"}
RARE: Query = BY_PD | {"state": "review", "income_type": "Businessman", "missing_scores": "some"}
CASES_EVERY = 20
LATER_THAN_ALL = 2**41


@dataclass
class Searching:
    """As much of a Service as a search asks for."""

    bucket: str

    @cached_property
    def lists(self) -> CachedLists:
        return CachedLists(ApplicantLists(S3Store(self.bucket, "lists/")))

    @cached_property
    def by_branch(self) -> dict[str, dict[str, Case]]:
        found: dict[str, dict[str, Case]] = {}
        rows = self.lists.rows(None)
        ids, branches = rows.ids[::CASES_EVERY], rows.branches[::CASES_EVERY]
        for applicant, branch in zip(ids.tolist(), branches.tolist(), strict=True):
            own = Case(branch.decode(), applicant.decode(), decision="accept", decided_by="a",
                       decided_at=LATER_THAN_ALL, status=FINAL)  # fmt: skip
            found.setdefault(own.branch, {})[own.applicant_id] = own
        return found

    @property
    def cases_seen(self) -> "Searching":
        return self

    def of(self, branch: str) -> Mapping[str, Case]:
        return self.by_branch[branch]

    def search(self, query: Query) -> dict[str, Any]:
        """The answer, read back: it is what is sent, as text."""
        caller = Caller("a", "bench", frozenset(), frozenset(), None)
        outcome = Outcome("GET /applicants", "bench", "bench")
        request = Request("/applicants", {}, query, {}, "", False, caller, outcome)
        reply = find_applicants(request, cast(Service, self))
        return dict(json.loads(reply.body or ""))


def measure(bucket: str, calls: int) -> dict[str, Any]:
    before = _megabytes("VmRSS")
    api = Searching(bucket)
    first_look = _time(lambda: api.lists.rows(None))
    api.by_branch  # noqa: B018  (made now, not within a search)
    first_search = _time(lambda: api.search(RARE))
    found = {"rare": api.search(RARE)["total"], "all": api.search(BY_PD)["total"]}
    times = {
        "rare": [_time(lambda: api.search(RARE)) for _ in range(calls)],
        "all": [_time(lambda: api.search(BY_PD)) for _ in range(calls)],
    }
    rows = api.lists.rows(None)
    after = _megabytes("VmRSS")
    _send_part(api, rows)
    after_part = _time(lambda: api.search(RARE))
    return {
        "first_look": first_look,
        "first_search": first_search,
        "times": times,
        "found": found,
        "bytes_a_row": _bytes(rows) / len(rows),
        "megabytes": after - before,
        "peak_megabytes": _megabytes("VmHWM") - before,
        "after_part": after_part,
    }


def _send_part(api: Searching, rows: ApplicantRows) -> None:
    """As a small file leaves one: a thousand applicants of a branch, scored anew."""
    some = rows.take((rows.branches == rows.branches[0]).nonzero()[0][:1_000])
    api.lists.lists.add(rows.branches[0].decode(), "bench", some)


def _bytes(rows: ApplicantRows) -> int:
    return sum(getattr(rows, each.name).nbytes for each in fields(rows))


def _time(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that passed, and those of the processor: S3 answers in between."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - worked


def _megabytes(what: str) -> float:
    """VmRSS : of memory held now; VmHWM : at most, so far"""
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
