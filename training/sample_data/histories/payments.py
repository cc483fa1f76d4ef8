"""POS_CASH_balance and installments_payments: how the granted loans were paid, month by month."""

import numpy as np
from credit_scoring.arrays import Numbers

from training.sample_data.categories import Columns, of_names
from training.sample_data.histories.repayment import INSTALMENT, MONTH, Cards, Loans
from training.sample_data.histories.requests import Requests
from training.sample_data.population import Population
from training.sample_data.sampling import Chunk, Integers, blank, happens

POS_STATUS = (
    "Active",
    "Completed",
    "Signed",
    "Demand",
    "Returned to the store",
    "Approved",
    "Amortized debt",
    "Canceled",
    "XNA",
)
RARE_STATUS = {"Demand": 9e-4, "Returned to the store": 6e-4, "Approved": 5e-4, "XNA": 2e-6}


def pos_cash_table(chunk: Chunk, people: Population, requests: Requests, loans: Loans) -> Columns:
    """One row for each month of a loan, the last one when it is paid back."""
    rng = chunk.stream("pos_cash_balance")
    owner, n = loans.rows.owner, len(loans.rows)
    request = loans.request[owner]
    month = np.floor(loans.first_due / MONTH).astype(np.int64)[owner] + loans.rows.position
    agreed = np.where(loans.closing, loans.end[owner], loans.term[owner])
    unknown = happens(rng, 0.0026, n)
    days = np.where(loans.days_late > 7, loans.days_late, 0)
    return {
        "SK_ID_PREV": requests.ids[request],
        "SK_ID_CURR": people.applicant_ids[requests.person[request]],
        "MONTHS_BALANCE": np.minimum(month, -1),
        "CNT_INSTALMENT": blank(agreed, unknown),
        "CNT_INSTALMENT_FUTURE": blank(agreed - loans.rows.position, unknown),
        **_pos_status(rng, loans),
        "SK_DPD": days,
        "SK_DPD_DEF": np.where(happens(rng, 0.4, n), np.minimum(days, 60), 0),
    }


def _pos_status(rng: np.random.Generator, loans: Loans) -> Columns:
    n = len(loans.rows)
    status = of_names(POS_STATUS, loans.closing)
    status = status.replaced((loans.rows.position == 0) & happens(rng, 0.09, n), "Signed")
    for name, share in RARE_STATUS.items():
        status = status.replaced(happens(rng, share, n), name)
    return {"NAME_CONTRACT_STATUS": status}


def instalments_table(
    chunk: Chunk,
    people: Population,
    requests: Requests,
    loans: Loans,
    cards: Cards,
    card_payments: Numbers,
) -> Columns:
    """One row for each payment of an instalment, of loans and of cards.

    card_payments : float64 (months,), what was paid in each month of the cards; 0 is no row
    """
    rng = chunk.stream("installments_payments")
    dues = [_loan_dues(requests, loans), _card_dues(rng, cards, card_payments)]
    request, version, number, due, late, amount = (
        np.concatenate(parts) for parts in zip(*dues, strict=True)
    )
    row, paid = _payments(rng, amount, late)
    never = happens(rng, 2.2e-4, len(row))
    return {
        "SK_ID_PREV": requests.ids[request][row],
        "SK_ID_CURR": people.applicant_ids[requests.person[request]][row],
        "NUM_INSTALMENT_VERSION": version[row].astype(np.float64),
        "NUM_INSTALMENT_NUMBER": number[row],
        "DAYS_INSTALMENT": due[row].astype(np.float64),
        "DAYS_ENTRY_PAYMENT": blank(np.minimum(due + late, -1)[row], never),
        "AMT_INSTALMENT": np.round(amount[row], 3),
        "AMT_PAYMENT": blank(np.round(paid, 3), never),
    }


Dues = tuple[Integers, Integers, Integers, Integers, Integers, Numbers]


def _loan_dues(requests: Requests, loans: Loans) -> Dues:
    """request, version, number, day due, days late and amount of each instalment of a loan."""
    row = np.flatnonzero(~loans.closing)
    loan, number = loans.rows.owner[row], loans.rows.position[row]
    request = loans.request[loan]
    rest = loans.term[loan] - loans.end[loan]
    paid_off_early = (number + 1 == loans.end[loan]) & (rest > 0)
    amount = requests.annuity[request] * np.where(paid_off_early, 1.0 + 0.9 * rest, 1.0)
    version = 1 + paid_off_early.astype(np.int64)
    day = loans.first_due[loan] + INSTALMENT * number
    return request, version, number + 1, day, loans.days_late[row], amount


def _card_dues(rng: np.random.Generator, cards: Cards, payments: Numbers) -> Dues:
    """A card has no plan: each payment is its own instalment, of version 0."""
    row = np.flatnonzero(payments > 0.0)
    row = np.concatenate([row, row[happens(rng, 0.9, len(row))]])
    day = np.floor(cards.month[row] * MONTH).astype(np.int64) + rng.integers(0, 20, len(row))
    zero = np.zeros(len(row), dtype=np.int64)
    number = cards.rows.position[row] + 1
    late = cards.days_late[row]
    return cards.request[cards.rows.owner[row]], zero, number, day, late, payments[row]


def _payments(
    rng: np.random.Generator, amount: Numbers, late: Integers
) -> tuple[Integers, Numbers]:
    """Who pays late often pays a part, and sometimes the rest in a second payment.

    Returns the index of the instalment, and what was paid, of each payment.
    """
    n = len(amount)
    in_parts = happens(rng, np.where(late > 0, 0.45, 0.055), n)
    share = np.where(in_parts, 0.1 + 0.8 * rng.random(n), 1.0)
    second = np.flatnonzero(in_parts & happens(rng, 0.5, n))
    row = np.concatenate([np.arange(n), second])
    return row, np.concatenate([amount * share, amount[second] * (1.0 - share[second])])
