"""What is told of a request to operators: one log line and a few counts, nothing of a person.

A key that is not in LOGGED_KEYS cannot reach the log, whatever a route notes.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from credit_scoring.aws import clients
from credit_scoring.aws.signed_calls import connections
from credit_scoring.errors import CreditScoringError
from credit_scoring.metrics import NAMESPACE, Metric

from functions.score_api.telemetry.counts import Counts
from functions.score_api.telemetry.log import open_log
from functions.score_api.telemetry.traces import call_to_aws, subsegment

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from credit_scoring.stored.pseudonyms import Pseudonyms

LOGGED_KEYS = (
    "request_id",
    "route",
    # The program that called, as a hash; never its user.
    "client",
    # Who asked for which applicant: pseudonyms under a key, which logs do not hold.
    "reader",
    "applicant",
    "status",
    "seconds",
    "model_version",
    "decision",
    # Why a person decided against the model: one of the lender's reasons, never their words.
    "override",
    # Of an operator: what they did, never why.
    "action",
    "redriven",
    # Of many applications in one request.
    "scored",
    "refused",
    # Of an error: its type, and what it says of itself that is not an applicant's.
    "error",
    "causes",
    "operation",
    "reason",
    "artifact",
    "stack",
)

# The variables have the names under which Powertools reads them in the other functions.
SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "score-api")
log = open_log(SERVICE)
counts = Counts(os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE), SERVICE)
connections.around_call = clients.watch.around_call = call_to_aws

type Handler = Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]
_unasked = [True]  # until the first request of the process


@dataclass
class Outcome:
    """One request. `invocation_id` is unique and made of letters, digits and hyphens."""

    route: str
    request_id: str
    invocation_id: str
    status: int = 500
    facts: dict[str, Any] = field(default_factory=dict)
    # Asked by the hourly check: no score of anybody.
    is_canary: bool = False

    def note(self, **facts: object) -> None:
        self.facts |= facts


def reported(handler: Handler) -> Handler:
    """What Lambda calls: traced, and what was counted is written at the end."""

    @wraps(handler)
    def call(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        facts = {"ColdStart": _unasked[0], "Service": SERVICE}
        _unasked[0] = False
        with subsegment("## handler", annotations=facts):
            try:
                return handler(event, context)
            finally:
                counts.write()

    return call


@contextmanager
def follow(event: Mapping[str, Any], context: "LambdaContext") -> Iterator[Outcome]:
    """Time a request; log and count what became of it."""
    started = time.perf_counter()
    request = event.get("requestContext", {})
    outcome = Outcome(
        # The route's pattern, never its path: a path holds an applicant's id.
        route=str(event.get("routeKey", "")),
        request_id=str(request.get("requestId") or context.aws_request_id),
        invocation_id=context.aws_request_id,
    )
    try:
        yield outcome
    finally:
        outcome.note(seconds=round(time.perf_counter() - started, 4))
        _log(outcome)
        _count(outcome)


def note_reader(outcome: Outcome, pseudonyms: "Pseudonyms", reader: str, applicant: str) -> None:
    """Before anything is read. Raises StorageError: who cannot be written down does not read."""
    outcome.note(
        reader=pseudonyms.word("reader", reader),
        applicant=pseudonyms.word("applicant", applicant),
    )


def note_model_failure(error: CreditScoringError) -> None:
    _tell("model not loaded", describe(error))
    counts.add(Metric.MODEL_LOAD_FAILURES, 1)


def note_record_failure(error: CreditScoringError) -> None:
    _tell("score not recorded", describe(error))
    counts.add(Metric.RECORD_FAILURES, 1)


def note_uncounted_calls(error: CreditScoringError) -> None:
    """The gateway's limit for everybody holds meanwhile; the table's alarms tell why."""
    _tell("calls not counted", describe(error))


def note_override(code: str) -> None:
    """A decision with a reason of its own, by the lender's code for it: a handful of metrics."""
    counts.write_one(Metric.OVERRIDES, 1, reason=code)


def describe(error: Exception) -> dict[str, object]:
    """An error without its message, which may quote what was sent."""
    if isinstance(error, CreditScoringError):
        return {name: value for name, value in error.log_fields.items() if name in LOGGED_KEYS}
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]
    return {"error": type(error).__name__, "stack": frames}


def _log(outcome: Outcome) -> None:
    facts = {"request_id": outcome.request_id, "route": outcome.route, "status": outcome.status}
    told = {name: value for name, value in (outcome.facts | facts).items() if name in LOGGED_KEYS}
    if outcome.status >= 500:
        _tell("request failed", told)
    else:
        log.info("request answered", extra={"facts": told})


def _tell(message: str, told: Mapping[str, object]) -> None:
    log.error(message, extra={"facts": dict(told)})


def _count(outcome: Outcome) -> None:
    """No dimension but the service: a count is then one metric, and costs what one metric costs."""
    facts, answered = outcome.facts, outcome.status == 200
    scored = answered and not outcome.is_canary
    decision = facts.get("decision") if scored else None
    counted = {
        Metric.REQUESTS: 1,
        Metric.SCORES: facts.get("scored", int("decision" in facts)) if scored else 0,
        Metric.REFUSALS: facts.get("refused", int(decision == "refuse")) if scored else 0,
        Metric.REVIEWS: facts.get("reviewed", int(decision == "review")) if scored else 0,
        Metric.INVALID_APPLICANTS: int(facts.get("error") == "InvalidApplicant"),
        Metric.ERRORS: int(outcome.status >= 500),
    }
    for name, count in counted.items():
        if count:
            counts.add(name, count)
