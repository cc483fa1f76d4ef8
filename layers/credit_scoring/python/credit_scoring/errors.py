"""What can go wrong, said once.

    CreditScoringError
    ├── InvalidApplicant(problems)        the application breaks the contract: 422, or a reject
    │   └── Contradiction(problems)       each value keeps it, but they do not fit together: 409
    ├── ApplicantNotFound(applicant_id)   nobody uploaded this applicant: 404
    ├── DecisionNotFound(decision_id)     nobody took a decision under this id: 404
    ├── DecisionLogCorrupted(decision_id)         a stored decision is not what was written
    ├── ReasonsUnfaithful(decision_id)    stored reasons do not follow from the contributions
    ├── BatchNotFound(batch)              no file of this name was received: 404
    ├── OutOfTime(left)                   the rest of a file needs another invocation: try again
    ├── RowsUnaccounted(expected, found)  a row of a chunk was neither scored nor rejected
    ├── DatasetError(message)             a file or folder cannot be used as it is
    │   └── EmptyDataset(message)         it can be read but has no row
    ├── ArtifactError
    │   ├── ArtifactMissing(name)         no such model
    │   │   └── NoModelYet(name)          nothing was ever promoted: a new deployment
    │   ├── ArtifactMismatch(name, expected, found)   a model's file is not what was published
    │   ├── PromotionConflict(version, winner)   another model was promoted meanwhile
    │   ├── NoEarlierChampion()       nothing to go back to
    │   └── ReasonMissing()           a refused model is not promoted without saying why
    └── StorageError
        ├── ObjectNotFound(key)
        ├── AlreadyExists(key)            a conditional write lost: somebody was first
        ├── StorageRefused(operation, reason)  not allowed, or not there: trying again will not help
        └── StorageUnavailable(operation) the storage did not answer: try again

Each error carries its fields, builds its own message, and says whether the same call can succeed
later (`retryable`). Messages may quote a value to its sender; `log_fields` never does: it is all
that a log line may say.
"""

from dataclasses import dataclass


class CreditScoringError(Exception):
    """Root of everything that this package raises on purpose."""

    retryable = False

    @property
    def log_fields(self) -> dict[str, object]:
        return {"error": type(self).__name__}


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that breaks the contract.

    field : the column's name, or "" when the record as a whole is at fault
    cause : a stable code, one of the keys of `PROBLEM_CAUSES`
    value : what was sent, as text, cut at 80 characters
    allowed : what the contract allows, as text
    """

    field: str
    cause: str
    value: str
    allowed: str

    @property
    def message(self) -> str:
        what = PROBLEM_CAUSES[self.cause]
        subject = f"{self.field}: " if self.field else ""
        shown = f" ({self.value!r})" if self.value else ""
        return f"{subject}{what}{shown}; allowed: {self.allowed}"


PROBLEM_CAUSES = {
    "missing": "is required",
    "wrong_type": "has the wrong type",
    "not_finite": "is not a finite number",
    "out_of_range": "is out of range",
    "not_integer": "is not a whole number",
    "unknown_category": "is not a known category",
    "unknown_field": "is not a field of an application",
    "not_actionable": "cannot be changed",
    "contradiction": "does not fit what else is known",
    "doubtful_number": "may mean two numbers, and the file does not say which",
    "wrong_field_count": "the row has a wrong number of fields",
    "duplicate_id": "stands in the file more than once",
    "bad_quotes": "the row has a stray quotation mark",
    "too_long": "the row is too long",
    "torn": "the row may be torn: a line beside it could be the rest of a value",
    "preamble": "the row stands before the header",
    "repeated_header": "the row repeats the header",
    "other_table": "the row belongs to another table",
}


class InvalidApplicant(CreditScoringError):
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))

    @property
    def log_fields(self) -> dict[str, object]:
        return {"error": "InvalidApplicant", "fields": [problem.field for problem in self.problems]}


class Contradiction(InvalidApplicant):
    """Each value keeps the contract, but not beside the others, or beside what is stored."""


class ApplicantNotFound(CreditScoringError):
    def __init__(self, applicant_id: str) -> None:
        self.applicant_id = applicant_id
        super().__init__(f"no applicant {applicant_id}: upload the application first")


class _DecisionError(CreditScoringError):
    sentence = ""

    def __init__(self, decision_id: str) -> None:
        self.decision_id = decision_id
        super().__init__(self.sentence.format(decision_id=decision_id))


class DecisionNotFound(_DecisionError):
    sentence = "no decision {decision_id}: use the id that the answer to the decision gave"


class DecisionLogCorrupted(_DecisionError):
    sentence = "decision {decision_id} is not what was written: restore it from a backup"


class ReasonsUnfaithful(_DecisionError):
    sentence = "the reasons of decision {decision_id} do not follow from its contributions"


class BatchNotFound(CreditScoringError):
    def __init__(self, batch: str) -> None:
        self.batch = batch
        super().__init__(f"no batch {batch}: upload the file first")


class OutOfTime(CreditScoringError):
    """left : chunks of the file that are not scored yet"""

    retryable = True

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(f"the invocation ended with {left} chunks to score: go on from there")


class RowsUnaccounted(CreditScoringError):
    def __init__(self, expected: int, found: int) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"{expected} rows went in and {found} came out: nothing is published")


class DatasetError(CreditScoringError):
    """A file or folder of data cannot be used; the message says which and what to do."""


class EmptyDataset(DatasetError):
    pass


class ArtifactError(CreditScoringError):
    pass


class ArtifactMissing(ArtifactError):
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no model at {name}: train and publish one first")


class NoModelYet(ArtifactMissing):
    """Nothing was ever promoted here: the state of a new deployment, not a failure."""


class ArtifactMismatch(ArtifactError):
    def __init__(self, name: str, expected: object, found: object) -> None:
        self.name, self.expected, self.found = name, expected, found
        super().__init__(f"{name} is damaged or foreign: expected {expected}, found {found}")

    @property
    def log_fields(self) -> dict[str, object]:
        return {"error": "ArtifactMismatch", "artifact": self.name}


class PromotionConflict(ArtifactError):
    """version : what should have been promoted; winner : what serves instead, and since when."""

    def __init__(self, version: str, winner: str) -> None:
        self.version, self.winner = version, winner
        super().__init__(
            f"{version} was not promoted: meanwhile the champion became {winner}; "
            "compare with that one and promote again"
        )


class NoEarlierChampion(ArtifactError):
    def __init__(self) -> None:
        super().__init__("no earlier champion to go back to: name a version with --to")


class ReasonMissing(ArtifactError):
    def __init__(self) -> None:
        super().__init__("a forced promotion is kept with its reason: add --reason TEXT")


class StorageError(CreditScoringError):
    pass


class ObjectNotFound(StorageError):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"nothing is stored at {key}")


class AlreadyExists(StorageError):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} was written by somebody else")


class _StorageOperationFailed(StorageError):
    sentence = ""

    def __init__(self, operation: str, reason: str) -> None:
        self.operation, self.reason = operation, reason
        super().__init__(self.sentence.format(operation=operation, reason=reason))

    @property
    def log_fields(self) -> dict[str, object]:
        return super().log_fields | {"operation": self.operation, "reason": self.reason}


class StorageRefused(_StorageOperationFailed):
    sentence = "storage refused {operation} ({reason}): check the name and the permissions"


class StorageUnavailable(_StorageOperationFailed):
    retryable = True
    sentence = "storage did not answer {operation} ({reason}): try again"
