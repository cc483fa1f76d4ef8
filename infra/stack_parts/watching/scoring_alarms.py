"""Alarms on what the functions tell of themselves: what was found, the canary, model, records."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from credit_scoring.metrics import BATCH_SCORER, CANARY, DRIFT_MONITOR, SCORE_API, Metric

from infra.stack_parts.watching.alarm_book import (
    AT_LEAST,
    BELOW,
    DAY,
    FIVE_MINUTES,
    FURTHER_PERIODS,
    HOUR,
    SILENCE_CHANGES_NOTHING,
    SILENCE_IS_BAD,
    AlarmBook,
    own_metric,
)

# What a finding of each technical class says; the monitor's message names column and source.
TECHNICAL = {
    Metric.UNIT_CHANGES: "A column arrives in another unit",
    Metric.MISSING_COLUMNS: "A column no longer arrives, wholly or in part",
    Metric.SWAPPED_COLUMNS: "Two columns have changed places",
    Metric.CONSTANT_COLUMNS: "A column has one value for all applicants",
    Metric.NEW_CATEGORIES: "A category arrives that the model does not know",
    Metric.REFUSED_ROWS: "More rows than usual are refused at the door",
    Metric.COST_RISES: "The estimated cost of the decisions rose by more than a tenth",
}
SEE = "read the message of the drift monitor in this same topic."
# One bad file is its sender's business, who is told; several at once are ours as well.
FAILED_BATCHES = 3
# A day, the hour that an autumn night has more, and some for a run that is repeated.
HOURS_WITHOUT_DRIFT_RUN = 28
DAYS_WITHOUT_VERDICT = 7
HOURS_WITHOUT_SCORES = 3
# Two of the canary's periods, in those of five minutes.
PERIODS_WITHOUT_CANARY = 24


def watch_findings(book: AlarmBook, *, oldest_model_days: int) -> None:
    """Each verdict stands until the next one: a night with too few scores changes no state."""
    for metric, sentence in TECHNICAL.items():
        book.page(
            metric.value,
            nightly(metric),
            missing=SILENCE_CHANGES_NOTHING,
            meaning=f"{sentence}: {SEE}",
        )
    book.ticket(
        "PopulationShifts",
        nightly(Metric.POPULATION_SHIFTS),
        missing=SILENCE_CHANGES_NOTHING,
        meaning=f"Other applicants come than those that the model was trained on: {SEE}",
    )
    book.ticket(
        "DaysWithoutVerdict",
        nightly(Metric.DAYS_WITHOUT_VERDICT),
        threshold=DAYS_WITHOUT_VERDICT,
        comparison=AT_LEAST,
        missing=SILENCE_CHANGES_NOTHING,
        meaning="For seven days too few scores were recorded to judge by.",
    )
    book.ticket(
        "ModelAgeDays",
        nightly(Metric.MODEL_AGE_DAYS),
        threshold=oldest_model_days,
        missing=SILENCE_CHANGES_NOTHING,
        meaning=f"The model serves for more than {oldest_model_days} days: train again.",
    )
    book.ticket(
        "ReportFailures",
        nightly(Metric.REPORT_FAILURES),
        missing=SILENCE_CHANGES_NOTHING,
        meaning="The drift report was not written; figures and alarms are complete without it.",
    )
    book.ticket(
        "DriftMissing",
        own_metric(Metric.DRIFT_RUNS, service=DRIFT_MONITOR, period=HOUR),
        threshold=1,
        comparison=BELOW,
        periods=HOURS_WITHOUT_DRIFT_RUN - FURTHER_PERIODS,
        missing=SILENCE_IS_BAD,
        meaning=f"No drift run for {HOURS_WITHOUT_DRIFT_RUN} hours:"
        " read the drift monitor's log group.",
    )


def nightly(metric: Metric) -> cloudwatch.Metric:
    return own_metric(metric, service=DRIFT_MONITOR, period=DAY, statistic="Maximum")


def watch_canary(book: AlarmBook) -> None:
    book.page(
        "CanaryFailures",
        own_metric(Metric.CANARY_FAILURES, service=CANARY, period=HOUR, statistic="Maximum"),
        missing=SILENCE_CHANGES_NOTHING,
        meaning="Golden dossiers were scored wrongly, late or not at all: read the canary's log.",
    )
    book.page(
        "CanaryMissing",
        own_metric(Metric.CANARY_RUNS, service=CANARY, period=FIVE_MINUTES),
        threshold=1,
        comparison=BELOW,
        periods=PERIODS_WITHOUT_CANARY - FURTHER_PERIODS,
        missing=SILENCE_IS_BAD,
        meaning="The canary has not run for two hours: nobody watches whether scores are right.",
    )
    book.page(
        "HoursWithoutScores",
        own_metric(Metric.HOURS_WITHOUT_SCORES, service=CANARY, period=HOUR, statistic="Maximum"),
        threshold=HOURS_WITHOUT_SCORES,
        comparison=AT_LEAST,
        missing=SILENCE_CHANGES_NOTHING,
        meaning="Three business hours without a score, though the system answers its canary.",
    )


def watch_scores(book: AlarmBook) -> None:
    book.ticket(
        "ModelLoadFailures",
        own_metric(Metric.MODEL_LOAD_FAILURES, service=SCORE_API),
        meaning="The API cannot load the champion, an older one may serve: ask /api/health/parts.",
    )
    book.ticket(
        "RecordFailures",
        own_metric(Metric.RECORD_FAILURES, service=SCORE_API),
        meaning="Scores were given but not recorded: drift will not see them, read the log.",
    )
    book.ticket(
        "FailedBatches",
        own_metric(Metric.FAILED_BATCHES, service=BATCH_SCORER, period=Duration.hours(1)),
        threshold=FAILED_BATCHES,
        meaning="Several files in an hour could not be used: read their manifests.",
    )
