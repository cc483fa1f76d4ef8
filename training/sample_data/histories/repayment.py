"""The granted loans and cards: when they started, what was due each month, what came late."""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Columns
from training.sample_data.histories.requests import CARD, CASH, Requests
from training.sample_data.population import Population
from training.sample_data.sampling import (
    Chunk,
    Integers,
    Repeated,
    blank,
    happens,
    log_odds,
    logistic,
    repeated,
)

# A day that never came, in the columns that count days.
NEVER = 365243.0
MONTH = 30.44
INSTALMENT = 30
LONGEST_HISTORY = 96
LATE = 0.033


@dataclass(frozen=True, slots=True)
class Loans:
    """Granted cash and consumer loans whose first instalment has fallen due.

    request : int64 (loans,), index in the requests
    first_due : int64 (loans,), day of the first instalment, negative
    term, end : int64 (loans,), instalments agreed, and after which it was paid back
    rows : (instalments,), one for each instalment due so far, one more where all is paid back
    closing : bool (instalments,), that additional one
    days_late : int64 (instalments,), negative when paid early
    """

    request: Integers
    first_due: Integers
    term: Integers
    end: Integers
    rows: Repeated
    closing: Flags
    days_late: Integers


@dataclass(frozen=True, slots=True)
class Cards:
    """Granted credit cards.

    request : int64 (cards,), index in the requests
    limit : float64 (cards,)
    rows : (months,), from the oldest to the latest
    month : int64 (months,), -1 is the last one before the application
    days_late : int64 (months,)
    """

    request: Integers
    limit: Numbers
    rows: Repeated
    month: Integers
    days_late: Integers


def draw_loans(chunk: Chunk, people: Population, requests: Requests) -> Loans:
    rng = chunk.stream("loans")
    started = requests.approved & (requests.kind != CARD) & (requests.decided < -33)
    request = np.flatnonzero(started & happens(rng, 0.985, len(requests)))
    n = len(request)
    first_due = requests.decided[request] + 30 + rng.integers(0, 4, n)
    term = requests.term[request]
    end = _end(rng, requests.kind[request], term)
    due = np.minimum(end, -first_due // INSTALMENT + 1)
    rows = repeated(due + (due == end))
    return Loans(
        request=request,
        first_due=first_due,
        term=term,
        end=end,
        rows=rows,
        closing=rows.position == due[rows.owner],
        days_late=_days_late(rng, people.discipline[requests.person[request]], rows),
    )


def _end(rng: np.random.Generator, kind: Integers, term: Integers) -> Integers:
    """Instalments until the loan is paid back; many pay the rest at once before the end."""
    n = len(kind)
    early = happens(rng, np.where(kind == CASH, 0.62, 0.40), n)
    share = np.where(early, 0.15 + 0.8 * rng.random(n), 1.0)
    return np.maximum(np.ceil(term * share), 1).astype(np.int64)


def draw_cards(chunk: Chunk, people: Population, requests: Requests) -> Cards:
    rng = chunk.stream("cards")
    started = requests.approved & (requests.kind == CARD) & (requests.decided < -33)
    request = np.flatnonzero(started)
    months = np.minimum((-requests.decided[request] / MONTH).astype(np.int64), LONGEST_HISTORY)
    rows = repeated(months)
    chosen = rng.choice(np.array([45e3, 90e3, 135e3, 180e3, 270e3, 450e3]), len(request))
    asked = requests.asked[request]
    return Cards(
        request=request,
        limit=np.where(asked == 0.0, chosen, asked),
        rows=rows,
        month=rows.position - months[rows.owner],
        days_late=_days_late(rng, people.discipline[requests.person[request]], rows),
    )


def _days_late(rng: np.random.Generator, discipline: Numbers, rows: Repeated) -> Integers:
    """Most pay some days early; who pays late once does it again.

    discipline : float64 (owners,), of each loan's or card's holder
    """
    n, owners = len(rows), len(discipline)
    habit = log_odds(LATE) - 1.2 * discipline + 0.5 * rng.standard_normal(owners)
    late = happens(rng, logistic(habit)[rows.owner], n)
    delay = np.ceil(rng.exponential(1.0, n) ** 2.2 * 6.0)
    early = np.floor(rng.exponential(9.0, n))
    return np.where(late, np.minimum(delay, 2800), -np.minimum(early, 60)).astype(np.int64)


def loan_days(chunk: Chunk, requests: Requests, loans: Loans, cards: Cards) -> Columns:
    """The columns of previous_application about a loan's course, empty where none was granted."""
    rng = chunk.stream("loan days")
    n, last_due = len(requests), loans.first_due + INSTALMENT * (loans.end - 1)
    over = last_due < -10
    course = {
        "DAYS_FIRST_DRAWING": np.full(len(last_due), NEVER),
        "DAYS_FIRST_DUE": loans.first_due,
        "DAYS_LAST_DUE_1ST_VERSION": loans.first_due + INSTALMENT * (loans.term - 1),
        "DAYS_LAST_DUE": np.where(over, last_due, NEVER),
        "DAYS_TERMINATION": np.where(over, last_due + rng.integers(2, 9, len(over)), NEVER),
    }
    granted = np.zeros(n, dtype=np.bool_)
    granted[loans.request] = granted[cards.request] = True
    columns: dict[str, Numbers] = {}
    for name, days in course.items():
        columns[name] = np.full(n, np.nan)
        columns[name][loans.request] = days
        columns[name][cards.request] = NEVER
    _first_use(rng, columns, requests, cards)
    insured = (requests.credit > requests.asked) & happens(rng, 0.55, n)
    return {**columns, "NFLAG_INSURED_ON_APPROVAL": blank(insured, ~granted)}


def _first_use(
    rng: np.random.Generator, columns: dict[str, Numbers], requests: Requests, cards: Cards
) -> None:
    """Two cards of three have been used: they have a first drawing and a first due day."""
    used = cards.request[happens(rng, 0.64, len(cards.request))]
    drawn = requests.decided[used] + rng.integers(1, 30, len(used))
    for name, days in (("DAYS_FIRST_DRAWING", drawn), ("DAYS_FIRST_DUE", drawn + 30)):
        columns[name][used] = np.minimum(days, -1)
