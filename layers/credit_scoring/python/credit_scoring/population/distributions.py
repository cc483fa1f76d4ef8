"""How applicants are spread over the features that a model reads, from its reference data.

Only counts and means leave this module, each of FEWEST_ROWS rows or more, or of none at all; a
smaller one is not told. The decision is what the cut-off alone says of the reference PDs.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from credit_scoring.arrays import Flags, Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.decision import accepts
from credit_scoring.population.bins import FEWEST_ROWS, Axis, make_axis
from credit_scoring.population.reference import Reference
from credit_scoring.reasons.families import families_of, sum_by_family
from credit_scoring.scoring import Model

# Who is similar: one row in so many, and never fewer than can be told of.
SIMILAR_SHARE, FEWEST_SIMILAR = 10, 200


@dataclass(frozen=True)
class Subpopulation:
    """rows : None where there are too few to tell; accepted, refused : None where one is too small
    to be told, for it would give the other away
    """

    rows: int | None
    accepted: int | None
    refused: int | None


@dataclass(frozen=True)
class Distribution:
    """groups : one a bin of the axis; missing : the rows without a value"""

    axis: Axis
    groups: list[Subpopulation]
    missing: Subpopulation


@dataclass(frozen=True)
class Cell:
    """x, y : bins; mean_pd : of its rows"""

    x: int
    y: int
    rows: int
    mean_pd: float


@dataclass(frozen=True)
class Scatter:
    """cells : only those that are full enough; left_out : share of rows in no cell"""

    x: Axis
    y: Axis
    cells: list[Cell]
    left_out: float


class Population:
    """The reference data of one model; asked, never shown."""

    def __init__(self, model: Model, reference: Reference) -> None:
        self._model, self._schema = model, model.schema
        self._features = reference.features
        self._pds = reference.default_probabilities
        self._accepted = accepts(self._pds, cutoff=model.cutoff)

    def __len__(self) -> int:
        return len(self._pds)

    def distribution(self, feature: str, *, among: Flags | None = None) -> Distribution:
        """among : bool (n,), which rows to count (None: all); the bins are those of all

        Raises ValueError for a feature that the model does not read.
        """
        axis, values = self._axis(feature)
        places = axis.places(values)
        counted = np.ones(len(self), np.bool_) if among is None else among
        return Distribution(
            axis=axis,
            groups=[self._group(counted & (places == place)) for place in range(len(axis))],
            missing=self._group(counted & np.isnan(values)),
        )

    def similar(self, features: Numbers) -> Flags:
        """The tenth of the rows that the model sees most like this applicant; bool (n,).

        features : float64 (1, F)
        Alike is who has like contributions by family, as for peers.
        """
        own = self._by_family(features)[0]
        distances = np.square(self._positions - own).sum(axis=1)
        near = np.zeros(len(self), np.bool_)
        count = max(FEWEST_SIMILAR, len(self) // SIMILAR_SHARE)
        near[np.argsort(distances, kind="stable")[:count]] = True
        return near

    @cached_property
    def _positions(self) -> Numbers:
        """Contributions of every row by family, float64 (n, families)."""
        return self._by_family(self._features.astype(np.float64))

    def _by_family(self, features: Numbers) -> Numbers:
        _, contributions = self._model.explainer.contributions(features)
        families = families_of(self._schema.names)
        return sum_by_family(contributions, families.of_feature, len(families.names))

    def scatter(self, x: str, y: str) -> Scatter:
        """Raises ValueError for a feature that the model does not read."""
        (across, x_values), (up, y_values) = self._axis(x), self._axis(y)
        x_places, y_places = across.places(x_values), up.places(y_values)
        inside = np.flatnonzero((x_places >= 0) & (y_places >= 0))
        cell = x_places[inside] * len(up) + y_places[inside]
        counts = np.bincount(cell, minlength=len(across) * len(up))
        sums = np.bincount(cell, weights=self._pds[inside], minlength=len(counts))
        full = np.flatnonzero(counts >= FEWEST_ROWS).tolist()
        cells = [
            Cell(n // len(up), n % len(up), int(counts[n]), float(sums[n] / counts[n]))
            for n in full
        ]
        shown = sum(cell.rows for cell in cells)
        return Scatter(across, up, cells, round(1 - shown / len(self), 2) if len(self) else 0.0)

    def share_below(self, feature: str, value: float) -> float | None:
        """Of the rows that have a value, the share with less, to the hundredth.

        Of days that are counted backwards, with less time: who is younger, not whose number is.
        """
        values = self._values(feature)
        known = values[~np.isnan(values)]
        if len(known) < FEWEST_ROWS:
            return None
        less = known > value if FEATURES[feature].is_backward else known < value
        return round(float(less.mean()), 2)

    def _axis(self, feature: str) -> tuple[Axis, Numbers]:
        values = self._values(feature)
        return make_axis(self._schema, feature, values), values

    def _values(self, feature: str) -> Numbers:
        """float64 (n,)."""
        return self._features[:, self._schema.names.index(feature)].astype(np.float64)

    def _group(self, members: Flags) -> Subpopulation:
        rows = int(members.sum())
        accepted = int((members & self._accepted).sum())
        if not _can_be_told(rows):
            return Subpopulation(None, None, None)
        if _can_be_told(accepted) and _can_be_told(rows - accepted):
            return Subpopulation(rows, accepted, rows - accepted)
        return Subpopulation(rows, None, None)


def _can_be_told(rows: int) -> bool:
    return rows == 0 or rows >= FEWEST_ROWS
