"""The building that the applicant lives in: fourteen measures three times, mostly missing.

The measures are known together or not at all; in a known building some are missing again.
"""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Category, Columns, draw
from training.sample_data.sampling import Chunk, Quantiles, blank, from_normal, happens

KNOWN = 0.525

# Measure -> (how far the size of the building explains it, share missing where the building is
# known, its values in known buildings).
MEASURES: dict[str, tuple[float, float, Quantiles]] = {
    "APARTMENTS": (0.95, 0.061, (0, 0.002, 0.018, 0.059, 0.087, 0.148, 0.246, 0.556, 1)),
    "BASEMENTAREA": (0.70, 0.208, (0, 0, 0, 0.044, 0.076, 0.111, 0.172, 0.387, 1)),
    "YEARS_BEGINEXPLUATATION": (
        0.45,
        0.027,
        (0, 0.951, 0.973, 0.977, 0.982, 0.987, 0.991, 0.999, 1),
    ),
    "YEARS_BUILD": (0.45, 0.364, (0, 0.408, 0.633, 0.687, 0.755, 0.823, 0.878, 0.986, 1)),
    "COMMONAREA": (0.60, 0.428, (0, 0, 0.001, 0.008, 0.021, 0.051, 0.104, 0.372, 1)),
    "ELEVATORS": (0.75, 0.111, (0, 0, 0, 0, 0, 0.12, 0.24, 0.64, 1)),
    "ENTRANCES": (0.50, 0.055, (0, 0.0345, 0.0345, 0.069, 0.1379, 0.2069, 0.2759, 0.531, 1)),
    "FLOORSMAX": (0.80, 0.044, (0, 0, 0.0417, 0.1667, 0.1667, 0.3333, 0.375, 0.667, 1)),
    "FLOORSMIN": (0.60, 0.388, (0, 0, 0.0417, 0.0833, 0.2083, 0.375, 0.4167, 0.708, 1)),
    "LANDAREA": (0.45, 0.224, (0, 0, 0, 0.019, 0.049, 0.085, 0.142, 0.39, 1)),
    "LIVINGAPARTMENTS": (0.94, 0.399, (0, 0.003, 0.02, 0.05, 0.076, 0.122, 0.21, 0.47, 1)),
    "LIVINGAREA": (0.92, 0.052, (0, 0.002, 0.015, 0.046, 0.075, 0.132, 0.237, 0.56, 1)),
    "NONLIVINGAPARTMENTS": (0.30, 0.42, (0, 0, 0, 0, 0, 0.004, 0.015, 0.1, 1)),
    "NONLIVINGAREA": (0.25, 0.148, (0, 0, 0, 0, 0.004, 0.028, 0.082, 0.339, 1)),
}
TOTAL_AREA: Quantiles = (0, 0.002, 0.013, 0.042, 0.069, 0.131, 0.233, 0.536, 1)
KINDS = ("FONDKAPREMONT_MODE", "HOUSETYPE_MODE", "WALLSMATERIAL_MODE", "EMERGENCYSTATE_MODE")


def housing_columns(chunk: Chunk, region_rating: np.ndarray) -> Columns:
    """region_rating : int64 (n,), 1 to 3; good regions have large buildings and know them."""
    rng = chunk.stream("housing")
    n = len(region_rating)
    unknown = ~happens(rng, KNOWN - 0.06 * (region_rating - 2.0), n)
    size = rng.standard_normal(n) - 0.2 * (region_rating - 2.0)
    columns: Columns = {}
    for measure in MEASURES:
        columns |= _three_statistics(rng, measure, size, unknown)
    columns["TOTALAREA_MODE"] = _area(rng, size, unknown)
    return columns | {kind: _kind(rng, kind, unknown) for kind in KINDS}


def _three_statistics(
    rng: np.random.Generator, measure: str, size: Numbers, unknown: Flags
) -> Columns:
    """Average, mode and median of a measure: near each other, missing together."""
    n = len(size)
    weight, missing, quantiles = MEASURES[measure]
    z = weight * size + np.sqrt(1.0 - weight**2) * rng.standard_normal(n)
    without = unknown | happens(rng, missing, n)
    average = from_normal(z, quantiles)
    mode = np.where(happens(rng, 0.5, n), average, from_normal(z - 0.05, quantiles))
    median = np.where(happens(rng, 0.7, n), average, from_normal(z - 0.01, quantiles))
    return {
        f"{measure}_{name}": blank(np.round(values, 4), without)
        for name, values in (("AVG", average), ("MODE", mode), ("MEDI", median))
    }


def _area(rng: np.random.Generator, size: Numbers, unknown: Flags) -> Numbers:
    z = 0.95 * size + 0.31 * rng.standard_normal(len(size))
    without = unknown | happens(rng, 0.016, len(size))
    return blank(np.round(from_normal(z, TOTAL_AREA), 4), without)


def _kind(rng: np.random.Generator, column: str, unknown: Flags) -> Category:
    return draw(rng, "application", column, len(unknown)).replaced(unknown, None)
