"""The metrics that functions emit and alarms watch: each has its name here, and nowhere else."""

from enum import StrEnum

NAMESPACE = "CreditScoring"
# Each metric's only dimension is the service that emits it; overrides have their reason beside it.
SCORE_API, BATCH_SCORER, DRIFT_MONITOR = "score-api", "batch-scorer", "drift-monitor"
OPERATOR_API, CANARY = "operator-api", "canary"
MODEL_PROMOTER = "model-promoter"


class Metric(StrEnum):
    """Names in CloudWatch."""

    REQUESTS = "Requests"
    SCORES = "Scores"
    REFUSALS = "Refusals"
    REVIEWS = "Reviews"
    INVALID_APPLICANTS = "InvalidApplicants"
    ERRORS = "Errors"
    MODEL_LOAD_FAILURES = "ModelLoadFailures"
    RECORD_FAILURES = "RecordFailures"
    OVERRIDES = "Overrides"

    PROMOTIONS = "Promotions"

    RECEIVED_EVENTS = "ReceivedEvents"
    STRAY_OBJECTS = "StrayObjects"
    CHUNKS = "Chunks"
    BATCHES = "Batches"
    FAILED_BATCHES = "FailedBatches"
    SCORED_ROWS = "ScoredRows"
    REJECTED_ROWS = "RejectedRows"
    BATCH_SECONDS = "BatchSeconds"

    DRIFT_RUNS = "DriftRuns"
    SCORES_IN_WINDOW = "ScoresInWindow"
    DAYS_WITHOUT_VERDICT = "DaysWithoutVerdict"
    MODEL_AGE_DAYS = "ModelAgeDays"
    REPORT_FAILURES = "ReportFailures"
    # How many findings of each class a run made; absent where it gave no verdict.
    UNIT_CHANGES = "UnitChanges"
    MISSING_COLUMNS = "MissingColumns"
    SWAPPED_COLUMNS = "SwappedColumns"
    CONSTANT_COLUMNS = "ConstantColumns"
    NEW_CATEGORIES = "NewCategories"
    REFUSED_ROWS = "RefusedRows"
    POPULATION_SHIFTS = "PopulationShifts"
    COST_RISES = "CostRises"
    # Per applicant, in refused good payers, from PDs alone.
    ESTIMATED_COST = "EstimatedCost"

    CANARY_RUNS = "CanaryRuns"
    # 1 where a golden dossier was answered wrongly, late or not at all.
    CANARY_FAILURES = "CanaryFailures"
    CANARY_SECONDS = "CanarySeconds"
    HOURS_WITHOUT_SCORES = "HoursWithoutScores"


EMITTED = {
    SCORE_API: (
        Metric.REQUESTS,
        Metric.SCORES,
        Metric.REFUSALS,
        Metric.REVIEWS,
        Metric.INVALID_APPLICANTS,
        Metric.ERRORS,
        Metric.MODEL_LOAD_FAILURES,
        Metric.RECORD_FAILURES,
        Metric.OVERRIDES,
    ),
    OPERATOR_API: (Metric.REQUESTS, Metric.INVALID_APPLICANTS, Metric.ERRORS),
    BATCH_SCORER: (
        Metric.RECEIVED_EVENTS,
        Metric.STRAY_OBJECTS,
        Metric.CHUNKS,
        Metric.BATCHES,
        Metric.FAILED_BATCHES,
        Metric.SCORED_ROWS,
        Metric.REJECTED_ROWS,
        Metric.BATCH_SECONDS,
    ),
    DRIFT_MONITOR: (
        Metric.DRIFT_RUNS,
        Metric.SCORES_IN_WINDOW,
        Metric.DAYS_WITHOUT_VERDICT,
        Metric.MODEL_AGE_DAYS,
        Metric.REPORT_FAILURES,
        Metric.UNIT_CHANGES,
        Metric.MISSING_COLUMNS,
        Metric.SWAPPED_COLUMNS,
        Metric.CONSTANT_COLUMNS,
        Metric.NEW_CATEGORIES,
        Metric.REFUSED_ROWS,
        Metric.POPULATION_SHIFTS,
        Metric.COST_RISES,
        Metric.ESTIMATED_COST,
    ),
    MODEL_PROMOTER: (Metric.PROMOTIONS, Metric.ERRORS),
    CANARY: (
        Metric.CANARY_RUNS,
        Metric.CANARY_FAILURES,
        Metric.CANARY_SECONDS,
        Metric.HOURS_WITHOUT_SCORES,
    ),
}
