"""What the canary's role is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from infra.local.permissions.stage import Exercise, Stage, log_of, require

FUNCTION: Final = "CanaryFunction"
_EVENT: Final = {"file_seconds": 20}
# At all hours somebody is to be scored, so that it looks for scores.
_OPEN: Final = "Mon-Sun 00:00-23:59"


@contextmanager
def prepared(stage: Stage) -> Iterator[None]:
    with stage.settings(FUNCTION, BUSINESS_HOURS=_OPEN, CLOSED_DAYS=""):
        yield


def run_quietly(stage: Stage) -> None:
    told = ask(stage)
    require(told["problems"] == [], f"the canary tells {told['problems']}")
    require(told["hours"] is not None, "the canary did not look for scores")


def run_in_an_outage(stage: Stage) -> None:
    """The API answers nobody: of that another alarm tells, and the canary looks whether it does."""
    with stage.settings("ScoreApiFunction", MODELS_URL="s3://a-bucket-that-is-gone/models"):
        problems = ask(stage)["problems"]
    require(
        len(problems) == 1 and problems[0].startswith("call refused: the API answered 5"),
        f"the canary tells {problems}",
    )


def ask(stage: Stage) -> Any:
    return stage.invoke(FUNCTION, _EVENT)


CANARY: Final = (
    Exercise("a quiet run of the canary", run_quietly),
    Exercise("a run in an outage", run_in_an_outage, first_for=("ApiDown",)),
    log_of(FUNCTION, run_quietly),
)
