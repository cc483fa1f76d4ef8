"""Questions about what nobody sent, in a warm process: from the application as JSON to the answer.

Every call is about another applicant. The reference model's PDs are made up, so counterfactuals
that find nothing have searched everything: the longest way.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

import numpy as np
from credit_scoring.contract.applicants import parse_record
from credit_scoring.scoring import score_applicants
from credit_scoring.what_if.counter_offer import (
    default_amounts,
    default_durations,
    make_counter_offer,
)
from credit_scoring.what_if.counterfactuals import Aim, find_counterfactuals
from credit_scoring.what_if.loan_terms import read_terms
from credit_scoring.what_if.simulation import simulate

from functions.score_api.routes.counter_offer.handlers import offer_content
from functions.score_api.routes.counterfactuals.handlers import found_content
from functions.score_api.routes.simulate.handlers import variant_contents
from tests.bench.measuring import Result, Settings, limited_to, percentile, times_of_calls
from tests.bench.reference_model import draw_applicants, reference_model

CALLS, WARM_UP = 200, 5
VARIANTS = 10

type Record = dict[str, object]


def run(settings: Settings) -> Iterator[Result]:
    model = reference_model().model
    count = settings.choose(CALLS, 10)
    records = draw_requests(count)
    parsed = [parse_record(record) for record in records]
    pds = [score_applicants(model, each).default_probabilities[0] for each in parsed]
    refusing = replace(model, cutoff=float(np.quantile(pds, 0.3)))
    calls: dict[str, Callable[[int], object]] = {
        "score_single": lambda n: score_applicants(model, parse_record(records[n])).reasons(0),
        f"simulate_{VARIANTS}": lambda n: _simulate(refusing, records[n]),
        "counter_offer_200": lambda n: _offer(refusing, records[n]),
        "counterfactuals": lambda n: _counterfactuals(refusing, records[n]),
    }
    with limited_to(1):
        for name, call in calls.items():
            times_of_calls(call, WARM_UP)
            times = times_of_calls(call, count)
            note = f"{count} calls, warm, 1 thread; against the 95th percentile"
            slow = percentile(times, 0.95) * 1e3
            yield Result(f"{name}_ms", median(times) * 1e3, "ms", slow, note)


def draw_requests(count: int) -> list[Record]:
    """Applications whose annuity fits to the amount."""
    applicants = draw_applicants(count, seed=3)
    rng = np.random.default_rng(3)
    records = []
    for row in range(count):
        amount = float(np.round(rng.uniform(50_000, 1_500_000), -2))
        terms = {"AMT_CREDIT": amount, "AMT_ANNUITY": round(amount / rng.uniform(9, 40), 2)}
        records.append(applicants.record(row) | terms)
    return records


def _simulate(model, record: Record) -> str:
    shares = 1 - 0.05 * np.arange(1, VARIANTS + 1)
    variants = [{"AMT_CREDIT": record["AMT_CREDIT"] * share} for share in shares.tolist()]
    found = simulate(model, parse_record(record), variants)
    return json.dumps(variant_contents(found.scores))


def _offer(model, record: Record) -> str:
    base = parse_record(record)
    terms = read_terms(base)
    grid = default_amounts(terms), default_durations(terms)
    return json.dumps(offer_content(make_counter_offer(model, base, terms, *grid), most=3))


def _counterfactuals(model, record: Record) -> str:
    base = parse_record(record)
    found = find_counterfactuals(model, base, read_terms(base), Aim(), most=3)
    return json.dumps(found_content(base, found))
