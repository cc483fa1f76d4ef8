"""Other amounts and durations of the same request, scored at once: what would be accepted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_scoring.arrays import Numbers
from credit_scoring.contract.applicants import Applicants
from credit_scoring.decision import accepts
from credit_scoring.scoring import Model, Verdicts, judge_applicants
from credit_scoring.what_if.loan_terms import ANNUITY, CREDIT, GOODS_PRICE, LONGEST, Terms
from credit_scoring.what_if.own_group import probabilities_in_own_group
from credit_scoring.what_if.stacking import keeps, vary

AMOUNTS, DURATIONS = 20, 10


@dataclass(frozen=True)
class CounterOffer:
    """Loans in all combinations of A amounts and D durations, the shortest of an amount first.

    amounts : float64 (A,), rising; durations : float64 (D,), whole numbers, rising
    annuities : float64 (A * D,); distance : float64 (A * D,), from the request
    scores : of all loans, in their order
    accepted : bool (A * D,), without those that the contract would not take, and those that are
        accepted only for whom else they are sold to (own_group.py)
    """

    terms: Terms
    amounts: Numbers
    durations: Numbers
    annuities: Numbers
    distance: Numbers
    scores: Verdicts
    accepted: NDArray[np.bool_]

    def amount(self, loan: int) -> float:
        return float(self.amounts[loan // len(self.durations)])

    def duration(self, loan: int) -> int:
        return int(self.durations[loan % len(self.durations)])

    def largest(self) -> int | None:
        """The largest loan that would be accepted; of equal ones the one with the lowest PD."""
        pds = self.scores.default_probabilities
        loans = np.flatnonzero(self.accepted).tolist()
        return max(loans, key=lambda loan: (self.amount(loan), -pds[loan]), default=None)

    def nearest(self, *, most: int) -> list[int]:
        """Acceptable loans near the request, the nearest first.

        Each is a choice of its own: no other acceptable loan is at least as near in both amount
        and duration.
        """
        chosen: list[int] = []
        loans = np.flatnonzero(self.accepted)
        for loan in loans[np.argsort(self.distance[loans], kind="stable")].tolist():
            if not any(self._is_as_near(other, loan) for other in chosen):
                chosen.append(loan)
        return chosen[:most]

    def _is_as_near(self, one: int, other: int) -> bool:
        pairs = zip(self._distances(one), self._distances(other), strict=True)
        return all(mine <= its for mine, its in pairs)

    def _distances(self, loan: int) -> tuple[float, float]:
        return (
            abs(self.amount(loan) / self.terms.amount - 1),
            abs(self.duration(loan) / self.terms.duration - 1),
        )


def default_amounts(terms: Terms) -> Numbers:
    """From a twentieth of the requested amount up to all of it, never more: at most 20."""
    amounts = np.round(terms.amount * np.arange(1, AMOUNTS + 1) / AMOUNTS, 2)
    return amounts[keeps({CREDIT: amounts}, {})]


def default_durations(terms: Terms) -> Numbers:
    """Whole numbers from half the requested duration to one and a half, at most 10 of them."""
    spread = np.linspace(0.5, 1.5, DURATIONS) * terms.duration
    return whole_durations(spread)


def whole_durations(values: Numbers) -> Numbers:
    whole = np.clip(np.round(values), 1, LONGEST).tolist()
    return np.array(sorted(set(whole)))


def make_counter_offer(
    model: Model, base: Applicants, terms: Terms, amounts: Numbers, durations: Numbers
) -> CounterOffer:
    """Score every amount (A,) with every duration (D,), both rising, in one call.

    The annuity is what `terms` make of amount and duration; the price of the goods follows the
    amount in proportion. Everything else stays.
    """
    amount, duration = (grid.ravel() for grid in np.meshgrid(amounts, durations, indexing="ij"))
    annuities = terms.annuities(amount, duration)
    goods = np.round(base[GOODS_PRICE] * (amount / terms.amount), 2)  # NaN stays NaN
    columns = {CREDIT: amount, ANNUITY: annuities, GOODS_PRICE: goods}
    scores = judge_applicants(model, vary(base, columns))
    own = judge_applicants(model, base).features[0]
    in_own_group = accepts(probabilities_in_own_group(scores, own), cutoff=model.cutoff)
    return CounterOffer(
        terms=terms,
        amounts=amounts,
        durations=durations,
        annuities=annuities,
        distance=np.abs(amount / terms.amount - 1) + np.abs(duration / terms.duration - 1),
        scores=scores,
        accepted=accepted_rows(scores) & in_own_group & keeps(columns, {}),
    )


def accepted_rows(scores: Verdicts) -> NDArray[np.bool_]:
    """bool (n,): whom the model accepts without a person's review."""
    return np.array([verdict == "accept" for verdict in scores.verdicts], np.bool_)
