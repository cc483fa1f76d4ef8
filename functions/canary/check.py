"""One run: everything that is to be right, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from credit_scoring.errors import CreditScoringError
from credit_scoring.metrics import Metric

from functions.canary.api_check import check_api
from functions.canary.expectations import Answered, Expected, Outcome, read_expected
from functions.canary.file_check import check_file
from functions.canary.places import Places
from functions.canary.problems import Problem, no_model, storage_failed
from functions.canary.traffic import hours_without_scores, rings


@dataclass
class Findings:
    """problems : what is wrong; seconds : until the file's result, None when none was sent
    hours : business hours without scores, None when this is not the time to ask
    is_known : whether an alarm of its own tells of all of it already
    """

    problems: list[Problem] = field(default_factory=list)
    seconds: float | None = None
    hours: int | None = None
    is_known: bool = False

    @property
    def failures(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_inconclusive]

    def measurements(self) -> dict[Metric, float]:
        """By metric; one that is not here leaves its alarm as it is."""
        told: dict[Metric, float] = {Metric.CANARY_RUNS: 1}
        if not self.is_known and (self.failures or not self.problems):
            told[Metric.CANARY_FAILURES] = int(bool(self.failures))
        if self.seconds is not None:
            told[Metric.CANARY_SECONDS] = round(self.seconds, 3)
        if self.hours is not None:
            told[Metric.HOURS_WITHOUT_SCORES] = self.hours
        return told


def check(places: Places, *, patience: float) -> Findings:
    """Never raises for what is wrong with the system: that is what it is there to tell.

    patience : seconds for the file's result
    """
    findings = Findings()
    expected = _expect(places)
    if isinstance(expected, Problem):
        findings.problems.append(expected)
        return findings
    outcomes = _noted("the API", lambda: check_api(expected, places))
    outcomes += _noted("the file", lambda: _check_file(expected, places, findings, patience))
    findings.problems += _judge(outcomes, expected, places)
    _look_around(places, findings)
    return findings


def _expect(places: Places) -> Expected | Problem:
    try:
        return read_expected(places.models)
    except CreditScoringError as error:
        return no_model(type(error).__name__)


def _check_file(
    expected: Expected, places: Places, findings: Findings, patience: float
) -> list[Outcome]:
    outcome, findings.seconds = check_file(expected, places, patience=patience)
    return [outcome]


def _judge(outcomes: list[Outcome], expected: Expected, places: Places) -> list[Problem]:
    """A version that nobody expected is looked for once more: it may have been promoted since."""
    problems: list[Problem] = []
    if any(_is_unexpected(outcome, expected) for outcome in outcomes):
        later = _expect(places)
        if isinstance(later, Problem):  # which says more than that another model answered
            problems.append(later)
            outcomes = [each for each in outcomes if not _is_unexpected(each, expected)]
        else:
            expected = expected.until(later)
    for outcome in outcomes:
        problems += [outcome] if isinstance(outcome, Problem) else expected.compare(outcome)
    return problems


def _is_unexpected(outcome: Outcome, expected: Expected) -> bool:
    return isinstance(outcome, Answered) and outcome.version not in expected.by_version


def _look_around(places: Places, findings: Findings) -> None:
    """One cause pages once: an API that is down by its own alarm, silence by that of silence."""
    problems = findings.failures
    try:
        if problems and all(problem.is_outage for problem in problems):
            findings.is_known = rings(places.outage_alarm)
        now = places.lender.local(datetime.now(UTC))
        if not problems and places.hours.include(now):
            findings.hours = hours_without_scores(places.hours, now)
    except CreditScoringError as error:
        findings.problems.append(storage_failed("CloudWatch", type(error).__name__))


def _noted(where: str, ask: Callable[[], list[Outcome]]) -> list[Outcome]:
    try:
        return ask()
    except CreditScoringError as error:
        return [storage_failed(where, type(error).__name__)]
