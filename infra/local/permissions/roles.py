"""Which exercises need which role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

from infra.local.permissions.exercises import (
    branching,
    canary,
    drifting,
    files,
    operating,
    promoting,
    scheduling,
    scoring,
)
from infra.local.permissions.stage import Exercise, Stage


@dataclass(frozen=True)
class Role:
    """functions : outputs that name those whose processes know things from before
    prepared : what must be so while its exercises run
    """

    functions: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    prepared: Callable[[Stage], AbstractContextManager[object]] = nullcontext


ROLES: Final[Mapping[str, Role]] = {
    "Api": Role(("ScoreApiFunction",), scoring.EXERCISES),
    "Records": Role((), scoring.RECORDS),
    "Batch": Role((files.FUNCTION,), files.BATCH, files.prepared),
    "BatchBigFiles": Role((files.FUNCTION,), files.MACHINE, files.machine_prepared),
    "Branches": Role((), branching.BRANCHES, branching.prepared),
    "Canary": Role((canary.FUNCTION, "ScoreApiFunction"), canary.CANARY, canary.prepared),
    "Drift": Role((drifting.FUNCTION,), drifting.DRIFT, drifting.prepared),
    "Operators": Role((operating.FUNCTION,), operating.OPERATING, operating.prepared),
    "Schedule of Canary": Role((), scheduling.CANARY),
    "Schedule of Drift": Role((), scheduling.DRIFT),
    "Promoter": Role(
        ("ModelPromoterFunction", "ScoreApiFunction"), promoting.PROMOTING, promoting.nobody_hears
    ),
    "Renewer": Role(
        ("SnapshotRenewerFunction", "ScoreApiFunction"), promoting.RENEWING, promoting.nobody_hears
    ),
}
