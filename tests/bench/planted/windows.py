"""Windows of held-out applications, judged as the nightly run judges what it reads."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.features import sent_values
from credit_scoring.population.monitoring import MonitoringRows
from credit_scoring.scoring import Model, score_applicants
from numpy.typing import NDArray

from functions.drift_monitor.faults import UNKNOWN_CATEGORY
from functions.drift_monitor.find import Comparison, Window, Yardstick
from functions.drift_monitor.finding import Finding
from functions.drift_monitor.judged import contributions_of, cost_rise, expected_costs
from functions.drift_monitor.performance import Decisions
from functions.drift_monitor.raw_columns import RawColumns
from functions.drift_monitor.rows import ScoredRows
from tests.bench.planted.faults import BRANCHES, BROKEN, Fault, branch_name, file_name

type Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Laboratory:
    """A model, what it is held against, and applications that it never saw.

    held : n of them
    """

    model: Model
    reference: ScoredRows
    monitored: MonitoringRows
    held: Applicants

    @cached_property
    def yardstick(self) -> Yardstick:
        columns = RawColumns(self.model.schema)
        return Yardstick(columns, self.reference, contributions_of(self.model, self.reference))

    def draw(self, rows: int, random: np.random.Generator) -> Rows:
        return random.permutation(len(self.held))[:rows]

    def unmoved(self, rows: Rows, *, branches: int = BRANCHES) -> list[Finding]:
        """What is found where nothing is planted."""
        return self._judge(_window(self._scored[0][rows], self._scored[1][rows], branches, {}))

    def planted(self, fault: Fault, rows: Rows) -> list[Finding]:
        places = np.arange(len(rows))
        broken = np.flatnonzero(places % fault.branches == BROKEN) if fault.is_local else places
        applicants = fault.plant(self.held.take(rows), broken)
        turned_away = broken[: round(len(broken) * fault.refused_share)]
        scored, contributions = self._score(applicants)
        refused = {}
        if len(turned_away):
            causes = {(fault.columns[0], UNKNOWN_CATEGORY): len(turned_away)}
            refused = {branch_name(BROKEN): causes}
        window = _window(scored, contributions, fault.branches, refused)
        return self._judge(_without(window, turned_away) if len(turned_away) else window)

    @property
    def scored(self) -> ScoredRows:
        """All that is held out."""
        return self._scored[0]

    @cached_property
    def _scored(self) -> tuple[ScoredRows, NDArray[np.float64]]:
        return self._score(self.held)

    def _score(self, applicants: Applicants) -> tuple[ScoredRows, NDArray[np.float64]]:
        """As recorded: float32; contributions as the monitor works them out again."""
        scores = score_applicants(self.model, applicants)
        rows = ScoredRows(
            scores.features.astype(np.float32),
            sent_values(applicants, self.model.schema.raw_numbers),
            scores.default_probabilities,
        )
        return rows, scores.contributions

    def _judge(self, window: Window) -> list[Finding]:
        found = Comparison(self.yardstick, window).find()
        decisions = Decisions(self.model.cutoff, self.model.cost_ratio)
        costs = expected_costs(self.monitored, decisions)
        return found + cost_rise(found, window, self.monitored.calibration, decisions, costs)


def _window(
    rows: ScoredRows,
    contributions: NDArray[np.float64],
    branches: int,
    refused: Mapping[str, Mapping[tuple[str, str], int]],
) -> Window:
    """Rows dealt out to branches, each with one file."""
    source_of = np.arange(len(rows)) % branches
    return Window(
        rows=rows,
        contributions=contributions,
        sources=[branch_name(number) for number in range(branches)],
        source_of=source_of,
        files=np.array([file_name(number) for number in source_of], object),
        of_everybody=np.ones(len(rows), np.bool_),
        refused=refused,
        scored=Counter(branch_name(number) for number in source_of),
    )


def _without(window: Window, turned_away: Rows) -> Window:
    kept = np.setdiff1d(np.arange(len(window.rows)), turned_away)
    return Window(
        rows=window.rows[kept],
        contributions=window.contributions[kept],
        sources=window.sources,
        source_of=window.source_of[kept],
        files=window.files[kept],
        of_everybody=window.of_everybody[kept],
        refused=window.refused,
        scored=Counter(branch_name(number) for number in window.source_of[kept]),
    )
