"""The raw columns behind a model's features, as numbers, and where each of them goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from credit_scoring.features import FeatureSchema
from numpy.typing import NDArray

from functions.drift_monitor.bins import (
    MISSING,
    Codes,
    category_codes,
    decile_edges,
    number_codes,
)

type Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class RawColumns:
    """What the findings speak of: numbers as they were sent, then the categories.

    schema : the model's; its raw numbers come first, in the contract's order
    """

    schema: FeatureSchema

    @cached_property
    def names(self) -> tuple[str, ...]:
        categories = [name for name in self.schema.names if name in self.schema.vocabularies]
        return (*self.schema.raw_numbers, *categories)

    @cached_property
    def features(self) -> tuple[NDArray[np.intp], ...]:
        """Of each raw column the places of the features that are made of it."""
        made_of = self.schema.made_of
        return tuple(
            np.array([i for i, f in enumerate(self.schema.names) if name in made_of[f]], np.intp)
            for name in self.names
        )

    def vocabulary(self, name: str) -> tuple[str, ...] | None:
        return self.schema.vocabularies.get(name)

    def matrix(self, inputs: Matrix, features: Matrix) -> Matrix:
        """Every raw column, float32 (n, R); a category is its code."""
        places = [i for i, name in enumerate(self.schema.names) if name in self.schema.vocabularies]
        return np.concatenate([inputs, features[:, places]], axis=1)


@dataclass(frozen=True)
class Binning:
    """How each raw column is cut: at the deciles of the reference, or a bin a category.

    edges : by column; None for a category, of `sizes` codes
    """

    edges: tuple[NDArray[np.floating] | None, ...]
    vocabulary_sizes: tuple[int, ...]

    @classmethod
    def of_reference(cls, columns: RawColumns, reference: Matrix) -> "Binning":
        words = [columns.vocabulary(name) for name in columns.names]
        edges = tuple(
            decile_edges(values) if known is None else None
            for values, known in zip(reference.T, words, strict=True)
        )
        return cls(edges, tuple(len(known or ()) for known in words))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many bins each column has, the one of the missing first."""
        pairs = zip(self.edges, self.vocabulary_sizes, strict=True)
        return tuple(2 + (size if edges is None else len(edges) + 1) for edges, size in pairs)

    def codes(self, raw: Matrix) -> Codes:
        """The bin of every value, int (R, n)."""
        columns = zip(raw.T, self.edges, self.vocabulary_sizes, strict=True)
        coded = [
            category_codes(values, size) if edges is None else number_codes(values, edges)
            for values, edges, size in columns
        ]
        return np.array(coded).reshape(len(self.edges), len(raw))

    def histograms(
        self, codes: Codes, scopes: NDArray[np.intp], count: int
    ) -> list[NDArray[np.intp]]:
        """Rows by scope and bin of each column, each (count, bins).

        codes : (R, n); scopes : (n,), the scope of each row, in 0 to count - 1
        """
        return [
            np.bincount(scopes * bins + each, minlength=count * bins).reshape(count, bins)
            for each, bins in zip(codes, self.sizes, strict=True)
        ]


def missing_counts(histograms: Sequence[NDArray[np.intp]]) -> NDArray[np.intp]:
    """By column and scope, (R, scopes)."""
    return np.array([histogram[:, MISSING] for histogram in histograms])
