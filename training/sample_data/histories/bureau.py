"""What other lenders told the credit bureau: the credits, and for some their monthly balance."""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Category, Columns, draw, of_names
from training.sample_data.population import Population
from training.sample_data.sampling import (
    Chunk,
    Integers,
    Quantiles,
    Repeated,
    blank,
    clustered_counts,
    from_normal,
    from_quantiles,
    happens,
    log_odds,
    logistic,
    repeated,
)

DAYS_CREDIT: Quantiles = (0, 37, 223, 476, 984, 1650, 2420, 2870, 2922)
MAX_OVERDUE: Quantiles = (0.5, 8.5, 620, 3370, 7420, 15e3, 28.2e3, 105e3, 4.2e6)
MONTH = 30.44
LONGEST_BALANCE = 97

# Type of credit -> (amount, duration in days); the rare types are like a car loan.
KINDS: dict[str, tuple[Quantiles, Quantiles]] = {
    "Consumer credit": (
        (1350, 13.5e3, 27.8e3, 54e3, 119e3, 315e3, 795e3, 2.44e6, 40e6),
        (1, 16, 127, 212, 365, 830, 1826, 1827, 3650),
    ),
    "Credit card": (
        (450, 4500, 45e3, 76.5e3, 135e3, 270e3, 450e3, 936e3, 4.8e6),
        (1, 30, 365, 1070, 1380, 2570, 31000, 33000, 34000),
    ),
    "Car loan": (
        (4500, 119e3, 690e3, 1.03e6, 1.62e6, 2.36e6, 3.38e6, 8e6, 10e6),
        (17, 170, 730, 1100, 1820, 1826, 1827, 2550, 2560),
    ),
    "Mortgage": (
        (360e3, 982e3, 1.93e6, 3.02e6, 4.72e6, 6.98e6, 9.81e6, 17.8e6, 92e6),
        (28, 140, 2620, 3660, 5480, 7300, 7630, 10950, 10975),
    ),
    "Microloan": (
        (2760, 4500, 9000, 13.5e3, 22.5e3, 45e3, 70.6e3, 396e3, 2.25e6),
        (1, 4, 8, 15, 21, 58, 228, 737, 1096),
    ),
}


def bureau_tables(chunk: Chunk, people: Population, first_id: int) -> dict[str, Columns]:
    """bureau and bureau_balance.

    first_id : the first SK_ID_BUREAU that is free
    """
    rng = chunk.stream("bureau")
    counts = 1 + clustered_counts(rng, 4.45 * np.exp(0.22 * people.appetite - 0.02), 1.4)
    rows = repeated(np.where(people.known_to_bureau, counts, 0))
    bureau = _credits(rng, people, rows, first_id)
    return {
        "bureau": bureau,
        "bureau_balance": _balance(chunk, people, rows, bureau),
    }


def _credits(
    rng: np.random.Generator, people: Population, rows: Repeated, first_id: int
) -> Columns:
    n = len(rows)
    appetite, discipline = people.appetite[rows.owner], people.discipline[rows.owner]
    kind = draw(rng, "bureau", "CREDIT_TYPE", n)
    z = rng.standard_normal(n) - 0.25 * appetite + 0.1 * discipline
    opened = -from_normal(z, DAYS_CREDIT).astype(np.int64)
    amount, duration = _terms(rng, kind)
    due = opened + duration
    ended = np.minimum(due, 0) - _early(rng, duration, opened)
    open_ended = kind.equals("Credit card")
    active = happens(rng, np.where(open_ended, 0.68, np.where(due > 0, 0.80, 0.06)), n)
    closed_on = np.clip(ended, opened, -1)
    return {
        "SK_ID_CURR": people.applicant_ids[rows.owner],
        "SK_ID_BUREAU": first_id + rng.permutation(n),
        **_status(rng, active, discipline),
        "CREDIT_CURRENCY": draw(rng, "bureau", "CREDIT_CURRENCY", n),
        "DAYS_CREDIT": opened,
        **_overdue(rng, active, amount, discipline),
        "DAYS_CREDIT_ENDDATE": blank(due, happens(rng, np.where(active, 0.117, 0.031), n)),
        "DAYS_ENDDATE_FACT": blank(closed_on, active),
        "CNT_CREDIT_PROLONG": _prolonged(rng, discipline),
        **_amounts(rng, active, open_ended, amount, opened, duration, appetite),
        "CREDIT_TYPE": kind,
        "DAYS_CREDIT_UPDATE": _updated(rng, active, closed_on),
        "AMT_ANNUITY": _annuity(rng, active, amount, duration),
    }


def _terms(rng: np.random.Generator, kind: Category) -> tuple[Numbers, Integers]:
    """Amount and planned days of each credit."""
    n = len(kind)
    z_amount, z_days = rng.standard_normal((2, n))
    amount, days = (
        from_normal(z, KINDS["Car loan"][which]) for which, z in enumerate((z_amount, z_days))
    )
    for name, (amounts, durations) in KINDS.items():
        here = kind.equals(name)
        amount = np.where(here, from_normal(z_amount, amounts), amount)
        days = np.where(here, from_normal(0.4 * z_amount + 0.92 * z_days, durations), days)
    return np.round(amount / 4.5) * 4.5, np.maximum(days, 1).astype(np.int64)


def _early(rng: np.random.Generator, duration: Integers, opened: Integers) -> Integers:
    """Days by which a credit ended before it was due."""
    n = len(duration)
    share = np.where(happens(rng, 0.42, n), rng.random(n), 0.0)
    return (share * np.minimum(duration, -opened)).astype(np.int64)


