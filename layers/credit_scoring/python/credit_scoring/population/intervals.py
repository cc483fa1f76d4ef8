"""How sure a share is."""

import numpy as np
from numpy.typing import ArrayLike

from credit_scoring.arrays import Numbers

Z = 1.959963984540054  # of 95 %


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, z: float = Z
) -> tuple[Numbers, Numbers]:
    """Low and high ends of the interval of shares, elementwise; NaN where there is no trial.

    z : standard errors to either side; 95 % unless told otherwise
    Unlike the normal interval it holds for rare events and few trials.
    Source: Wilson 1927, JASA 22 (158).
    """
    n = np.where(np.asarray(trials) > 0, trials, np.nan).astype(np.float64)
    share, squared = np.asarray(successes) / n, z * z
    centre = share + squared / (2 * n)
    spread = z * np.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    scale = 1 + squared / n
    # A share of zero or one is inside by algebra; rounding must not put it outside.
    low = np.minimum(np.maximum((centre - spread) / scale, 0.0), share)
    return low, np.maximum(np.minimum((centre + spread) / scale, 1.0), share)
