"""One thing that is wrong with what the model sees: what kind, in which column, from whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from credit_scoring.metrics import Metric
from credit_scoring.stored.acknowledgements import FindingKey, finding_key


class Kind(StrEnum):
    """Of findings, as summaries name them."""

    UNIT = "unit_change"
    MISSING = "missing"
    SWAPPED = "swapped"
    CONSTANT = "constant"
    CATEGORY = "new_category"
    REFUSED = "refused_rows"
    COST = "cost_rise"
    POPULATION = "population_shift"


# The urgent ones first; one metric each.
METRICS = {
    Kind.UNIT: Metric.UNIT_CHANGES,
    Kind.MISSING: Metric.MISSING_COLUMNS,
    Kind.SWAPPED: Metric.SWAPPED_COLUMNS,
    Kind.CONSTANT: Metric.CONSTANT_COLUMNS,
    Kind.CATEGORY: Metric.NEW_CATEGORIES,
    Kind.REFUSED: Metric.REFUSED_ROWS,
    Kind.COST: Metric.COST_RISES,
    Kind.POPULATION: Metric.POPULATION_SHIFTS,
}
PAGE, TICKET = "page", "ticket"
# Of rows that were turned away, not of what the model saw.
AT_THE_DOOR = (Kind.CATEGORY, Kind.REFUSED)

# As `FindingKey`, and the unit or the cause.
type ExactKey = tuple[str, str, str, str]


def exact_key(
    kind: str, source: str, columns: tuple[str, ...], measures: Mapping[str, Any]
) -> ExactKey:
    """The same for the same cause in another night; another for another unit of that column, or
    for rows that are refused for another cause.
    """
    factor, cause = measures.get("factor"), measures.get("cause", "")
    return *finding_key(kind, source, columns), str(cause) if factor is None else f"{factor:g}"


@dataclass(frozen=True)
class Finding:
    """columns : the raw ones, the heaviest first; source : a branch or program, "" for everywhere

    rows : how many were looked at; severity : log-odds by which contributions have moved
    measures : figures of this kind of finding; files : of the branch, those that show it
    is_standing : found for four weeks already and no further away: told, but nobody is called
    acknowledged_until : somebody knows of it: until that day nobody is called either
    """

    kind: Kind
    columns: tuple[str, ...]
    source: str
    rows: int
    severity: float = 0.0
    measures: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    is_standing: bool = False
    acknowledged_until: date | None = None

    @property
    def calls(self) -> bool:
        """Whether anybody is to be called for it."""
        return not self.is_standing and self.acknowledged_until is None

    @property
    def urgency(self) -> str:
        return TICKET if self.kind is Kind.POPULATION else PAGE

    @property
    def key(self) -> FindingKey:
        return finding_key(self.kind.value, self.source, self.columns)

    @property
    def exact_key(self) -> ExactKey:
        return exact_key(self.kind.value, self.source, self.columns, self.measures)

    @property
    def rank(self) -> tuple[bool, float]:
        """Sorts what is urgent and heavy to the front."""
        return self.urgency == TICKET, -self.severity
