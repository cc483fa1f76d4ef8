"""The kinds of array that the package computes with; shapes stand in each docstring."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
