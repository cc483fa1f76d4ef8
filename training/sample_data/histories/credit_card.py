"""credit_card_balance: what was drawn on each card, owed and paid back, month by month."""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Columns, constant
from training.sample_data.histories.repayment import Cards
from training.sample_data.histories.requests import Requests
from training.sample_data.population import Population
from training.sample_data.sampling import Chunk, blank, happens, logistic, rounded_to

NEVER_USED = 0.36
MINIMUM_PAYMENT = 0.05


def credit_card_table(
    chunk: Chunk, people: Population, requests: Requests, cards: Cards
) -> Columns:
    rng = chunk.stream("credit_card_balance")
    request = cards.request[cards.rows.owner]
    balance = _balance(rng, people, requests, cards)
    return {
        "SK_ID_PREV": requests.ids[request],
        "SK_ID_CURR": people.applicant_ids[requests.person[request]],
        "MONTHS_BALANCE": cards.month,
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": cards.limit[cards.rows.owner].astype(np.int64),
        **_drawings(rng, balance),
        **_payments(rng, cards, balance),
        **_receivables(balance),
        **_counts(rng, cards, balance),
    }


def _balance(
    rng: np.random.Generator, people: Population, requests: Requests, cards: Cards
) -> Numbers:
    """What is owed: nothing until the card is first used, then near the holder's usual share.

    float64 (months,)
    """
    person, n = requests.person[cards.request], len(cards.request)
    taste = 0.9 * people.appetite[person] - 0.6 * people.discipline[person]
    usual = logistic(0.7 + taste + 0.9 * rng.standard_normal(n))
    first_use = np.where(happens(rng, NEVER_USED, n), 999, rng.geometric(0.12, n))
    owner = cards.rows.owner
    in_use = (cards.rows.position >= first_use[owner]) & happens(rng, 0.9, len(owner))
    share = np.clip(usual[owner] + 0.15 * rng.standard_normal(len(owner)), 0.0, 1.06)
    return np.where(in_use, np.round(cards.limit[owner] * share, 2), 0.0)


def _drawings(rng: np.random.Generator, balance: Numbers) -> Columns:
    """Amounts and numbers of drawings, in all and by place; places unknown for a card at rest."""
    n = len(balance)
    draws = balance > 0.0
    at_rest = ~draws & happens(rng, 0.38, n)
    times = {
        "ATM": np.where(draws & happens(rng, 0.27, n), rng.geometric(0.6, n), 0),
        "OTHER": (draws & happens(rng, 0.008, n)).astype(np.int64),
        "POS": np.where(draws & happens(rng, 0.22, n), rng.geometric(0.25, n), 0),
    }
    each = {"ATM": 19000.0, "OTHER": 50000.0, "POS": 5400.0}
    amounts = {
        place: rounded_to(times[place] * mean * (0.2 + 1.6 * rng.random(n)), 45.0)
        for place, mean in each.items()
    }
    return {
        "AMT_DRAWINGS_ATM_CURRENT": blank(amounts["ATM"], at_rest),
        "AMT_DRAWINGS_CURRENT": amounts["ATM"] + amounts["OTHER"] + amounts["POS"],
        "AMT_DRAWINGS_OTHER_CURRENT": blank(amounts["OTHER"], at_rest),
        "AMT_DRAWINGS_POS_CURRENT": blank(amounts["POS"], at_rest),
        "CNT_DRAWINGS_ATM_CURRENT": blank(times["ATM"], at_rest),
        "CNT_DRAWINGS_CURRENT": times["ATM"] + times["OTHER"] + times["POS"],
        "CNT_DRAWINGS_OTHER_CURRENT": blank(times["OTHER"], at_rest),
        "CNT_DRAWINGS_POS_CURRENT": blank(times["POS"], at_rest),
    }


def _payments(rng: np.random.Generator, cards: Cards, balance: Numbers) -> Columns:
    n = len(balance)
    least = rounded_to(balance * MINIMUM_PAYMENT, 45.0)
    more = np.where(happens(rng, 0.35, n), 1.0 + rng.exponential(2.0, n), 1.02)
    paid = np.where(cards.days_late > 20, 0.0, rounded_to(least * more, 4.5))
    nothing_due = (balance == 0.0) & happens(rng, 0.39, n)
    return {
        "AMT_INST_MIN_REGULARITY": blank(least, (balance == 0.0) & happens(rng, 0.12, n)),
        "AMT_PAYMENT_CURRENT": blank(paid, nothing_due),
        "AMT_PAYMENT_TOTAL_CURRENT": paid,
    }


def _receivables(balance: Numbers) -> Columns:
    return {
        "AMT_RECEIVABLE_PRINCIPAL": np.round(balance * 0.955, 2),
        "AMT_RECIVABLE": balance,
        "AMT_TOTAL_RECEIVABLE": balance,
    }


def _counts(rng: np.random.Generator, cards: Cards, balance: Numbers) -> Columns:
    n = len(balance)
    days = np.where((cards.days_late > 7) & (balance > 0.0), cards.days_late, 0)
    mature = np.floor(cards.rows.position * 0.62)
    unknown: Flags = (balance == 0.0) & happens(rng, 0.12, n)
    status = constant("Active", n).replaced(happens(rng, 0.034, n), "Completed")
    return {
        "CNT_INSTALMENT_MATURE_CUM": blank(mature, unknown),
        "NAME_CONTRACT_STATUS": status.replaced(happens(rng, 0.003, n), "Signed"),
        "SK_DPD": days,
        "SK_DPD_DEF": np.where(happens(rng, 0.5, n), np.minimum(days, 60), 0),
    }
