"""POST /counter-offer: which other amounts and durations would be accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from credit_scoring.errors import Contradiction, Problem
from credit_scoring.scoring import Verdicts, judge_applicants
from credit_scoring.what_if.counter_offer import (
    CounterOffer,
    default_amounts,
    default_durations,
    make_counter_offer,
    whole_durations,
)
from credit_scoring.what_if.loan_terms import LONGEST, Terms, read_terms
from numpy.typing import NDArray

from functions.score_api.answers.what_if import BASE, answer_head, read_base, verdict
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

RANGE = ("least", "most", "count")
MOST_AMOUNTS, MOST_DURATIONS, MOST_LOANS = 100, 60, 1_000
MOST_ALTERNATIVES, ALTERNATIVES = 10, 3
LARGEST_AMOUNT = 1e9


@dataclass(frozen=True)
class OfferRange:
    """`count` values from `least` to `most`."""

    least: float
    most: float
    count: int

    @property
    def values(self) -> NDArray[np.float64]:
        return np.linspace(self.least, self.most, self.count)


@dataclass(frozen=True)
class Wanted:
    """duration : of the request, where the sender knows it; amounts, durations : None for default
    most : alternatives
    """

    duration: int | None
    amounts: OfferRange | None
    durations: OfferRange | None
    most: int


def make_offer(request: Request, service: Service) -> Response:
    content = read_json_object(request)
    wanted = read_wanted(content)
    model = service.model.current().model
    base = read_base(request, service, model, content)
    terms = read_terms(base, duration=wanted.duration)
    amounts, durations = _grid(wanted, terms)
    offer = make_counter_offer(model, base, terms, amounts, durations)
    request.outcome.note(model_version=model.version)
    requested = requested_content(terms, judge_applicants(model, base))
    head = {**answer_head(base, model), "requested": requested}
    return json_response({**head, **offer_content(offer, most=wanted.most)})


def read_wanted(content: Mapping[str, Any]) -> Wanted:
    """Raises InvalidApplicant with everything that is wrong with the body."""
    fields = BodyFields(content, (*BASE, "duration", "amounts", "durations", "most"))
    wanted = Wanted(
        duration=read_duration(fields),
        amounts=_range(fields, "amounts", LARGEST_AMOUNT, MOST_AMOUNTS, default=20),
        durations=_range(fields, "durations", LONGEST, MOST_DURATIONS, default=10),
        most=fields.whole("most", ALTERNATIVES, least=1, most=MOST_ALTERNATIVES),
    )
    fields.check()
    loans = (wanted.amounts.count if wanted.amounts else 20) * (
        wanted.durations.count if wanted.durations else 10
    )
    if loans > MOST_LOANS:
        allowed = f"at most {MOST_LOANS} loans, amounts times durations"
        raise Contradiction([Problem("amounts.count", "out_of_range", str(loans), allowed)])
    return wanted


def read_duration(fields: BodyFields) -> int | None:
    found = fields.whole("duration", 0, least=1, most=LONGEST)
    return found or None


def _range(
    fields: BodyFields, name: str, largest: float, most: int, *, default: int
) -> OfferRange | None:
    if not fields.has(name):
        return None
    inner = fields.inside(name, RANGE)
    for needed in ("least", "most"):
        if not inner.has(needed):
            fields.problems.append(Problem(f"{name}.{needed}", "missing", "", "a number"))
    low, high = sorted(inner.number(name, 1.0, least=1, most=largest) for name in RANGE[:2])
    return OfferRange(low, high, inner.whole("count", default, least=1, most=most))


def _grid(wanted: Wanted, terms: Terms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    amounts, durations = wanted.amounts, wanted.durations
    return (
        default_amounts(terms) if amounts is None else np.round(amounts.values, 2),
        default_durations(terms) if durations is None else whole_durations(durations.values),
    )


def requested_content(terms: Terms, scores: Verdicts) -> dict[str, Any]:
    return {
        "amount": terms.amount,
        "annuity": terms.annuity,
        "duration": terms.duration,
        "rate": terms.rate,
        "assumes": terms.assumes,
        **verdict(scores, 0),
    }


def offer_content(offer: CounterOffer, *, most: int) -> dict[str, Any]:
    largest, shape = offer.largest(), (len(offer.amounts), len(offer.durations))
    decisions = np.array([offer.scores.decision(loan) for loan in range(len(offer.scores))])
    return {
        "amounts": offer.amounts.tolist(),
        "durations": [int(duration) for duration in offer.durations],
        # One list an amount, one entry a duration.
        "annuities": offer.annuities.reshape(shape).tolist(),
        "probabilities_of_default": offer.scores.default_probabilities.reshape(shape).tolist(),
        "decisions": decisions.reshape(shape).tolist(),
        "largest": None if largest is None else _loan(offer, largest),
        "nearest": [_loan(offer, loan) for loan in offer.nearest(most=most)],
    }


def _loan(offer: CounterOffer, loan: int) -> dict[str, Any]:
    return {
        "amount": offer.amount(loan),
        "duration": offer.duration(loan),
        "annuity": float(offer.annuities[loan]),
        "distance": float(offer.distance[loan]),
        **verdict(offer.scores, loan),
    }