def _status(rng: np.random.Generator, active: Flags, discipline: Numbers) -> Columns:
    n = len(active)
    status = of_names(("Closed", "Active", "Sold", "Bad debt"), active)
    sold = happens(rng, logistic(log_odds(0.0035) - 0.5 * discipline), n)
    lost = happens(rng, 1e-5, n)
    return {"CREDIT_ACTIVE": status.replaced(sold, "Sold").replaced(lost, "Bad debt")}


def _overdue(
    rng: np.random.Generator, active: Flags, amount: Numbers, discipline: Numbers
) -> Columns:
    n = len(active)
    now = happens(rng, logistic(log_odds(0.0035) - 1.0 * discipline), n) & active
    days = np.where(now, np.minimum(rng.geometric(0.02, n), 2700), 0)
    ever = now | happens(rng, logistic(log_odds(0.17) - 0.8 * discipline), n)
    most = np.where(ever, np.round(from_quantiles(rng, n, MAX_OVERDUE), 2), 0.0)
    return {
        "CREDIT_DAY_OVERDUE": days,
        "AMT_CREDIT_MAX_OVERDUE": blank(np.maximum(most, 0.0), happens(rng, 0.67, n) & ~now),
        "AMT_CREDIT_SUM_OVERDUE": np.round(np.where(now, amount * 0.1 * rng.random(n), 0.0), 2),
    }


def _prolonged(rng: np.random.Generator, discipline: Numbers) -> Integers:
    n = len(discipline)
    times = np.minimum(rng.geometric(0.75, n), 9)
    return np.where(happens(rng, logistic(log_odds(0.0038) - 0.4 * discipline), n), times, 0)


def _amounts(
    rng: np.random.Generator,
    active: Flags,
    open_ended: Flags,
    amount: Numbers,
    opened: Integers,
    duration: Integers,
    appetite: Numbers,
) -> Columns:
    n = len(active)
    elapsed = np.clip(-opened / duration, 0.0, 1.0)
    used = np.clip(0.45 + 0.2 * appetite + 0.3 * rng.standard_normal(n), 0.0, 1.0)
    debt = np.where(active, amount * np.where(open_ended, used, 1.0 - elapsed), 0.0)
    limit = np.where(open_ended & active & happens(rng, 0.35, n), amount - debt, 0.0)
    return {
        "AMT_CREDIT_SUM": blank(
            np.where(happens(rng, 0.03, n), 0.0, amount), happens(rng, 1e-5, n)
        ),
        "AMT_CREDIT_SUM_DEBT": blank(
            np.round(debt, 2), happens(rng, np.where(active, 0.106, 0.165), n)
        ),
        "AMT_CREDIT_SUM_LIMIT": blank(
            np.round(limit, 2), happens(rng, np.where(active, 0.3, 0.41), n)
        ),
    }


def _updated(rng: np.random.Generator, active: Flags, closed_on: Integers) -> Integers:
    lately = -np.minimum(rng.exponential(25.0, len(active)), 400.0)
    after = closed_on * np.where(happens(rng, 0.6, len(active)), 0.9, 0.35)
    return np.where(active, lately, after).astype(np.int64)


def _annuity(
    rng: np.random.Generator, active: Flags, amount: Numbers, duration: Integers
) -> Numbers:
    n = len(active)
    monthly = amount / np.clip(duration / MONTH, 1.0, 120.0) * (1.0 + 0.3 * rng.random(n))
    told = np.where(happens(rng, 0.55, n), 0.0, np.round(monthly / 4.5) * 4.5)
    return blank(told, happens(rng, np.where(active, 0.60, 0.78), n))


def _balance(chunk: Chunk, people: Population, credits_: Repeated, bureau: Columns) -> Columns:
    """Month by month: X unknown, C closed, 0 in time, 1 to 5 the degree of lateness."""
    rng = chunk.stream("bureau_balance")
    told = happens(rng, 0.435, len(people))[credits_.owner]
    opened = np.asarray(bureau["DAYS_CREDIT"])
    months = np.minimum((-opened / MONTH).astype(np.int64) + 1, LONGEST_BALANCE)
    rows = repeated(np.where(told, months, 0))
    ended = np.nan_to_num(np.asarray(bureau["DAYS_ENDDATE_FACT"]), nan=0.0) / MONTH
    closed = -rows.position > ended[rows.owner]
    return {
        "SK_ID_BUREAU": np.asarray(bureau["SK_ID_BUREAU"])[rows.owner],
        "MONTHS_BALANCE": -rows.position,
        "STATUS": _month_status(rng, people.discipline[credits_.owner], rows, closed),
    }


def _month_status(
    rng: np.random.Generator, discipline: Numbers, rows: Repeated, closed: Flags
) -> Category:
    """discipline : float64 (credits,), of each credit's owner."""
    n, of_credit = len(rows), len(discipline)
    unknown = happens(rng, np.where(happens(rng, 0.17, of_credit), 0.93, 0.09)[rows.owner], n)
    often = log_odds(0.018) - 1.2 * discipline + 0.5 * rng.standard_normal(of_credit)
    late = happens(rng, logistic(often)[rows.owner], n)
    degree = np.minimum(rng.geometric(0.86, n), 5)
    in_time = np.where(late, degree, 0)
    codes = np.where(unknown, 7, np.where(closed, 6, in_time))
    return of_names(("0", "1", "2", "3", "4", "5", "C", "X"), codes)
