"""Amount, annuity and duration of a loan, and what is assumed where an application is silent.

An application tells the amount C and the annuity A, not how many annuities n there are nor the
interest r of one period between them. Those four are bound by the annuity formula

    A = C * r / (1 - (1 + r)^-n),   A = C / n where r is 0

so one of n and r must come from elsewhere. When the sender knows n, the rate is the one that it
implies. When nobody does, interest is left out: n is C / A, the number of annuities that add up to
the amount. Either way a new annuity is computed at the same rate; without interest it comes out
lower for a longer loan than a lender would ask.
"""

import math
from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import with_role
from credit_scoring.errors import Contradiction, Problem

CREDIT, ANNUITY, GOODS_PRICE = with_role("credit"), with_role("annuity"), with_role("goods_price")
# The most annuities that anybody is told of: fifty years of months.
LONGEST = 600
_HALVINGS = 100  # more than a float64 can tell apart
_NO_RATE = 1e-12  # nearer to zero the formula loses its digits


@dataclass(frozen=True)
class Terms:
    """amount, annuity : as applied for; duration : in annuities; rate : a period, as a share
    assumes : "stated_duration" or "no_interest"
    """

    amount: float
    annuity: float
    duration: float
    rate: float
    assumes: str

    def annuities(self, amounts: Numbers, durations: Numbers) -> Numbers:
        """Of other loans at the same rate, in cents; shapes as they broadcast."""
        return np.round(amounts * _share(self.rate, durations), 2)

    def duration_of(self, annuity: float) -> int:
        """How many annuities of this size repay the amount, to the nearest whole number.

        At most LONGEST: in cents, an annuity over a very long time may pay interest alone.
        """
        if self.rate < _NO_RATE:
            return round(self.amount / annuity)
        paid_back = 1 - self.rate * self.amount / annuity
        if paid_back <= 0:
            return LONGEST
        return min(LONGEST, round(-math.log(paid_back) / math.log1p(self.rate)))


def read_terms(applicants: Applicants, *, duration: int | None = None) -> Terms:
    """The terms of the only application there.

    duration : number of annuities, where the sender knows it
    Raises Contradiction without an annuity, or when so few annuities do not repay the amount.
    """
    amount, annuity = float(applicants[CREDIT][0]), float(applicants[ANNUITY][0])
    if annuity != annuity:
        allowed = "an annuity, without which a loan has no duration"
        raise Contradiction([Problem(ANNUITY, "contradiction", "", allowed)])
    if duration is None:
        return Terms(amount, annuity, amount / annuity, 0.0, "no_interest")
    if duration * annuity < amount:
        least = f"a whole number from {int(np.ceil(amount / annuity))} up"
        raise Contradiction([Problem("duration", "out_of_range", str(duration), least)])
    rate = implied_rate(amount, annuity, duration)
    return Terms(amount, annuity, float(duration), rate, "stated_duration")


def implied_rate(amount: float, annuity: float, duration: float) -> float:
    """The rate of a period at which these annuities repay the amount; 0 when they just do.

    Found by halving: the annuity grows with the rate, and one of A / C would never repay.
    """
    low, high = 0.0, annuity / amount
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        too_high = amount * float(_share(middle, np.array(duration))) > annuity
        low, high = (low, middle) if too_high else (middle, high)
    return low


def _share(rate: float, durations: Numbers) -> Numbers:
    """The annuity of a loan of 1."""
    if rate < _NO_RATE:
        return 1.0 / durations
    paid_back: Numbers = -np.expm1(-durations * np.log1p(rate))
    return rate / paid_back
