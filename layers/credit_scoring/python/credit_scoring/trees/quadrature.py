"""Gauss-Legendre rules: exact integrals on [0, 1] of the polynomials that Shapley values need."""

from functools import cache

import numpy as np

from credit_scoring.arrays import Numbers

# Points and weights on [-1, 1] as numpy computes them; to import numpy.polynomial for the rules of
# usual trees would take longer than one score.
RULES = {
    1: ([0.0], [2.0]),
    2: ([-0.5773502691896257, 0.5773502691896257], [1.0, 1.0]),
    3: (
        [-0.7745966692414834, 0.0, 0.7745966692414834],
        [0.5555555555555557, 0.8888888888888888, 0.5555555555555557],
    ),
    4: (
        [-0.8611363115940526, -0.33998104358485626, 0.33998104358485626, 0.8611363115940526],
        [0.34785484513745357, 0.6521451548625464, 0.6521451548625464, 0.34785484513745357],
    ),
}


@cache
def gauss_legendre(n_factors: int) -> tuple[Numbers, Numbers]:
    """Points and weights on [0, 1] that integrate a product of n_factors - 1 linear terms."""
    n_points = (n_factors + 1) // 2
    points, weights = RULES.get(n_points) or np.polynomial.legendre.leggauss(n_points)
    return (np.array(points) + 1) / 2, np.array(weights) / 2


def products_of_others(factors: Numbers) -> Numbers:
    """For each row, the product of all the other rows; no division, so zeros are fine."""
    others = np.ones_like(factors)
    for row in range(1, len(factors)):
        np.multiply(others[row - 1], factors[row - 1], out=others[row])
    after = factors[-1].copy()
    for row in range(len(factors) - 2, -1, -1):
        others[row] *= after
        after *= factors[row]
    return others


def rules_up_to(n_factors: int) -> Numbers:
    """float64 (2, n_factors + 1, n_factors): points and weights by the number of factors."""
    rules = np.zeros((2, n_factors + 1, n_factors))
    for d in range(1, n_factors + 1):
        points, weights = gauss_legendre(d)
        rules[0, d, : len(points)], rules[1, d, : len(points)] = points, weights
    return rules
