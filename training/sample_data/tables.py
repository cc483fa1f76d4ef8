"""The eight tables of one chunk of applicants, with keys that fit together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags

from training.sample_data.applications.application import application_tables
from training.sample_data.categories import Columns, select
from training.sample_data.histories.bureau import bureau_tables
from training.sample_data.histories.credit_card import credit_card_table
from training.sample_data.histories.payments import instalments_table, pos_cash_table
from training.sample_data.histories.previous import previous_table
from training.sample_data.histories.repayment import draw_cards, draw_loans, loan_days
from training.sample_data.histories.requests import draw_requests
from training.sample_data.population import Population, draw_population
from training.sample_data.sampling import Chunk
from training.sample_data.schema import SECONDARY_TABLES

APPLICANTS_AT_ONCE = 20_000
FIRST_APPLICANT = 100_001
FIRST_PREVIOUS = 1_000_001
FIRST_BUREAU = 5_000_000

Tables = dict[str, Columns]


@dataclass
class FreeIds:
    """The next keys that no row has yet."""

    previous: int = FIRST_PREVIOUS
    bureau: int = FIRST_BUREAU


def draw_tables(applicants: int, seed: int) -> Iterator[tuple[int, Tables]]:
    """Draw chunk after chunk; memory depends on the chunk alone.

    applicants : rows of application_train; one sixth more have no known outcome

    Yields how many applicants the chunk has, and its tables.
    """
    in_train = _known_outcomes(applicants, seed)
    free = FreeIds()
    for number, start in enumerate(range(0, len(in_train), APPLICANTS_AT_ONCE)):
        known = in_train[start : start + APPLICANTS_AT_ONCE]
        chunk = Chunk(seed, number)
        ids = FIRST_APPLICANT + start + np.arange(len(known))
        yield len(known), draw_chunk(chunk, draw_population(chunk, ids, known), free)


def with_unknown_outcome(applicants: int) -> int:
    """Rows of application_test for so many rows of application_train."""
    return max(applicants // 6, 1)


def _known_outcomes(applicants: int, seed: int) -> Flags:
    """bool (all applicants,), exactly `applicants` of them true, spread at random."""
    known = np.ones(applicants + with_unknown_outcome(applicants), dtype=np.bool_)
    rng = Chunk(seed, 0).stream("known outcomes")
    known[rng.permutation(len(known))[applicants:]] = False
    return known


def draw_chunk(chunk: Chunk, people: Population, free: FreeIds) -> Tables:
    secondary = bureau_tables(chunk, people, free.bureau)
    free.bureau += len(secondary["bureau"]["SK_ID_BUREAU"])
    secondary |= _past_loans(chunk, people, free)
    return application_tables(chunk, people) | {
        table: _as_published(chunk, table, secondary[table]) for table in SECONDARY_TABLES
    }


def _past_loans(chunk: Chunk, people: Population, free: FreeIds) -> Tables:
    requests = draw_requests(chunk, people, free.previous)
    free.previous += len(requests)
    loans = draw_loans(chunk, people, requests)
    cards = draw_cards(chunk, people, requests)
    card_months = credit_card_table(chunk, people, requests, cards)
    paid = np.asarray(card_months["AMT_PAYMENT_TOTAL_CURRENT"])
    days = loan_days(chunk, requests, loans, cards)
    return {
        "previous_application": previous_table(chunk, people, requests, days),
        "POS_CASH_balance": pos_cash_table(chunk, people, requests, loans),
        "credit_card_balance": card_months,
        "installments_payments": instalments_table(chunk, people, requests, loans, cards, paid),
    }


def _as_published(chunk: Chunk, table: str, columns: Columns) -> Columns:
    """Columns in the published order, rows in none, but for the months of the bureau's balance."""
    ordered = {name: columns[name] for name in SECONDARY_TABLES[table]}
    if table == "bureau_balance":
        return ordered
    rows = len(next(iter(columns.values())))
    return select(ordered, chunk.stream(f"order of {table}").permutation(rows))
