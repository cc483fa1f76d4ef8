"""Earlier applications with this lender: what was asked for, and whether it was granted."""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import (
    Category,
    draw_in_contexts,
)
from training.sample_data.population import Population
from training.sample_data.sampling import (
    Chunk,
    Integers,
    Quantiles,
    clustered_counts,
    from_normal,
    happens,
    logistic,
    repeated,
    rounded_to,
)

TABLE = "previous_application"
CASH, CONSUMER, CARD = 0, 1, 2
CONTEXTS = ("cash", "consumer", "revolving")

DAYS_DECISION: tuple[Quantiles, ...] = (
    (2, 9, 116, 228, 409, 766, 1330, 2640, 2922),
    (2, 40, 263, 524, 1050, 1930, 2520, 2870, 2922),
    (3, 25, 182, 300, 650, 1500, 2600, 2850, 2922),
)
AMOUNT: tuple[Quantiles, ...] = (
    (22.5e3, 45e3, 90e3, 140e3, 279e3, 572e3, 1.06e6, 1.86e6, 3.15e6),
    (4500, 15.9e3, 25.7e3, 39.8e3, 70.9e3, 118e3, 180e3, 486e3, 2.97e6),
    (20.6e3, 45e3, 45e3, 67.5e3, 158e3, 270e3, 450e3, 900e3, 1.35e6),
)
MONTHS: tuple[Quantiles, ...] = (
    (6, 6, 11, 14, 24, 36, 50, 60, 60),
    (3, 4, 6, 7, 10, 12, 17, 24, 48),
    (0, 0, 0, 0, 0, 0, 0, 0, 0),
)
TERMS = np.array([0, 3, 4, 5, 6, 8, 10, 12, 14, 18, 24, 30, 36, 42, 48, 54, 60])


@dataclass(frozen=True, slots=True)
class Requests:
    """The earlier applications; all arrays have one entry each.

    person : int64, index in the population
    ids : int64, SK_ID_PREV
    kind : int64, CASH, CONSUMER or CARD
    status : "Approved", "Refused", "Canceled" or "Unused offer"
    decided : int64, days before the application, negative
    asked, credit : float64, 0 where the request never came to an amount
    term : int64, months; 0 for a card
    annuity : float64, monthly payment
    """

    person: Integers
    ids: Integers
    kind: Integers
    status: Category
    decided: Integers
    asked: Numbers
    credit: Numbers
    term: Integers
    annuity: Numbers

    def __len__(self) -> int:
        return len(self.person)

    @property
    def approved(self) -> Flags:
        return self.status.equals("Approved")


def draw_requests(chunk: Chunk, people: Population, first_id: int) -> Requests:
    """first_id : the first SK_ID_PREV that is free."""
    rng = chunk.stream("previous_application")
    known = happens(rng, logistic(2.95 + 0.2 * people.age), len(people))
    counts = 1 + clustered_counts(rng, 3.83 * np.exp(0.22 * people.appetite - 0.02), 1.1)
    rows = repeated(np.where(known, counts, 0))
    person, n = rows.owner, len(rows)
    later = np.minimum(rows.position, 1)
    types = draw_in_contexts(rng, TABLE, "NAME_CONTRACT_TYPE", later, ("first", "later"))
    kind = types.codes.astype(np.int64)
    status = _status(rng, people, person, kind, later)
    size = rng.standard_normal(n)
    asked = _asked(rng, kind, status, size)
    term = _term(rng, kind, size)
    credit = np.where(kind == CARD, asked, rounded_to(asked * (0.95 + 0.3 * rng.random(n)), 4.5))
    return Requests(
        person=person,
        ids=first_id + rng.permutation(n),
        kind=kind,
        status=status,
        decided=_decided(rng, kind, status),
        asked=asked,
        credit=credit,
        term=term,
        annuity=_annuity(rng, kind, credit, term),
    )


def _by_kind(kind: Integers, z: Numbers, quantiles: tuple[Quantiles, ...]) -> Numbers:
    return np.choose(kind, [from_normal(z, values) for values in quantiles])


def _decided(rng: np.random.Generator, kind: Integers, status: Category) -> Integers:
    """Day of the decision; what was granted is remembered from longer ago."""
    z = rng.standard_normal(len(kind)) + np.where(status.equals("Approved"), 0.15, -0.2)
    return -_by_kind(kind, z, DAYS_DECISION).astype(np.int64)


def _status(
    rng: np.random.Generator,
    people: Population,
    person: Integers,
    kind: Integers,
    later: Integers,
) -> Category:
    """Who pays late, borrows much and has poor scores is refused more often.

    person, kind : as in `Requests`; later : 0 for a first purchase, which is nearly always granted
    """
    n = len(person)
    status = draw_in_contexts(rng, TABLE, "NAME_CONTRACT_STATUS", kind, CONTEXTS)
    worse = (
        0.35 * people.appetite
        - 0.6 * people.discipline
        - 0.35 * people.external_scores[:, 1:].sum(axis=1)
    )
    share = np.array([[0.06, 0.03, 0.06], [0.24, 0.17, 0.19]])[later, kind]
    refused = happens(rng, logistic(np.log(share / (1 - share)) + worse[person]), n)
    granted = status.replaced(status.equals("Refused"), "Approved")
    return granted.replaced(refused & granted.equals("Approved"), "Refused")


def _asked(rng: np.random.Generator, kind: Integers, status: Category, size: Numbers) -> Numbers:
    """size : float64 (n,), standard normal"""
    n = len(kind)
    amount = rounded_to(_by_kind(kind, size, AMOUNT), 4.5)
    in_thousands = happens(rng, np.array([0.85, 0.3, 1.0])[kind], n)
    amount = np.where(in_thousands, np.maximum(rounded_to(amount, 4500.0), 4500.0), amount)
    nothing = status.equals("Canceled") & happens(rng, np.array([0.965, 0.82, 0.99])[kind], n)
    nothing |= status.equals("Refused") & happens(rng, np.array([0.17, 0.0, 0.28])[kind], n)
    return np.where(nothing, 0.0, amount)


def _term(rng: np.random.Generator, kind: Integers, size: Numbers) -> Integers:
    """Months to pay back, of those that are offered; more money takes longer."""
    exact = _by_kind(kind, 0.7 * size + 0.71 * rng.standard_normal(len(kind)), MONTHS)
    between = (TERMS[1:] + TERMS[:-1]) / 2
    term: Integers = TERMS[np.searchsorted(between, exact)]
    return term


def _annuity(rng: np.random.Generator, kind: Integers, credit: Numbers, term: Integers) -> Numbers:
    rate = 0.008 + 0.03 * rng.random(len(kind))
    monthly = credit * rate / (1.0 - (1.0 + rate) ** -np.maximum(term, 1))
    return rounded_to(np.where(kind == CARD, credit * 0.05, monthly), 0.045)
