"""How files like this one were repaid, told by groups so large that nobody stands out.

A bundle keeps cells of at least FEWEST_ROWS accepted files that stand near each other in model
space (see reasons/families.py): of each cell only its centre, its number of files, of
defaults, and its mean PD. Training makes them (training/explanations/peers.py); no row of it is
kept.
"""

import io
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Indices, Numbers, read_arrays
from credit_scoring.errors import ArtifactMismatch
from credit_scoring.population.intervals import wilson_interval
from credit_scoring.reasons.families import sum_by_family

Counts = NDArray[np.int64]

FILE = "peers.npz"
FEWEST_ROWS = 100
WANTED_ROWS = 200


@dataclass(frozen=True)
class PeerGroup:
    """rows, defaults : accepted files nearby, and how many of them defaulted
    interval : of the share of defaults, 95 %
    mean_pd : what models that had not seen the files expected
    distance : of the applicant from the nearest cell's centre, in log-odds
    typical : whether most accepted files are as near to a centre as that
    """

    rows: int
    defaults: int
    interval: tuple[float, float]
    mean_pd: float
    cells: int
    distance: float
    typical: bool


@dataclass(frozen=True)
class Peers:
    """M cells in a space of K families.

    families : text (K,); family_of : int (F,), the place of the family of each feature of the
        model, as they were when the cells were made
    centres : float64 (M, K), log-odds; rows, defaults : int64 (M,); mean_pds : float64 (M,)
    reach : distance to the nearest centre that 95 % of the files keep
    """

    families: NDArray[np.str_]
    family_of: Indices
    centres: Numbers
    rows: Counts
    defaults: Counts
    mean_pds: Numbers
    reach: float

    def around(self, contributions: Numbers) -> PeerGroup:
        """The nearest cells that hold WANTED_ROWS files, or all; contributions : float64 (F,)."""
        position = sum_by_family(contributions[None], self.family_of, len(self.families))
        distances = np.sqrt(((self.centres - position) ** 2).sum(axis=1))  # (M,)
        order = np.argsort(distances, kind="stable")
        enough = int(np.searchsorted(np.cumsum(self.rows[order]), WANTED_ROWS)) + 1
        cells = order[:enough]
        rows, defaults = int(self.rows[cells].sum()), int(self.defaults[cells].sum())
        low, high = wilson_interval(defaults, rows)
        return PeerGroup(
            rows=rows,
            defaults=defaults,
            interval=(float(low), float(high)),
            mean_pd=float((self.mean_pds[cells] * self.rows[cells]).sum() / rows),
            cells=len(cells),
            distance=float(distances[order[0]]),
            typical=bool(distances[order[0]] <= self.reach),
        )

    def to_bytes(self) -> bytes:
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{f.name: getattr(self, f.name) for f in fields(self)})
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Peers":
        """Raises ArtifactMismatch when a cell is too small or the arrays do not fit together."""
        stored = read_arrays(FILE, data)
        if stored.keys() != {field.name for field in fields(cls)}:
            raise ArtifactMismatch(FILE, "cells of files", "other arrays")
        peers = cls(**stored | {"reach": float(stored["reach"])})
        if not peers.is_coherent:
            raise ArtifactMismatch(FILE, f"cells of {FEWEST_ROWS} files or more", "loose numbers")
        return peers

    @property
    def is_coherent(self) -> bool:
        cells, families = len(self.rows), len(self.families)
        return (
            cells > 0
            and self.centres.shape == (cells, families)
            and self.defaults.shape == self.mean_pds.shape == (cells,)
            and bool((self.rows >= FEWEST_ROWS).all())
            and bool(((self.defaults >= 0) & (self.defaults <= self.rows)).all())
            and bool(((self.family_of >= 0) & (self.family_of < families)).all())
        )
