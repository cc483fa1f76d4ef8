"""What the formulas reckon with beside prices: what was measured, and what the template says.

A measured figure stands in docs/ in the words given here; the template's are compared with it by
tests/infra/costs.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Measured:
    """value : in its unit; page : of docs/ that tells it; words : in which it does"""

    what: str
    value: float
    page: str
    words: str


SCORE_SECONDS: Final = Measured(
    "seconds of a warm score, its record included", 0.0074, "performance.md", "7.4 ms"
)
SEARCH_SECONDS: Final = Measured(
    "seconds of a search of 300,000 applicants", 0.053, "performance.md", "| 53 |"
)
ROWS_A_SECOND: Final = Measured(
    "rows a second of a file, profiles and records included",
    16_478,
    "performance.md",
    "16,478 rows/s",
)
ROWS_A_CHUNK: Final = Measured("rows a chunk", 5000, "batch.md", "5,000 rows")
UPLOAD_BYTES: Final = Measured("bytes of a row sent", 535, "batch.md", "535 bytes a CSV")
RESULT_BYTES: Final = Measured("bytes of a row's result", 330, "batch.md", "330 bytes of")
PROFILE_BYTES: Final = Measured("bytes of a profile", 650, "batch.md", "a profile of 0.65 KB")
PROFILE_WRITES: Final = Measured("write units of a profile", 1, "batch.md", "1 write unit")
HISTORY_WRITES: Final = Measured("the same with a history", 3, "batch.md", "(3 for who also has")
LINE_BYTES: Final = Measured(
    "bytes of a score's record on its way", 13_500, "performance.md", "is 13.5 KB"
)
RECORD_BYTES: Final = Measured("bytes kept of a score", 532, "performance.md", "is 532")
LONG_BYTES: Final = Measured("of them kept 24 months", 8, "performance.md", "8 of them")
ANSWER_BYTES: Final = Measured(
    "bytes of an answer to a score", 49_855, "performance.md", "49,855 bytes an answer"
)
LOG_BYTES: Final = Measured(
    "bytes logged for a score", 903, "performance.md", "903 bytes of log a score"
)
DECISION_BYTES: Final = Measured(
    "bytes of a decision", 38_378, "performance.md", "38,378 bytes a decision"
)
IMAGE_BYTES: Final = Measured("bytes of the drift image, unpacked", 635e6, "costs.md", "635 MB")

# Of the template.
MEMORY_MB: Final = {
    "ScoreApi": 1769, "OperatorApi": 512, "BatchScorer": 2048, "DriftMonitor": 3008, "Canary": 512,
    "ModelPromoter": 1024, "SnapshotRenewer": 256,
}  # fmt: skip
MOST_SECONDS: Final = {"DriftMonitor": 900, "Canary": 360}
FROM_SNAPSHOTS: Final = ("ScoreApi", "OperatorApi", "BatchScorer", "Canary", "ModelPromoter")
ALARMS: Final = 73
SECRETS: Final = 3
# With edgeFilter.
WEB_RULES: Final = 5
# Of delivery: an object as often as this, at least.
DELIVERY_SECONDS: Final = 900
VALUE_DAYS: Final = 400
SCORE_MONTHS: Final = 24


def gigabytes(function: str) -> float:
    """Of memory, as Lambda bills it."""
    return MEMORY_MB[function] / 1024
